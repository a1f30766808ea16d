/// CRC-32, the checksum of gzip, zlib's relatives and PNG (RFC 1952, section 8).
package struct Checksum: Sendable {
    private var remainder: UInt32 = ~0

    package init() {}

    /// The checksum of the bytes so far.
    package var value: UInt32 { ~remainder }

    /// Table k, entry n: the remainder of byte n followed by k zero bytes, for the reflected
    /// polynomial 0xEDB88320.
    private static let tables: [UInt32] = {
        var tables = [UInt32](repeating: 0, count: 8 * 256)
        for byte in 0..<256 {
            var remainder = UInt32(byte)
            for _ in 0..<8 {
                remainder = remainder & 1 == 1 ? remainder >> 1 ^ 0xEDB8_8320 : remainder >> 1
            }
            tables[byte] = remainder
        }
        for index in 256..<tables.count {
            let previous = tables[index - 256]
            tables[index] = previous >> 8 ^ tables[Int(previous & 0xFF)]
        }
        return tables
    }()

    /// Takes in the next bytes, eight at a time.
    package mutating func append(_ bytes: UnsafeRawBufferPointer) {
        // Sound: every load lies within `bytes` by the loops' conditions, every index into the
        // tables is a byte plus a multiple of 256 below 2048.
        remainder = Self.tables.withUnsafeBufferPointer { tables in
            let table = tables.baseAddress!
            var remainder = remainder
            var position = 0
            while bytes.count &- position >= 8 {
                let loaded = bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)
                let word = UInt64(littleEndian: loaded) ^ UInt64(remainder)
                remainder =
                    table[1792 &+ Int(word & 0xFF)]
                    ^ table[1536 &+ Int(word &>> 8 & 0xFF)]
                    ^ table[1280 &+ Int(word &>> 16 & 0xFF)]
                    ^ table[1024 &+ Int(word &>> 24 & 0xFF)]
                remainder ^=
                    table[768 &+ Int(word &>> 32 & 0xFF)]
                    ^ table[512 &+ Int(word &>> 40 & 0xFF)]
                    ^ table[256 &+ Int(word &>> 48 & 0xFF)]
                    ^ table[Int(word &>> 56)]
                position &+= 8
            }
            while position < bytes.count {
                remainder =
                    remainder &>> 8 ^ table[Int((remainder ^ UInt32(bytes[position])) & 0xFF)]
                position &+= 1
            }
            return remainder
        }
    }

    package mutating func append(_ bytes: [UInt8]) { bytes.withUnsafeBytes { append($0) } }
}
