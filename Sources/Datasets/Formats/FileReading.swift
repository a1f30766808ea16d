import Foundation

/// The bytes of regular files, decompressed where they are compressed.
enum FileReading {
    /// More than any file here needs; beyond it a file is refused rather than
    /// the machine brought to its knees, compressed or not.
    static let maximumSize = 4 << 30

    /// The bytes of the file, as they are.
    static func bytes(of path: String) throws(DataError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw DataError(path: path, expected: "a readable file", code: errno)
        }
        defer { close(descriptor) }

        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw DataError(path: path, expected: "a readable file", code: errno)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            let kind = status.st_mode & S_IFMT == S_IFDIR ? "a folder" : "something else"
            throw DataError(path: path, expected: "a file", found: kind)
        }
        let size = Int(status.st_size)
        guard size <= maximumSize else {
            throw DataError(
                path: path, expected: "at most \(maximumSize) bytes", found: "\(size) bytes")
        }

        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size {
                let step = read(descriptor, buffer.baseAddress! + count, size - count)
                if step < 0 && errno == EINTR { continue }
                if step < 0 { failure = errno }
                if step <= 0 { break }
                count += step
            }
        }
        guard failure == 0 else {
            throw DataError(path: path, expected: "a readable file", code: failure)
        }
        guard bytes.count == size else {
            throw DataError(
                path: path, expected: "\(size) bytes", found: "\(bytes.count) bytes")
        }
        return bytes
    }

    /// The bytes of the file; if it is a gzip file, what is in it.
    static func contents(of path: String) throws(DataError) -> [UInt8] {
        let bytes = try bytes(of: path)
        return Gzip.isCompressed(bytes) ? try Gzip.decompress(bytes, path: path) : bytes
    }
}
