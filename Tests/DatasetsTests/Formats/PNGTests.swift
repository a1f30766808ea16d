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
        expectError("interlacing 0 or 1", "interlacing 2") {
            try Self.decode(Self.file([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 2]))
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

    /// All colour types and depths, in sizes that leave out passes and parts of bytes.
    @Test(arguments: [false, true]) func readsColourTypes(isInterlaced: Bool) throws {
        for (type, depths) in PNGDrawing.depths {
            for depth in depths {
                for width in 1...9 {
                    for height in 1...9 {
                        let drawing = PNGDrawing(
                            width: width, height: height, colourType: type, depth: depth)
                        let image = try Self.decode(drawing.file(isInterlaced: isInterlaced))
                        #expect(image == drawing.image, "\(drawing)")
                    }
                }
            }
        }
    }

    @Test func leavesOutWhatItDoesNotKnow() throws {
        let file = Self.file(
            [0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0], ("teXt", [1, 2, 3]),
            ("IDAT", Zlib.compress([0, 9])))
        #expect(try Self.decode(file).pixels == [9])
    }

    static let interlaced = PNGDrawing(width: 7, height: 5, colourType: 2, depth: 8).file(
        isInterlaced: true)

    @Test(arguments: [grey, colourAlpha, oneBit, palette, filters, interlaced])
    func truncated(_ file: [UInt8]) { expectTruncationsThrow(file, Self.decode) }

    @Test(arguments: [grey, colourAlpha, oneBit, palette, filters, interlaced])
    func flipped(_ file: [UInt8]) throws { try expectFlipsHarmless(file, Self.decode) }
}

/// A small image of any colour type and depth, written as the standard says with nothing of ours
/// but the compression. Pillow reads the files as `image` is.
struct PNGDrawing {
    let width: Int
    let height: Int
    let colourType: UInt8
    let depth: Int

    static let depths: [(UInt8, [Int])] = [
        (0, [1, 2, 4, 8, 16]), (2, [8, 16]), (3, [1, 2, 4, 8]), (4, [8, 16]), (6, [8, 16]),
    ]

    private var samplesPerPixel: Int { [1, 0, 3, 1, 2, 0, 4][Int(colourType)] }

    private func sample(_ row: Int, _ column: Int, _ channel: Int) -> Int {
        (0x9E37 * (13 * row + 7 * column + 3 * channel + row * column) >> 2) & (1 << depth - 1)
    }

    private func colour(_ index: Int) -> [UInt8] {
        (1...3).map { UInt8(truncatingIfNeeded: 80 * $0 * index + $0) }
    }

    var image: PNG.Image {
        var pixels: [UInt8] = []
        for row in 0..<height {
            for column in 0..<width {
                if colourType == 3 {
                    pixels += colour(sample(row, column, 0))
                } else {
                    for channel in 0..<(samplesPerPixel < 3 ? 1 : 3) {
                        let brightness =
                            Double(sample(row, column, channel)) / Double(1 << depth - 1)
                        pixels.append(UInt8((255 * brightness).rounded()))
                    }
                }
            }
        }
        let channels = pixels.count / (width * height)
        return PNG.Image(width: width, height: height, channels: channels, pixels: pixels)
    }

    func file(isInterlaced: Bool) -> [UInt8] {
        // The pass of each pixel, as the standard draws it.
        let pattern = [
            "16462646", "77777777", "56565656", "77777777", "36463646", "77777777", "56565656",
            "77777777",
        ].map { $0.compactMap(\.wholeNumberValue) }
        var content: [UInt8] = []
        for pass in isInterlaced ? 1...7 : 1...1 {
            var above: [UInt8] = []
            var count = 0
            for row in 0..<height {
                let columns = (0..<width).filter { column in
                    !isInterlaced || pattern[row % 8][column % 8] == pass
                }
                if columns.isEmpty { continue }
                var bits: [Int] = []
                for column in columns {
                    for channel in 0..<samplesPerPixel {
                        let sample = sample(row, column, channel)
                        bits += (0..<depth).reversed().map { sample >> $0 & 1 }
                    }
                }
                bits += repeatElement(0, count: (8 - bits.count % 8) % 8)
                let bytes = stride(from: 0, to: bits.count, by: 8).map { start in
                    bits[start..<start + 8].reduce(0 as UInt8) { $0 << 1 | UInt8($1) }
                }
                content += filtered(bytes, above, filter: count % 5)
                above = bytes
                count += 1
            }
        }
        let header =
            UInt32(width).bigEndianBytes + UInt32(height).bigEndianBytes
            + [UInt8(depth), colourType, 0, 0, isInterlaced ? 1 : 0]
        let pixels = ("IDAT", Zlib.compress(content))
        if colourType != 3 { return PNGTests.file(header, pixels) }
        return PNGTests.file(header, ("PLTE", (0..<1 << depth).flatMap(colour)), pixels)
    }

    /// The row after the number of its filter.
    private func filtered(_ row: [UInt8], _ above: [UInt8], filter: Int) -> [UInt8] {
        let step = max(1, samplesPerPixel * depth / 8)
        return [UInt8(filter)]
            + row.indices.map { index in
                let left = index >= step ? Int(row[index - step]) : 0
                let up = above.isEmpty ? 0 : Int(above[index])
                let corner = index >= step && !above.isEmpty ? Int(above[index - step]) : 0
                let nearest = [left, up, corner].enumerated().min { first, second in
                    let estimate = left + up - corner
                    return (abs(estimate - first.element), first.offset)
                        < (abs(estimate - second.element), second.offset)
                }
                let prediction = [0, left, up, (left + up) / 2, nearest?.element ?? 0][filter]
                return row[index] &- UInt8(prediction)
            }
    }
}
