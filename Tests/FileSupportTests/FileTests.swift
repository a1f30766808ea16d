import Foundation
import Testing

@testable import FileSupport

@Suite struct FileTests {
    private let folder = NSTemporaryDirectory() + "tapestry-tests-" + UUID().uuidString

    private func withFolder(_ body: (String) throws -> Void) throws {
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder)
    }

    @Test func aFileAppearsWhole() throws {
        try withFolder { folder in
            let path = folder + "/file"
            try AtomicFile.write("old", to: path)
            var file = try AtomicFile(at: path)
            Array("new".utf8).withUnsafeBytes { file.append($0) }
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
            try file.commit()
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "new")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["file"])
        }
    }

    @Test func anAbandonedFileLeavesNothing() throws {
        try withFolder { folder in
            do {
                var file = try AtomicFile(at: folder + "/file")
                [1, 2, 3].withUnsafeBytes { file.append($0) }
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
        }
    }

    @Test func errorsNameThePath() throws {
        try withFolder { folder in
            let error = #expect(throws: FileError.self) {
                try AtomicFile.write("text", to: folder + "/no folder/file")
            }
            #expect(error?.path == folder + "/no folder/file")
            #expect(throws: FileError.self) { _ = try InputFile(at: folder) }
            #expect(throws: FileError.self) { _ = try InputFile(at: folder + "/none") }
        }
    }

    @Test func partsOfAFileAreRead() throws {
        try withFolder { folder in
            let path = folder + "/file"
            try AtomicFile.write([0, 1, 2, 3, 4], to: path)
            let file = try InputFile(at: path)
            #expect(file.size == 5)
            #expect(try file.bytes(1..<3) == [1, 2])
            #expect(throws: FileError.self) { try file.bytes(3..<6) }
        }
    }

    @Test func aFolderIsLockedOnce() throws {
        try withFolder { folder in
            do {
                let lock = try FolderLock(folder)
                #expect(throws: FileError.self) { try FolderLock(folder) }
                withExtendedLifetime(lock) {}
            }
            #expect(throws: Never.self) { try FolderLock(folder) }
        }
    }
}
