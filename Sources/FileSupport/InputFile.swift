import Foundation

/// A regular file open for reading: its size, and its bytes from any position.
package struct InputFile: ~Copyable {
    package let path: String
    package let size: Int
    private let descriptor: Int32

    package init(at path: String) throws(FileError) {
        // Without blocking: a pipe is refused below, not waited for.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw FileError(path: path, expected: "a readable file", code: errno)
        }
        var status = stat()
        var failure: FileError?
        if fstat(descriptor, &status) != 0 {
            failure = FileError(path: path, expected: "a readable file", code: errno)
        } else if status.st_mode & S_IFMT != S_IFREG {
            let kind = status.st_mode & S_IFMT == S_IFDIR ? "a folder" : "something else"
            failure = FileError(path: path, expected: "a file", found: kind)
        }
        if let failure {
            close(descriptor)
            throw failure
        }
        self.path = path
        self.descriptor = descriptor
        size = Int(status.st_size)
    }

    deinit { close(descriptor) }

    /// Fills the buffer with the bytes from `offset` on. Returns what went wrong, if anything, for
    /// the buffer's owner to throw.
    package func read(
        into buffer: UnsafeMutableRawBufferPointer, from offset: Int
    ) -> FileError? {
        var count = 0
        while count < buffer.count {
            let step = pread(
                descriptor, buffer.baseAddress! + count, buffer.count - count,
                off_t(offset + count))
            if step < 0 && errno == EINTR { continue }
            if step < 0 { return FileError(path: path, expected: "a readable file", code: errno) }
            if step == 0 {
                return FileError(
                    path: path, expected: "\(size) bytes", found: "\(offset + count) bytes")
            }
            count += step
        }
        return nil
    }

    /// Some of the file's bytes.
    package func bytes(_ range: Range<Int>) throws(FileError) -> [UInt8] {
        guard !range.isEmpty else { return [] }
        var failure: FileError?
        let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
            failure = read(into: UnsafeMutableRawBufferPointer(buffer), from: range.lowerBound)
            count = failure == nil ? range.count : 0
        }
        if let failure { throw failure }
        return bytes
    }
}
