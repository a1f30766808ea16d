import Autograd
import FileSupport

/// The PNG format (ISO/IEC 15948): files, their chunks and checksums. The pixels inside are handled
/// by `PNGPixels`.
public enum PNG {
    static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    /// Reads a file of any colour type and depth, interlaced or not.
    ///
    /// Colour and palettes give three channels, grey gives one; 16 bits are rounded to 8;
    /// transparency is ignored.
    public static func read(_ path: String) throws(FileError) -> Image {
        try decode(FileReading.bytes(of: path), path: path)
    }

    /// Writes the image with 8 bits per channel.
    public static func write(_ image: Image, to path: String) throws(FileError) {
        try AtomicFile.write(encode(image), to: path)
    }

    /// The bytes of a PNG file of the image.
    public static func encode(_ image: Image) -> [UInt8] {
        signature + header(of: image) + chunk("IDAT", compressed(image)) + chunk("IEND", [])
    }

    /// The chunk IHDR of an image.
    static func header(of image: Image) -> [UInt8] {
        let size = UInt32(image.width).bigEndianBytes + UInt32(image.height).bigEndianBytes
        let colourType: UInt8 = image.channels == 3 ? 2 : 0
        return chunk("IHDR", size + [8, colourType, 0, 0, 0])
    }

    /// The pixels of an image as they stand in a file.
    static func compressed(_ image: Image) -> [UInt8] {
        Zlib.compress(PNGFilter.filtered(image))
    }

    /// A chunk with its length and its checksum.
    static func chunk(_ type: String, _ content: [UInt8]) -> [UInt8] {
        let checked = Array(type.utf8) + content
        return UInt32(content.count).bigEndianBytes + checked
            + Checksum.crc32(checked).bigEndianBytes
    }

    // MARK: Reading

    /// Whether the bytes begin like such a file.
    static func isImage(_ start: [UInt8]) -> Bool { start.starts(with: signature) }

    static func decode(_ bytes: [UInt8], path: String) throws(FileError) -> Image {
        let parts = try parts(of: bytes, path: path)
        return try parts.header.image(
            from: parts.compressed, palette: parts.palette, path: path)
    }

    /// The image with 16 bits per channel, of which a file may have fewer.
    static func decodeDeep(_ bytes: [UInt8], path: String) throws(FileError) -> DeepImage {
        let parts = try parts(of: bytes, path: path)
        return try parts.header.deepImage(
            from: parts.compressed, palette: parts.palette, path: path)
    }

    private static func parts(
        of bytes: [UInt8], path: String
    ) throws(FileError) -> (header: PNGHeader, compressed: [UInt8], palette: [UInt8]?) {
        guard isImage(bytes) else {
            throw FileError(
                path: path, expected: "a PNG file",
                found: bytes.isEmpty ? "an empty file" : "something else")
        }
        var position = signature.count
        var header: PNGHeader?
        var palette: [UInt8]?
        var compressed: [UInt8] = []
        while true {
            let (type, content) = try chunk(bytes, at: position, path: path)
            position += 12 + content.count
            if header == nil && type != "IHDR" {
                throw FileError(path: path, expected: "the chunk IHDR first", found: type.quoted)
            }
            switch type {
            case "IHDR":
                guard header == nil else {
                    throw FileError(path: path, expected: "one chunk IHDR", found: "two")
                }
                header = try PNGHeader(Array(content), path: path)
            case "PLTE":
                guard palette == nil, (3...768).contains(content.count), content.count % 3 == 0
                else {
                    throw FileError(
                        path: path, expected: "one palette of 1 to 256 colours",
                        found: "another of \(content.count) bytes")
                }
                palette = Array(content)
            case "IDAT": compressed += content
            case "IEND":
                guard position == bytes.count else {
                    throw FileError(
                        path: path, expected: "the end of the file after the chunk IEND",
                        found: "\(bytes.count - position) more bytes")
                }
                // Sound: no other chunk is read before the header.
                return (header!, compressed, palette)
            default:
                // An upper-case first letter: a chunk that must be understood.
                if type.first?.isUppercase == true {
                    throw FileError(
                        path: path, expected: "the chunks IHDR, PLTE, IDAT, IEND",
                        found: type.quoted)
                }
            }
        }
    }

    private static func chunk(
        _ bytes: [UInt8], at position: Int, path: String
    ) throws(FileError) -> (type: String, content: ArraySlice<UInt8>) {
        guard bytes.count - position >= 12 else {
            throw FileError(
                path: path, expected: "another PNG chunk at byte \(position)",
                found: "\(bytes.count - position) bytes")
        }
        let length = Int(
            words(bytes, from: position, count: 1, bigEndian: true, as: UInt32.self)[0])
        guard length <= bytes.count - position - 12 else {
            throw FileError(
                path: path, expected: "a PNG chunk of \(length) bytes at byte \(position)",
                found: "\(bytes.count - position - 12) bytes")
        }
        let checked = bytes[position + 4..<position + 8 + length]
        let type = String(decoding: checked.prefix(4), as: UTF8.self)
        let stored = words(
            bytes, from: position + 8 + length, count: 1, bigEndian: true, as: UInt32.self)[0]
        let computed = checked.withUnsafeBytes { Checksum.crc32($0) }
        guard stored == computed else {
            throw FileError(
                path: path, expected: "CRC-32 \(stored.hexadecimal) of the chunk \(type.quoted)",
                found: computed.hexadecimal)
        }
        return (type, checked.dropFirst(4))
    }
}
