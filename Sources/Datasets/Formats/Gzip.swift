import Autograd
import FileSupport

/// The gzip file format (RFC 1952).
enum Gzip {
    /// Whether the bytes begin like a gzip file.
    static func isCompressed(_ bytes: [UInt8]) -> Bool {
        // Sound: the buffer is only used within the closure.
        bytes.withUnsafeBufferPointer { isMember($0, at: 0) }
    }

    private static func isMember(_ input: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
        input.count - start >= 2 && input[start] == 0x1F && input[start + 1] == 0x8B
    }

    /// The content of the file, with all members joined. Checksums and lengths are verified. Zeros
    /// may follow a member, as tapes and disks fill blocks with them. Whatever else is no member,
    /// behind a whole one, is ignored, as by gunzip.
    static func decompress(
        _ bytes: [UInt8], path: String, limit: Int = FileReading.maximumSize
    ) throws(FileError) -> [UInt8] {
        var inflater = Inflater(limit: limit, path: path)
        // Sound: the buffer is only used within the closure.
        try bytes.withUnsafeBufferPointer { input throws(FileError) in
            var position = 0
            repeat {
                position = try header(input, from: position, path: path)
                let start = inflater.count
                position = try inflater.inflate(input, from: position)
                position = try trailer(
                    input, from: position, length: inflater.count - start,
                    checksum: inflater.withBytes(from: start) { Checksum.crc32($0) }, path: path)
                while position < input.count, input[position] == 0 { position += 1 }
            } while isMember(input, at: position)
        }
        return inflater.bytes
    }

    /// Reads a member's header; returns the position after it.
    private static func header(
        _ input: UnsafeBufferPointer<UInt8>, from start: Int, path: String
    ) throws(FileError) -> Int {
        let truncated = FileError(
            path: path, expected: "a whole gzip header", found: "the end of the file")
        guard isMember(input, at: start) else {
            throw FileError(
                path: path, expected: "a gzip file", found: "\(input.count) other bytes")
        }
        guard input.count - start >= 10 else { throw truncated }
        let flags = input[start + 3]
        guard input[start + 2] == 8, flags & 0xE0 == 0 else {
            throw FileError(
                path: path, expected: "gzip method 8 with known flags",
                found: "method \(input[start + 2]), flags \(flags.hexadecimal)")
        }
        var position = start + 10
        if flags & 4 != 0 {
            guard input.count - position >= 2 else { throw truncated }
            position += 2 + Int(input[position]) + Int(input[position + 1]) << 8
        }
        for flag: UInt8 in [8, 16] where flags & flag != 0 {
            guard position < input.count, let end = input[position...].firstIndex(of: 0) else {
                throw truncated
            }
            position = end + 1
        }
        if flags & 2 != 0 {
            guard input.count - position >= 2 else { throw truncated }
            let stored = UInt16(input[position]) | UInt16(input[position + 1]) << 8
            let computed = UInt16(
                truncatingIfNeeded: Checksum.crc32(
                    UnsafeRawBufferPointer(
                        rebasing: UnsafeRawBufferPointer(input)[start..<position]
                    )))
            guard stored == computed else {
                throw FileError(
                    path: path, expected: "gzip header checksum \(stored.hexadecimal)",
                    found: computed.hexadecimal)
            }
            position += 2
        }
        guard position <= input.count else { throw truncated }
        return position
    }

    /// Compares a member's length and checksum with its trailer; returns the position after it.
    private static func trailer(
        _ input: UnsafeBufferPointer<UInt8>, from position: Int, length: Int, checksum: UInt32,
        path: String
    ) throws(FileError) -> Int {
        guard input.count - position >= 8 else {
            throw FileError(
                path: path, expected: "8 bytes of gzip checksum and length",
                found: "\(input.count - position)")
        }
        let raw = UnsafeRawBufferPointer(input)
        let storedChecksum = UInt32(
            littleEndian: raw.loadUnaligned(fromByteOffset: position, as: UInt32.self))
        let storedLength = UInt32(
            littleEndian: raw.loadUnaligned(fromByteOffset: position + 4, as: UInt32.self))
        guard storedLength == UInt32(truncatingIfNeeded: length) else {
            throw FileError(
                path: path, expected: "\(storedLength) decompressed bytes", found: "\(length)")
        }
        guard storedChecksum == checksum else {
            throw FileError(
                path: path, expected: "CRC-32 \(storedChecksum.hexadecimal)",
                found: checksum.hexadecimal)
        }
        return position + 8
    }
}
