import Autograd
import FileSupport
import Foundation
import Testing

@testable import Datasets

@Suite struct ChecksumTests {
    @Test func knownValues() {
        #expect(Checksum.crc32(Array("123456789".utf8)) == 0xCBF4_3926)
        #expect(Checksum.crc32([]) == 0)
        let name = Array("Wikipedia".utf8)
        #expect(name.withUnsafeBytes { Checksum.adler32($0) } == 0x11E6_0398)
    }

    /// Bit by bit, as the polynomial division is defined.
    @Test func eightAtATimeIsOneAtATime() {
        var random = SplitMix(seed: 1)
        for count in 0..<40 {
            let bytes = random.bytes(count)
            var remainder: UInt32 = ~0
            for byte in bytes {
                remainder ^= UInt32(byte)
                for _ in 0..<8 {
                    remainder = remainder & 1 == 1 ? remainder >> 1 ^ 0xEDB8_8320 : remainder >> 1
                }
            }
            #expect(Checksum.crc32(bytes) == ~remainder)
            let split = count / 3
            let continued = bytes[split...].withUnsafeBytes {
                Checksum.crc32($0, seed: Checksum.crc32(bytes[..<split]))
            }
            #expect(continued == ~remainder)
        }
    }

    @Test func longAdler() {
        var low = 1
        var high = 0
        let bytes = [UInt8](repeating: 255, count: 100_000)
        for byte in bytes {
            low = (low + Int(byte)) % 65521
            high = (high + low) % 65521
        }
        #expect(bytes.withUnsafeBytes { Checksum.adler32($0) } == UInt32(high << 16 | low))
    }
}

/// Streams made by zlib 1.2.13.
@Suite struct GzipTests {
    static let text = Array(
        """
        It was the best of times, it was the worst of times, it was the age of wisdom, \
        it was the age of foolishness
        """.utf8)
    static let coded = base64(
        """
        H4sIAAAAAAACA/MsUShPLFYoyUhVSEotLlHIT1MoycxNLdZRyETIlOcX4ZJKTE8FSZRnFqfk52KTScvPz8ksz\
        shLLS4GAL/ZWnpsAAAA
        """)
    static let stored = base64(
        """
        H4sIAAAAAAAEAwFsAJP/SXQgd2FzIHRoZSBiZXN0IG9mIHRpbWVzLCBpdCB3YXMgdGhlIHdvcnN0IG9mIHRpb\
        WVzLCBpdCB3YXMgdGhlIGFnZSBvZiB3aXNkb20sIGl0IHdhcyB0aGUgYWdlIG9mIGZvb2xpc2huZXNzv9laem\
        wAAAA=
        """)
    /// With an extra field, a name, a comment and a checksum in the header.
    static let described = base64(
        """
        H4sIHwAAAAAAAwUAZXh0cmFuYW1lLnR4dABhIGNvbW1lbnQAOj3zLFEoTyxWKMlIVUhKLS5RyE9TKMnMTS3WU\
        chEyJTnF+GSSkxPBUmUZxan5Odik0nLz8/JLM7ISy0uBgC/2Vp6bAAAAA==
        """)
    static let empty = base64("H4sIAAAAAAACAwMAAAAAAAAAAAA=")
    static let streams = [coded, stored, described, empty]

    static func decode(_ bytes: [UInt8]) throws(FileError) -> [UInt8] {
        try Gzip.decompress(bytes, path: "file.gz")
    }

    @Test func knownStreams() throws {
        #expect(try Self.decode(Self.coded) == Self.text)
        #expect(try Self.decode(Self.stored) == Self.text)
        #expect(try Self.decode(Self.described) == Self.text)
        #expect(try Self.decode(Self.empty) == [])
    }

    @Test func members() throws {
        let all = Self.streams.flatMap { $0 }
        #expect(try Self.decode(all) == Self.text + Self.text + Self.text)
    }

    @Test(arguments: streams) func truncated(_ stream: [UInt8]) {
        expectTruncationsThrow(stream, Self.decode)
    }

    @Test(arguments: streams) func flipped(_ stream: [UInt8]) throws {
        try expectFlipsHarmless(stream, Self.decode)
    }

    /// As by gunzip, zeros are padding, and what is no member is ignored behind a whole one.
    @Test(arguments: [
        [0], [UInt8](repeating: 0, count: 1000), [0x1F], [0, 7, 0x1F, 0x8B], [9, 9],
    ])
    func trailingBytes(_ rest: [UInt8]) throws {
        #expect(try Self.decode(Self.coded + rest) == Self.text)
        #expect(try Self.decode(Self.coded + Self.stored + rest) == Self.text + Self.text)
    }

