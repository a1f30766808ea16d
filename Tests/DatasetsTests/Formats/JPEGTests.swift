import FileSupport
import Testing

@testable import Datasets

/// The files are in `JPEGSamples.swift`, refusals in `JPEGRefusalTests.swift`.
@Suite struct JPEGTests {
    @Test(arguments: samples) func reads(_ sample: Sample) throws {
        let image = try Self.decode(sample.file)
        #expect(image.width == sample.width && image.height == sample.height)
        #expect(image.channels == sample.channels)
        #expect(Checksum.crc32(image.pixels) == sample.checksum)
    }

    /// The standard's own ways to write the same image, and what cameras add to it.
    @Test func readsOtherSpellings() throws {
        let image = try Self.decode(Self.colour)
        // 16 bits for the quantization tables.
        let wide = Self.replacing(0xDB, in: Self.colour) { content in
            var longer: [UInt8] = []
            for (index, byte) in content.enumerated() {
                longer += index % 65 == 0 ? [byte | 0x10] : [0, byte]
            }
            return Self.segment(0xDB, longer)
        }
        #expect(wide.count > Self.colour.count + 64)
        #expect(try Self.decode(wide) == image)
        // An extended sequential image that could be a baseline one.
        let extended = Self.replacing(0xC0, in: Self.colour) { Self.segment(0xC1, $0) }
        #expect(try Self.decode(extended) == image)
        // Segments of applications, comments, fill bytes, and bytes that belong to nothing.
        let extra = Self.replacing(0xDB, in: Self.colour) { content in
            let applications = Self.segment(0xED, [1, 2, 3]) + Self.segment(0xE1, [4])
            let fill = Self.segment(0xFE, []) + [0xFF, 0xFF, 0xFF]
            return applications + fill + Self.segment(0xDB, content) + [0, 7, 0xFF, 0]
        }
        #expect(try Self.decode(extra) == image)
        // Fill bytes before the end, a second image behind it.
        let filled = Array(Self.colour.dropLast(2)) + [0xFF, 0xFF, 0xFF, 0xD9]
        #expect(try Self.decode(filled) == image)
        #expect(try Self.decode(Self.colour + Self.grey) == image)
    }

    /// JFIF goes before Adobe's mark, that before the identifiers.
    @Test func colourSpaces() throws {
        let direct = try Self.decode(Self.direct)
        func marked(_ segments: [UInt8]) -> [UInt8] {
            Self.replacing(0xEE, in: Self.direct) { _ in segments }
        }
        func adobe(_ transform: UInt8) -> [UInt8] {
            Self.segment(0xEE, Array("Adobe".utf8) + [0, 100, 0, 0, 0, 0, transform])
        }
        let transformed = try Self.decode(marked(adobe(1)))
        #expect(transformed != direct)
        #expect(try Self.decode(marked([])) == direct)
        #expect(
            try Self.decode(marked(adobe(0) + Self.segment(0xE0, Array("JFIF\0".utf8))))
                == transformed)
        // Components 1, 2 and 3 without any mark.
        let plain = Self.replacing(0xE0, in: Self.colour) { _ in [] }
        #expect(try Self.decode(plain) == Self.decode(Self.colour))
    }

    @Test func orientations() throws {
        let stored = PNG.Image(width: 3, height: 2, channels: 1, pixels: [1, 2, 3, 4, 5, 6])
        let upright: [[[UInt8]]] = [
            [[1, 2, 3], [4, 5, 6]], [[3, 2, 1], [6, 5, 4]], [[6, 5, 4], [3, 2, 1]],
            [[4, 5, 6], [1, 2, 3]], [[1, 4], [2, 5], [3, 6]], [[4, 1], [5, 2], [6, 3]],
            [[6, 3], [5, 2], [4, 1]], [[3, 6], [2, 5], [1, 4]],
        ]
        for (index, rows) in upright.enumerated() {
            let number = UInt8(index + 1)
            for isBigEndian in [false, true] {
                let image = try #require(
                    ExifOrientation(Self.exif(orientation: number, isBigEndian: isBigEndian))
                )
                .applied(to: stored)
                #expect(image.width == rows[0].count && image.height == rows.count)
                #expect(image.pixels == rows.flatMap { $0 })
            }
        }
        #expect(ExifOrientation(Self.exif(orientation: 0, isBigEndian: false)) == nil)
        #expect(ExifOrientation(Self.exif(orientation: 9, isBigEndian: true)) == nil)
    }

    /// Whatever stands in the data of a camera, the image is read.
    @Test func damagedOrientation() throws {
        let segment = Self.exif(orientation: 6, isBigEndian: true)
        let content = segment.remainder
        let image = try Self.decode(Self.grey)
        for index in content.indices {
            for byte: UInt8 in [0, 1, 0x7F, 0xFF] {
                var damaged = content
                damaged[index] = byte
                for content in [damaged, Array(content[..<index])] {
                    let file =
                        Array(Self.grey[..<2]) + Self.segment(0xE1, content) + Self.grey[2...]
                    let decoded = try Self.decode(file)
                    #expect(decoded.pixels.count == image.pixels.count)
                }
            }
        }
    }

    /// Exif data of two tags.
    static func exif(orientation: UInt8, isBigEndian: Bool) -> JPEGSegment {
        func number(_ value: UInt16) -> [UInt8] {
            isBigEndian ? value.bigEndianBytes : value.littleEndianBytes
        }
        func long(_ value: UInt32) -> [UInt8] {
            isBigEndian ? value.bigEndianBytes : value.littleEndianBytes
        }
        let width = number(0x0100) + number(4) + long(1) + long(13)
        let turn = number(0x0112) + number(3) + long(1) + number(UInt16(orientation)) + number(0)
        return JPEGSegment(
            marker: 0xE1,
            bytes: Array("Exif\0\0".utf8) + Array((isBigEndian ? "MM" : "II").utf8) + number(42)
                + long(8) + number(2) + width + turn + long(0),
            path: "a.jpg")
    }

    @Test(arguments: [grey, halfBoth, progressive, restarts, turned])
    func truncated(_ file: [UInt8]) { expectTruncationsThrow(file, Self.decode) }

    /// Whatever the bytes are, there is an image of a sensible size or an error.
    @Test func damaged() {
        var random = SplitMix(seed: 11)
        var (images, errors) = (0, 0)
        for sample in Self.samples {
            for _ in 0..<1500 {
                var file = sample.file
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    let index = Int.random(in: 2..<file.count, using: &random)
                    switch Int.random(in: 0..<4, using: &random) {
                    case 0: file.remove(at: index)
                    case 1: file.insert(UInt8.random(in: 0...255, using: &random), at: index)
                    case 2: file[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                    default: file[index] = UInt8.random(in: 0...255, using: &random)
                    }
                }
                do throws(FileError) {
                    let image = try Self.decode(file)
                    #expect(image.width * image.height <= 512 * file.count)
                    images += 1
                } catch {
                    errors += 1
                }
            }
        }
        #expect(images > 1000 && errors > 1000)
    }
}
