/// The checksums of the gzip, zlib and PNG formats.
package enum Checksum {
    /// Table k, entry n: the remainder of byte n followed by k zero bytes,
    /// for the reflected polynomial 0xEDB88320 (RFC 1952, section 8).
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

    /// CRC-32 of the bytes, eight at a time. `seed` is the CRC-32 of the bytes before.
    package static func crc32(_ bytes: UnsafeRawBufferPointer, seed: UInt32 = 0) -> UInt32 {
        // Sound: every load below lies within `bytes` by the loops' conditions,
        // every index into the tables is a byte plus a multiple of 256 below 2048.
        tables.withUnsafeBufferPointer { tables in
            let table = tables.baseAddress!
            var remainder = ~seed
            var position = 0
            while bytes.count &- position >= 8 {
                let word =
                    UInt64(
                        littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)
                    ) ^ UInt64(remainder)
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
            return ~remainder
        }
    }

    package static func crc32(_ bytes: some Sequence<UInt8>, seed: UInt32 = 0) -> UInt32 {
        Array(bytes).withUnsafeBytes { crc32($0, seed: seed) }
    }

    /// Adler-32 of the bytes (RFC 1950, section 8).
    package static func adler32(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        var low: UInt32 = 1
        var high: UInt32 = 0
        var position = 0
        while position < bytes.count {
            // The most bytes for which neither sum can overflow 32 bits.
            let end = min(position + 5552, bytes.count)
            while position < end {
                low &+= UInt32(bytes[position])
                high &+= low
                position &+= 1
            }
            low %= 65521
            high %= 65521
        }
        return high << 16 | low
    }
}
