import Autograd
import FileSupport

/// The ZIP file format (PKWARE's APPNOTE 6.3), as NumPy writes it: files that are stored or
/// deflated, in one part, without encryption, of less than 4 GiB.
struct Zip {
    /// A file in the archive.
    struct Entry {
        let name: String
        fileprivate let method: UInt16
        fileprivate let checksum: UInt32
        fileprivate let compressedSize: Int
        fileprivate let size: Int
        fileprivate let start: Int
    }

    let entries: [Entry]
    private let bytes: [UInt8]
    private let path: String

    /// Whether the bytes begin like an archive that contains a file.
    static func isArchive(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x50, 0x4B, 3, 4]) }

    /// - Parameter path: the archive, named in errors.
    init(_ bytes: [UInt8], path: String) throws(FileError) {
        self.bytes = bytes
        self.path = path
        entries = try Self.directory(bytes, path: path)
    }

    /// The content of a file; its checksum is verified.
    func contents(
        of entry: Entry, limit: Int = FileReading.maximumSize
    ) throws(FileError) -> [UInt8] {
        let place = "\(path) (\(entry.name))"
        // The name and extra fields here may differ in length from those in the directory.
        guard entry.start <= bytes.count - 30, Self.signature(bytes, at: entry.start) == 0x0403_4B50
        else {
            throw FileError(path: place, expected: "a file in the archive", found: "other bytes")
        }
        let start =
            entry.start + 30 + Self.number(bytes, at: entry.start + 26)
            + Self.number(bytes, at: entry.start + 28)
        guard start <= bytes.count, entry.compressedSize <= bytes.count - start else {
            throw FileError(
                path: place, expected: "\(entry.compressedSize) bytes", found: "the end of the file"
            )
        }
        let packed = bytes[start..<start + entry.compressedSize]
        guard entry.size <= limit else {
            throw FileError(
                path: place, expected: "at most \(limit) bytes", found: "\(entry.size) bytes")
        }
        let content: [UInt8]
        switch entry.method {
        case 0: content = Array(packed)
        case 8:
            var inflater = Inflater(limit: entry.size, path: place)
            // Sound: the buffer is only used within the closure.
            _ = try packed.withUnsafeBufferPointer { input throws(FileError) in
                try inflater.inflate(input, from: 0)
            }
            content = inflater.bytes
        default:
            throw FileError(
                path: place, expected: "a file that is stored or deflated",
                found: "method \(entry.method)")
        }
        let checksum = content.withUnsafeBytes { Checksum.crc32($0) }
        guard content.count == entry.size, checksum == entry.checksum else {
            throw FileError(
                path: place,
                expected: "\(entry.size) bytes with CRC-32 \(entry.checksum.hexadecimal)",
                found: "\(content.count) with \(checksum.hexadecimal)")
        }
        return content
    }

    // MARK: Directory

    private static func number(_ bytes: [UInt8], at position: Int) -> Int {
        Int(bytes[position]) | Int(bytes[position + 1]) << 8
    }

    private static func signature(_ bytes: [UInt8], at position: Int) -> UInt32 {
        words(bytes, from: position, count: 1, bigEndian: false)[0]
    }

    private static func directory(
        _ bytes: [UInt8], path: String
    ) throws(FileError) -> [Entry] {
        // The record at the end may be followed by a comment.
        let last = bytes.count - 22
        let first = max(0, last - 0xFFFF)
        guard last >= 0,
            let end = (first...last).last(where: { signature(bytes, at: $0) == 0x0605_4B50 })
        else {
            throw FileError(
                path: path, expected: "an archive with a directory at its end",
                found: bytes.isEmpty ? "an empty file" : "none")
        }
        let count = number(bytes, at: end + 10)
        var position = Int(signature(bytes, at: end + 16))
        var entries: [Entry] = []
        for _ in 0..<count {
            guard position <= end - 46, signature(bytes, at: position) == 0x0201_4B50 else {
                throw FileError(
                    path: path, expected: "a directory of \(count) files",
                    found: "\(entries.count)")
            }
            let nameLength = number(bytes, at: position + 28)
            let next =
                position + 46 + nameLength + number(bytes, at: position + 30)
                + number(bytes, at: position + 32)
            guard next <= end else {
                throw FileError(
                    path: path, expected: "a complete directory of files",
                    found: "an entry that runs past its end")
            }
            guard number(bytes, at: position + 8) & 1 == 0 else {
                throw FileError(
                    path: path, expected: "files without encryption", found: "an encrypted one")
            }
            let sizes: [UInt32] = words(bytes, from: position + 16, count: 3, bigEndian: false)
            let name = bytes[position + 46..<position + 46 + nameLength]
            entries.append(
                Entry(
                    name: String(decoding: name, as: UTF8.self),
                    method: UInt16(truncatingIfNeeded: number(bytes, at: position + 10)),
                    checksum: sizes[0], compressedSize: Int(sizes[1]), size: Int(sizes[2]),
                    start: Int(signature(bytes, at: position + 42))))
            position = next
        }
        return entries
    }
}
