import Foundation
import Synchronization

/// Writing files whole or not at all.
public enum AtomicFile {
    private static let counter = Atomic<Int>(0)

    /// Writes the bytes to a file beside `path`, brings them to the disk, and
    /// only then gives that file the name `path`: whoever reads sees the old
    /// content or the new. When anything fails (a full disk, say), the old file
    /// stays as it was and the new one is removed.
    public static func write(_ bytes: [UInt8], to path: String) throws(DataError) {
        let url = URL(fileURLWithPath: path)
        let folder = url.deletingLastPathComponent().path
        let number = counter.add(1, ordering: .relaxed).newValue
        let name = ".\(url.lastPathComponent).\(getpid())-\(number).partial"
        let temporary = folder + "/" + name

        // Any process may have left such a file when it was killed.
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure(path, errno) }

        var code = write(bytes, to: descriptor)
        if code == 0 && fsync(descriptor) != 0 { code = errno }
        if close(descriptor) != 0 && code == 0 { code = errno }
        if code == 0 && rename(temporary, path) != 0 { code = errno }
        guard code == 0 else {
            unlink(temporary)
            throw failure(path, code)
        }
        synchronize(folder: folder)
    }

    /// Writes the text in UTF-8, see `write(_:to:)`.
    public static func write(_ text: String, to path: String) throws(DataError) {
        try write(Array(text.utf8), to: path)
    }

    private static func failure(_ path: String, _ code: Int32) -> DataError {
        DataError(path: path, expected: "to write the file", code: code)
    }

    /// Writes all bytes; returns 0 or the error's number.
    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
        bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let part = UnsafeRawBufferPointer(rebasing: rest)
                let count = Foundation.write(descriptor, part.baseAddress, part.count)
                if count < 0 && errno == EINTR { continue }
                if count < 0 { return errno }
                rest = rest.dropFirst(count)
            }
            return 0
        }
    }

    /// Brings the new name to the disk. Not every file system can; the content
    /// is safe either way, so a failure is none of ours.
    private static func synchronize(folder: String) {
        let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}
