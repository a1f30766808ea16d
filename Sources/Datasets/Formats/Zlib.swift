import Autograd
import FileSupport

/// The zlib data format (RFC 1950), as used by PNG.
enum Zlib {
    /// The content of the stream. The checksum is verified, and nothing may follow.
    static func decompress(
        _ bytes: [UInt8], path: String, limit: Int = FileReading.maximumSize
    ) throws(FileError) -> [UInt8] {
        guard bytes.count >= 6 else {
            throw FileError(path: path, expected: "a zlib stream", found: "\(bytes.count) bytes")
        }
        let header = UInt16(bytes[0]) << 8 | UInt16(bytes[1])
        guard header >> 8 & 0x0F == 8, header >> 12 <= 7, header % 31 == 0, header & 0x20 == 0
        else {
            throw FileError(
                path: path, expected: "a zlib header without dictionary",
                found: header.hexadecimal)
        }
        var inflater = Inflater(limit: limit, path: path)
        // Sound: the buffer is only used within the closure.
        let end = try bytes.withUnsafeBufferPointer { input throws(FileError) in
            try inflater.inflate(input, from: 2)
        }
        guard bytes.count == end + 4 else {
            throw FileError(
                path: path, expected: "4 bytes of checksum after the zlib stream",
                found: "\(bytes.count - end)")
        }
        let stored = bytes[end...].reduce(0 as UInt32) { $0 << 8 | UInt32($1) }
        let computed = inflater.withBytes(from: 0) { Checksum.adler32($0) }
        guard stored == computed else {
            throw FileError(
                path: path, expected: "Adler-32 \(stored.hexadecimal)", found: computed.hexadecimal)
        }
        return inflater.bytes
    }

    /// The bytes as a compressed stream.
    static func compress(_ bytes: [UInt8]) -> [UInt8] {
        let checksum = bytes.withUnsafeBytes { Checksum.adler32($0) }
        // Window of 32 KiB; the check makes the header a multiple of 31.
        return [0x78, 0x9C] + Deflater.deflate(bytes) + checksum.bigEndianBytes
    }
}
