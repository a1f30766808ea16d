import Autograd
import FileSupport
import Foundation
import Testing

@testable import Datasets

/// Files written by Pillow 13.0, or by hand with Python's zlib.
@Suite struct PNGTests {
    static let grey = base64(
        """
        iVBORw0KGgoAAAANSUhEUgAAAAQAAAADCAAAAACRn/EaAAAAF0lEQVR4nGNkEBERYQwQERFhCRAREQEA\
        CTgBW2nziVsAAAAASUVORK5CYII=
        """)
    static let colour = base64(
        """
        iVBORw0KGgoAAAANSUhEUgAAAAQAAAADCAIAAAA7ljmRAAAAF0lEQVR4nGNk+M8g8oYLglgCNmhg5wAA\
        9zsMs1OzLxMAAAAASUVORK5CYII=
        """)
    static let colourAlpha = base64(
        """
        iVBORw0KGgoAAAANSUhEUgAAAAQAAAADCAYAAAC09K7GAAAAGklEQVR4nGNk+M/AIPKGSwSGWQI2aATg\
        FQAAZmoOBxh2HG8AAAAASUVORK5CYII=
        """)
    static let greyAlpha = base64(
        """
        iVBORw0KGgoAAAANSUhEUgAAAAQAAAADCAQAAAAe/WZNAAAAFklEQVR4nGNk+C/yRuSNyBuWgA1oDACd\
        3QwJm+FewwAAAABJRU5ErkJggg==
        """)
    static let oneBit = base64(
        """
        iVBORw0KGgoAAAANSUhEUgAAAAoAAAADAQAAAACCRqPYAAAAEUlEQVR4nGOY5MCoEsPgyQAACRUBnZYN\
        yrQAAAAASUVORK5CYII=
        """)
    static let twoBits = base64(
        """
        iVBORw0KGgoAAAANSUhEUgAAAAUAAAABAgAAAAB5JSOOAAAAC0lEQVR4nGOQbgAAALkAnFGOwUsAAAAA\
        SUVORK5CYII=
        """)
    static let fourBits = base64(
        """
        iVBORw0KGgoAAAANSUhEUgAAAAMAAAABBAAAAAD7e6ZpAAAAC0lEQVR4nGPgLwAAAJEAgD39ZQEAAAAA\
        SUVORK5CYII=
        """)
    static let sixteenBits = base64(
        """
        iVBORw0KGgoAAAANSUhEUgAAAAMAAAACEAAAAADoj+WFAAAAFklEQVR4nGNkYDA2NjZmmDnzzJn//wEW\
        0gWWM1Vt+wAAAABJRU5ErkJggg==
        """)
    static let colourSixteenBits = base64(
        """
        iVBORw0KGgoAAAANSUhEUgAAAAEAAAABEAIAAADA54+dAAAAD0lEQVR4nGP4/7+BgaEBAA18Av/Y+1KV\
        AAAAAElFTkSuQmCC
        """)
    static let palette = base64(
        """
        iVBORw0KGgoAAAANSUhEUgAAAAUAAAADBAMAAACpGNjLAAAAD1BMVEX/AAAA/wAAAP8KFB7IZDIJl93O\
        AAAAFElEQVR4nGNkVJJlYmBgYGJgYAAAApQARgLFhaMAAAAASUVORK5CYII=
        """)
    static let interlaced = base64(
        """
        iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAFNeavDAAAACklEQVR4nGPgBAAACwAKwyvukgAAAABJ\
        RU5ErkJggg==
        """)
    static let filters = base64(
        """
        iVBORw0KGgoAAAANSUhEUgAAAAgAAAAQCAAAAAAO4WGhAAAAh0lEQVR4nA2MKwsCURQG7+Oc8333kQwG\
        DYIGi9hEFssGwSAsmGSbJoPFYLGb/NXeOjOM83UyX2+73tNSZgWDGATRNFalgTBRNqYRbrba7PvTZfQL\
        tjjlEtB0ayROgayGJGISjCpudzgO4/359h1ZWBKDqbatalwiIRFtS4siEtz5enu8Pt/fH6AIC+kYaBoe\
        AAAAAElFTkSuQmCC
        """)

    static func decode(_ bytes: [UInt8]) throws(FileError) -> PNG.Image {
        try PNG.decode(bytes, path: "a.png")
    }

