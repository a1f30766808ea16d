import Autograd
import FileSupport
import Foundation
import Testing

@testable import Datasets

@Suite struct FileReadingTests {
    @Test func refuses() throws {
        try withTemporaryFolder { folder in
            expectError(folder + "/none", "a readable file", "No such file") {
                try FileReading.bytes(of: folder + "/none")
            }
            expectError(folder, "a file", "a folder") { try FileReading.bytes(of: folder) }
        }
        expectError("something else") { try FileReading.bytes(of: "/dev/null") }
    }

    @Test(.enabled(if: geteuid() != 0, "the superuser may read everything"))
    func unreadable() throws {
        try withTemporaryFolder { folder in
            try AtomicFile.write("secret", to: folder + "/a")
            chmod(folder + "/a", 0)
            expectError("a readable file", "Permission denied") {
                try FileReading.bytes(of: folder + "/a")
            }
        }
    }

    /// A file of 5 GB that takes no room on the disk.
    @Test func tooLarge() throws {
        try withTemporaryFolder { folder in
            try AtomicFile.write("", to: folder + "/a")
            try #require(truncate(folder + "/a", 5 << 30) == 0)
            expectError("at most 4294967296 bytes", "5368709120 bytes") {
                try FileReading.bytes(of: folder + "/a")
            }
        }
    }

    @Test func contents() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/a"
            for bytes in [[], [7], GzipTests.text] as [[UInt8]] {
                try AtomicFile.write(bytes, to: path)
                #expect(try FileReading.contents(of: path) == bytes)
            }
            try AtomicFile.write(GzipTests.coded, to: path)
            #expect(try FileReading.contents(of: path) == GzipTests.text)
        }
    }
}

@Suite struct AtomicFileTests {
    @Test func replaces() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/a"
            for text in ["first", "second and longer", ""] {
                try AtomicFile.write(text, to: path)
                #expect(try FileReading.bytes(of: path) == Array(text.utf8))
                #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a"])
            }
        }
    }

    @Test func refuses() throws {
        try withTemporaryFolder { folder in
            expectError(folder + "/none/a", "to write the file", "No such file") {
                try AtomicFile.write("text", to: folder + "/none/a")
            }
            let occupied = folder + "/folder"
            try FileManager.default.createDirectory(
                atPath: occupied, withIntermediateDirectories: false)
            expectError(occupied, "to write the file") {
                try AtomicFile.write("text", to: occupied)
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["folder"])
        }
    }

    /// A write that fails half-way, here for a limit on the size of files, as on a full disk.
    @Test func leavesTheOldFile() async {
        await #expect(processExitsWith: .success) {
            try withTemporaryFolder { folder in
                let path = folder + "/a"
                try AtomicFile.write("old", to: path)
                signal(SIGXFSZ, SIG_IGN)
                var limit = rlimit(rlim_cur: 100_000, rlim_max: 100_000)
                #if canImport(Glibc)
                    let kind = __rlimit_resource_t(RLIMIT_FSIZE.rawValue)
                #else
                    let kind = RLIMIT_FSIZE
                #endif
                guard setrlimit(kind, &limit) == 0 else { exit(2) }
                do {
                    try AtomicFile.write([UInt8](repeating: 1, count: 1_000_000), to: path)
                    exit(3)
                } catch let error as FileError {
                    guard error.description.contains("\(path): expected to write the file"),
                        error.description.contains("File too large")
                    else { exit(4) }
                }
                guard try FileReading.bytes(of: path) == Array("old".utf8),
                    try FileManager.default.contentsOfDirectory(atPath: folder) == ["a"]
                else { exit(5) }
            }
        }
    }
}