    @Test func memberAfterPadding() throws {
        #expect(try Self.decode(Self.coded + [0, 0, 0] + Self.coded) == Self.text + Self.text)
        // A member that is not whole is no garbage.
        expectError("gzip header") { try Self.decode(Self.coded + [0x1F, 0x8B, 8]) }
        expectError("a gzip file") { try Self.decode([0, 0] + Self.coded) }
        for length in 2..<Self.stored.count {
            #expect(throws: FileError.self) {
                try Self.decode(Self.coded + Self.stored[..<length])
            }
        }
    }

    /// The second member's first match reaches back into the first member.
    @Test func matchAcrossMembers() {
        var writer = BitWriter()
        for bit in "1100000001000000000000" { writer.append(bit == "1" ? 1 : 0, bits: 1) }
        let stream = writer.finished() + [UInt8](repeating: 0, count: 8)
        expectError("a match 1 bytes back at byte 0") {
            try Self.decode(Self.coded + Self.coded[..<10] + stream)
        }
    }

    @Test func unknownHeaders() {
        for (position, value) in [(2, 7), (3, 0x20), (3, 0x80)] as [(Int, UInt8)] {
            var stream = Self.coded
            stream[position] = value
            expectError("method 8 with known flags") { try Self.decode(stream) }
        }
    }

    @Test func limit() throws {
        let count = Self.text.count
        #expect(try Gzip.decompress(Self.coded, path: "", limit: count) == Self.text)
        expectError("at most \(count - 1) decompressed bytes") {
            try Gzip.decompress(Self.coded, path: "", limit: count - 1)
        }
        expectError("at most \(count - 1) decompressed bytes") {
            try Gzip.decompress(Self.stored, path: "", limit: count - 1)
        }
    }

    /// A stream that would be 100 MB is stopped at a hundredth of it.
    @Test func bomb() {
        let long = [UInt8](repeating: 0, count: 1 << 20)
        let stream = Deflater.deflate(long)
        let member =
            [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3] + stream
            + Checksum.crc32(long).littleEndianBytes + UInt32(long.count).littleEndianBytes
        let bomb = [[UInt8]](repeating: member, count: 100).flatMap { $0 }
        expectError("at most 1000000 decompressed bytes") {
            try Gzip.decompress(bomb, path: "", limit: 1_000_000)
        }
    }
}

@Suite struct InflateTests {
    /// Decompresses a stream written bit by bit, as text of 0 and 1 in the order
    /// they are sent.
    func inflate(_ bits: String, limit: Int = 1 << 20) throws -> [UInt8] {
        var writer = BitWriter()
        for bit in bits where bit != " " { writer.append(bit == "1" ? 1 : 0, bits: 1) }
        let bytes = writer.finished()
        var inflater = Inflater(limit: limit, path: "stream")
        let end = try bytes.withUnsafeBufferPointer { input throws(FileError) in
            try inflater.inflate(input, from: 0)
        }
        #expect(end == bytes.count)
        return inflater.bytes
    }

    /// "a" in the fixed code, then a match of three bytes one back, then the end.
    @Test func overlappingMatch() throws {
        #expect(try inflate("1 10 10010001 0000001 00000 0000000") == Array("aaaa".utf8))
    }

    @Test func severalBlocks() throws {
        #expect(
            try inflate("0 10 10010001 0000000 1 10 0000001 00000 0000000") == Array("aaaa".utf8))
    }

    @Test func impossibleStreams() {
        expectError("a block of type 3") { try inflate("1 11 00000") }
        expectError("a match 1 bytes back at byte 0") { try inflate("1 10 0000001 00000 0000000") }
        expectError("a match 2 bytes back at byte 1") {
            try inflate("1 10 10010001 0000001 00001 0000000")
        }
        // Symbol 286 and distance symbol 30 have codes, but no meaning.
        expectError("unused code") { try inflate("1 10 11000110 0000000") }
        expectError("unused code") { try inflate("1 10 10010001 0000001 11110 0000000") }
        expectError("disagrees") { try inflate("1 00 00000 0000000000000001 0000000000000001") }
        // 288 literal symbols.
        expectError("a code of 288") { try inflate("1 01 11111 00000 0000") }
        // The code for code lengths: three codes of one bit; then one alone.
        expectError("impossible code for code lengths") {
            try inflate("1 01 00000 00000 0000 100 100 100 000")
        }
        // Two codes of two bits leave two unused.
        expectError("impossible code for code lengths") {
            try inflate("1 01 00000 00000 0000 010 010 000 000")
        }
        // A repetition before anything: symbols 16 and 17 have a bit each.
        expectError("repetition of nothing") {
            try inflate("1 01 00000 00000 0000 100 100 000 000 0 00")
        }
        expectError("more compressed data", "the end") { try inflate("0 10 10010001 0000000") }
        expectError("more compressed data") { try inflate("") }
    }

    /// Lengths and distances that take all the bits there can be: codes of 15 bits, then
    /// 5 and 13 more.
    @Test func longestMatches() throws {
        var literalCounts = [Int](repeating: 0, count: 286)
        var distanceCounts = [Int](repeating: 0, count: 30)
        for symbol in 0..<14 {
            literalCounts[symbol] = 1 << (14 - symbol)
            distanceCounts[symbol] = 1 << (14 - symbol)
        }
        for symbol in [256, 284] { literalCounts[symbol] = 1 }
        for symbol in [28, 29] { distanceCounts[symbol] = 1 }
        let literals = HuffmanEncoder(counts: literalCounts, longest: 15)
        let distances = HuffmanEncoder(counts: distanceCounts, longest: 15)
        #expect(literals.lengths[284] == 15 && distances.lengths[29] == 15)

        var random = SplitMix(seed: 5)
        var expected = random.bytes(32_768, of: 0...13)
        var writer = BitWriter()
        writer.append(0b101, bits: 3)
        CodeHeader(literals: literals.lengths, distances: distances.lengths).write(to: &writer)
        for literal in expected { literals.write(Int(literal), to: &writer) }
        for _ in 0..<200 {
            let extra = (
                Int.random(in: 0..<31, using: &random), Int.random(in: 0..<8192, using: &random)
            )
            literals.write(284, to: &writer)
            writer.append(extra.0, bits: 5)
            distances.write(29, to: &writer)
            writer.append(extra.1, bits: 13)
            let start = expected.count - 24577 - extra.1
            expected += expected[start..<start + 227 + extra.0]
            let literal = UInt8.random(in: 0...13, using: &random)
            literals.write(Int(literal), to: &writer)
            expected.append(literal)
        }
        literals.write(256, to: &writer)
        let bytes = writer.finished()
        var inflater = Inflater(limit: expected.count, path: "stream")
        let end = try bytes.withUnsafeBufferPointer { input throws(FileError) in
            try inflater.inflate(input, from: 0)
        }
        #expect(end == bytes.count)
        #expect(inflater.bytes == expected)
    }

    /// All zeros is one literal without end: it has to stop at the end of the input.
    @Test func truncatedLiterals() {
        expectError("the end") { try inflate("1 10" + String(repeating: "00110000", count: 40)) }
    }
}