    static let steps = (0..<12).map { UInt8(20 * $0) }
    static let colours = steps.flatMap { [$0, 255 - $0, $0 / 2] }

    @Test func reads() throws {
        let grey = PNG.Image(width: 4, height: 3, channels: 1, pixels: Self.steps)
        let colour = PNG.Image(width: 4, height: 3, channels: 3, pixels: Self.colours)
        #expect(try Self.decode(Self.grey) == grey)
        #expect(try Self.decode(Self.greyAlpha) == grey)
        #expect(try Self.decode(Self.colour) == colour)
        #expect(try Self.decode(Self.colourAlpha) == colour)
        #expect(
            try Self.decode(Self.oneBit).pixels == (0..<30).map { $0 % 3 == 0 ? 255 : 0 })
        #expect(try Self.decode(Self.twoBits).pixels == [0, 85, 170, 255, 170])
        #expect(try Self.decode(Self.fourBits).pixels == [0, 255, 119])
        #expect(try Self.decode(Self.sixteenBits).pixels == [0, 51, 102, 153, 204, 255])
        #expect(try Self.decode(Self.colourSixteenBits).pixels == [255, 128, 0])
        let palette: [[UInt8]] = [
            [255, 0, 0], [0, 255, 0], [0, 0, 255], [10, 20, 30], [200, 100, 50],
        ]
        #expect(try Self.decode(Self.palette).pixels == (0..<15).flatMap { palette[$0 % 5] })
    }

    /// Rows with each of the five filters in turn.
    @Test func readsFilters() throws {
        let image = try Self.decode(Self.filters)
        #expect(image.width == 8 && image.height == 16)
        #expect(Checksum.crc32(image.pixels) == 0x9419_583F)
    }

    @Test func roundTrips() throws {
        var random = SplitMix(seed: 4)
        try withTemporaryFolder { folder in
            for (width, height, channels) in [
                (1, 1, 1), (1, 5, 3), (7, 1, 3), (33, 20, 1), (20, 33, 3),
            ] {
                let count = width * height * channels
                let noise = random.bytes(count)
                let smooth = (0..<count).map { UInt8(truncatingIfNeeded: $0 / channels * 3) }
                for pixels in [noise, smooth] {
                    let image = PNG.Image(
                        width: width, height: height, channels: channels, pixels: pixels)
                    try PNG.write(image, to: folder + "/a.png")
                    #expect(try PNG.read(folder + "/a.png") == image)
                }
            }
        }
    }

    @Test(.enabled(if: Python.isThere, "needs python3 with zlib"))
    func pythonAgrees() throws {
        let pixels = (0..<10 * 12).map { UInt8(truncatingIfNeeded: $0 * $0) }
        let image = PNG.Image(width: 10, height: 12, channels: 1, pixels: pixels)
        try withTemporaryFolder { folder in
            try PNG.write(image, to: folder + "/a.png")
            // Undoes the filters as the standard words them, with nothing of ours.
            let output = try Python.run(
                """
                import struct, sys, zlib
                data = open(sys.argv[1], "rb").read()
                position, content = 8, b""
                while position < len(data):
                    length, kind = struct.unpack(">I4s", data[position:position + 8])
                    body = data[position + 8:position + 8 + length]
                    check, = struct.unpack(">I", data[position + 8 + length:position + 12 + length])
                    assert check == zlib.crc32(kind + body)
                    content += body if kind == b"IDAT" else b""
                    position += 12 + length
                raw, rows = zlib.decompress(content), [bytearray(10)]
                for start in range(0, len(raw), 11):
                    row = bytearray(raw[start + 1:start + 11])
                    for i in range(10):
                        a, b = row[i - 1] if i else 0, rows[-1][i]
                        c = rows[-1][i - 1] if i else 0
                        p = a + b - c
                        paeth = min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]
                        row[i] = (row[i] + [0, a, b, (a + b) // 2, paeth][raw[start]]) % 256
                    rows.append(row)
                print(zlib.crc32(b"".join(rows[1:])))
                """, folder + "/a.png")
            #expect(output == "\(Checksum.crc32(pixels))\n")
        }
    }

    @Test func refuses() throws {
        expectError("a.png", "not interlaced", "interlacing 1") {
            try Self.decode(Self.interlaced)
        }
        expectError("an empty file") { try Self.decode([]) }
        expectError("a PNG file", "something else") { try Self.decode(GzipTests.coded) }
        expectError("1 more bytes") { try Self.decode(Self.grey + [0]) }
        expectError("IHDR first") { try Self.decode(Array(Self.grey[..<8] + Self.grey[33...])) }
    }

    /// A file with a header of this content and the chunks after it.
    static func file(_ header: [UInt8], _ chunks: (String, [UInt8])...) -> [UInt8] {
        ([("IHDR", header)] + chunks + [("IEND", [])]).reduce(into: Array(grey[..<8])) {
            let checked = Array($1.0.utf8) + $1.1
            $0 +=
                UInt32($1.1.count).bigEndianBytes + checked
                + Checksum.crc32(checked).bigEndianBytes
        }
    }

    @Test func refusesContent() {
        let one: [UInt8] = [0, 0, 0, 1, 0, 0, 0, 1]
        let huge = [UInt8](repeating: 0xFF, count: 8)
        let large: [UInt8] = [0, 0, 0x40, 0, 0, 0, 0x40, 0]
        let pixel = Zlib.compress([0, 9])
        expectError("1 to 268435456 pixels", "4294967295 × 4294967295") {
            try Self.decode(Self.file(huge + [8, 0, 0, 0, 0], ("IDAT", pixel)))
        }
        expectError("the data of 16384 × 16384 pixels") {
            try Self.decode(Self.file(large + [8, 0, 0, 0, 0], ("IDAT", pixel)))
        }
        expectError("found 0 × 1") {
            try Self.decode(Self.file([0, 0, 0, 0, 0, 0, 0, 1, 8, 0, 0, 0, 0], ("IDAT", pixel)))
        }
        expectError("type 5 of 8 bits") {
            try Self.decode(Self.file(one + [8, 5, 0, 0, 0], ("IDAT", pixel)))
        }
        expectError("type 2 of 4 bits") {
            try Self.decode(Self.file(one + [4, 2, 0, 0, 0], ("IDAT", pixel)))
        }
        expectError("a palette", "none") {
            try Self.decode(Self.file(one + [8, 3, 0, 0, 0], ("IDAT", pixel)))
        }
        expectError("a palette of more than 9 colours", "one of 1") {
            try Self.decode(
                Self.file(one + [8, 3, 0, 0, 0], ("PLTE", [1, 2, 3]), ("IDAT", pixel)))
        }
        expectError("palette of 1 to 256") {
            try Self.decode(Self.file(one + [8, 3, 0, 0, 0], ("PLTE", [1, 2]), ("IDAT", pixel)))
        }
        expectError("a filter of 0 to 4 in row 0", "found 5") {
            try Self.decode(
                Self.file(one + [8, 0, 0, 0, 0], ("IDAT", Zlib.compress([5, 9]))))
        }
        expectError("at most 2 decompressed bytes") {
            try Self.decode(
                Self.file(one + [8, 0, 0, 0, 0], ("IDAT", Zlib.compress([0, 9, 9]))))
        }
        expectError("2 bytes for 1 × 1 pixels") {
            try Self.decode(Self.file(one + [8, 0, 0, 0, 0], ("IDAT", Zlib.compress([0]))))
        }
        expectError("\"ABCD\"") {
            try Self.decode(Self.file(one + [8, 0, 0, 0, 0], ("ABCD", []), ("IDAT", pixel)))
        }
        expectError("zlib stream") { try Self.decode(Self.file(one + [8, 0, 0, 0, 0])) }
    }

    @Test func leavesOutWhatItDoesNotKnow() throws {
        let file = Self.file(
            [0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0], ("teXt", [1, 2, 3]),
            ("IDAT", Zlib.compress([0, 9])))
        #expect(try Self.decode(file).pixels == [9])
    }

    @Test(arguments: [grey, colourAlpha, oneBit, palette, filters])
    func truncated(_ file: [UInt8]) { expectTruncationsThrow(file, Self.decode) }

    @Test(arguments: [grey, colourAlpha, oneBit, palette, filters])
    func flipped(_ file: [UInt8]) throws { try expectFlipsHarmless(file, Self.decode) }
}
