import Autograd
import FileSupport

/// The bytes of regular files, decompressed if they are compressed.
enum FileReading {
    /// More than any file here needs; a larger file is refused, compressed or not, so that it
    /// cannot exhaust the memory.
    static let maximumSize = 4 << 30

    /// The bytes of the file, unchanged.
    static func bytes(of path: String) throws(FileError) -> [UInt8] {
        let file = try InputFile(at: path)
        guard file.size <= maximumSize else {
            throw FileError(
                path: path, expected: "at most \(maximumSize) bytes", found: "\(file.size) bytes")
        }
        return try file.bytes(0..<file.size)
    }

    /// The name of a file in lower case without `.gz`, which shows its format.
    static func plainName(_ path: String) -> String {
        let plain = path.lowercased()
        return plain.hasSuffix(".gz") ? String(plain.dropLast(3)) : plain
    }

    /// The first bytes of the file, at most `count`.
    static func start(of path: String, _ count: Int) throws(FileError) -> [UInt8] {
        let file = try InputFile(at: path)
        return try file.bytes(0..<min(file.size, count))
    }

    /// The bytes of the file; for a gzip file, its content.
    static func contents(of path: String) throws(FileError) -> [UInt8] {
        try decompressed(bytes(of: path), path: path)
    }

    /// The content of a gzip file; other bytes unchanged.
    static func decompressed(_ bytes: [UInt8], path: String) throws(FileError) -> [UInt8] {
        Gzip.isCompressed(bytes) ? try Gzip.decompress(bytes, path: path) : bytes
    }
}