@Suite struct DeflateTests {
    static func expectRoundTrip(
        _ bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let compressed = Zlib.compress(bytes)
        let restored = try Zlib.decompress(compressed, path: "", limit: bytes.count)
        #expect(restored == bytes, sourceLocation: sourceLocation)
        // Never much longer than the bytes as they are.
        #expect(
            compressed.count <= bytes.count + 11 + bytes.count / 1000,
            sourceLocation: sourceLocation)
    }

    @Test func roundTrips() throws {
        var random = SplitMix(seed: 2)
        for count in 0..<20 {
            try Self.expectRoundTrip(random.bytes(count))
            try Self.expectRoundTrip([UInt8](repeating: 7, count: count))
        }
        try Self.expectRoundTrip(random.bytes(200_000))
        try Self.expectRoundTrip(random.bytes(70_000, of: 0...3))
        try Self.expectRoundTrip([UInt8](repeating: 0, count: 300_000))
        // Matches as far apart as the window is long, and one further.
        for distance in 32_766...32_770 {
            let start = random.bytes(300)
            try Self.expectRoundTrip(start + random.bytes(distance - 300, of: 9...250) + start)
        }
    }

    /// Numbers like Fibonacci's make codes longer than the 15 bits there are.
    @Test func longCodes() throws {
        var bytes: [UInt8] = []
        var (count, next) = (1, 1)
        for symbol in 0..<24 as Range<UInt8> {
            bytes += [UInt8](repeating: symbol, count: count)
            (count, next) = (next, count + next)
        }
        var random = SplitMix(seed: 3)
        bytes.shuffle(using: &random)
        try Self.expectRoundTrip(bytes)

        let counts = (0..<24).map { symbol in bytes.count { $0 == symbol } }
        for longest in [7, 10, 15] {
            let code = HuffmanEncoder(counts: counts, longest: longest)
            #expect(code.lengths.max()! <= longest)
            #expect(code.lengths.reduce(0) { $0 + 1.0 / Double(1 << $1) } == 1)
        }
    }

    @Test func compresses() throws {
        let pixels = try Gzip.decompress(
            Bundled.bytes(of: "t10k-images-idx3-ubyte.gz", in: "digits"), path: "")
        let compressed = Zlib.compress(pixels)
        #expect(compressed.count < pixels.count / 4)
        #expect(try Zlib.decompress(compressed, path: "", limit: pixels.count) == pixels)
    }

    @Test func zlibStreams() throws {
        let stream = base64(
            """
            eNrzLFEoTyxWKMlIVUhKLS5RyE9TKMnMTS3WUchEyJTnF+GSSkxPBUmUZxan5Odik0nLz8/JLM7ISy0uBg\
            D+IyYI
            """)
        func decode(_ bytes: [UInt8]) throws(FileError) -> [UInt8] {
            try Zlib.decompress(bytes, path: "")
        }
        #expect(try decode(stream) == GzipTests.text)
        expectTruncationsThrow(stream, decode)
        try expectFlipsHarmless(stream, decode)
        expectError("4 bytes of checksum") { try decode(stream + [0]) }
        // Another method, too large a window, a wrong check, a dictionary.
        for header in [[0x77, 0x85], [0x88, 0x1C], [0x78, 0x9D], [0x78, 0xBB]] as [[UInt8]] {
            expectError("a zlib header") { try decode(header + stream[2...]) }
        }
    }
}
