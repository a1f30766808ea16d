import Autograd
import FileSupport

/// The bytes of regular files, decompressed where they are compressed.
enum FileReading {
    /// More than any file here needs; beyond it a file is refused rather than
    /// the machine brought to its knees, compressed or not.
    static let maximumSize = 4 << 30

    /// The bytes of the file, as they are.
    static func bytes(of path: String) throws(FileError) -> [UInt8] {
        let file = try InputFile(at: path)
        guard file.size <= maximumSize else {
            throw FileError(
                path: path, expected: "at most \(maximumSize) bytes", found: "\(file.size) bytes")
        }
        return try file.bytes(0..<file.size)
    }

    /// The name of a file without capitals and `.gz`, which tells what is in it.
    static func plainName(_ path: String) -> String {
        let plain = path.lowercased()
        return plain.hasSuffix(".gz") ? String(plain.dropLast(3)) : plain
    }

    /// The first bytes of the file, at most so many.
    static func start(of path: String, _ count: Int) throws(FileError) -> [UInt8] {
        let file = try InputFile(at: path)
        return try file.bytes(0..<min(file.size, count))
    }

    /// The bytes of the file; if it is a gzip file, what is in it.
    static func contents(of path: String) throws(FileError) -> [UInt8] {
        try decompressed(bytes(of: path), path: path)
    }

    /// What is in a gzip file; the bytes as they are where they are none.
    static func decompressed(_ bytes: [UInt8], path: String) throws(FileError) -> [UInt8] {
        Gzip.isCompressed(bytes) ? try Gzip.decompress(bytes, path: path) : bytes
    }
}
