import Foundation
import Synchronization

/// A file that is written completely or not at all.
///
/// The bytes go to a temporary file next to the named one, are synchronized to disk, and only then
/// get its name: a reader sees the old content or the new. If anything fails (a full disk, say),
/// the old file stays as it was and the new one is removed.
package struct AtomicFile: ~Copyable {
    private let path: String
    private let temporary: String
    /// −1 once the file has its final name.
    private var descriptor: Int32
    /// The first failure. After it nothing more is written, and ``commit()`` throws.
    private var code: Int32 = 0

    /// The suffix of unfinished files. One is left behind if the process is killed.
    private static let unfinishedSuffix = ".partial"
    private static let counter = Atomic<Int>(0)
    /// The unfinished files of this process.
    private static let open = Mutex<Set<String>>([])

    /// Starts writing the file at `path`.
    package init(at path: String) throws(FileError) {
        let url = URL(fileURLWithPath: path)
        let number = Self.counter.wrappingAdd(1, ordering: .relaxed).newValue
        let name = ".\(url.lastPathComponent).\(getpid())-\(number)\(Self.unfinishedSuffix)"
        let temporary = url.deletingLastPathComponent().path + "/" + name

        let (descriptor, code) = Self.open.withLock { open in
            // A killed process with the same id may have left such a file.
            unlink(temporary)
            let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC
            let descriptor = Foundation.open(temporary, flags, 0o644)
            let code = errno
            if descriptor >= 0 { open.insert(temporary) }
            return (descriptor, code)
        }
        guard descriptor >= 0 else { throw Self.failure(path, code) }
        self.path = path
        self.temporary = temporary
        self.descriptor = descriptor
    }

    /// Writes the next bytes. A failure is kept, and thrown by ``commit()``.
    package mutating func append(_ bytes: UnsafeRawBufferPointer) {
        var rest = bytes[...]
        while !rest.isEmpty, code == 0 {
            let part = UnsafeRawBufferPointer(rebasing: rest)
            let count = Foundation.write(descriptor, part.baseAddress, part.count)
            if count < 0 && errno == EINTR { continue }
            if count < 0 { code = errno }
            rest = rest.dropFirst(max(count, 0))
        }
    }

    /// Synchronizes the bytes to disk and gives the file its final name.
    package consuming func commit() throws(FileError) {
        if code == 0 && fsync(descriptor) != 0 { code = errno }
        if code == 0 && rename(temporary, path) != 0 { code = errno }
        guard code == 0 else { throw Self.failure(path, code) }
        close(descriptor)
        descriptor = -1
        Self.forget(temporary)
        Self.synchronizeFolder(of: path)
    }

    deinit {
        guard descriptor >= 0 else { return }
        close(descriptor)
        unlink(temporary)
        Self.forget(temporary)
    }

    private static func forget(_ temporary: String) {
        open.withLock { _ = $0.remove(temporary) }
    }

    /// Ends the process at once, and removes its unfinished files.
    package static func exitAbandoning(status: Int32) -> Never {
        open.withLock { open in
            for temporary in open { unlink(temporary) }
            // While holding the lock, so that no new file is started.
            _exit(status)
        }
    }

    /// Writes a file with these bytes.
    package static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
        var file = try AtomicFile(at: path)
        bytes.withUnsafeBytes { file.append($0) }
        try file.commit()
    }

    /// Writes a file with this text, in UTF-8.
    package static func write(_ text: String, to path: String) throws(FileError) {
        try write(Array(text.utf8), to: path)
    }

    /// Removes the files that a process left in a folder when it was killed while writing.
    package static func removeUnfinished(in folder: String) throws(FileError) {
        for name in try namesInFolder(at: folder)
        where name.hasPrefix(".") && name.hasSuffix(unfinishedSuffix) {
            unlink(folder + "/" + name)
        }
    }

    private static func failure(_ path: String, _ code: Int32) -> FileError {
        FileError(path: path, expected: "to write the file", code: code)
    }

    /// Synchronizes the new name to disk. Not every file system can; the content is safe either
    /// way, so a failure is ignored.
    private static func synchronizeFolder(of path: String) {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let descriptor = Foundation.open(folder, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}
