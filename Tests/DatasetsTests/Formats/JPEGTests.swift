import Autograd
import FileSupport
import Foundation
import Testing

@testable import Datasets

/// Files written by Pillow 13.0 and, where their names are `halfDown` and `separateScans`, by
/// libjpeg-turbo 2.1.5. Their pixels were red 7x + 3y + 2(xy mod 11), green 255 − 5x − 4y and blue
/// 40 + 120((⌊x / 3⌋ + ⌊y / 4⌋) mod 2) + 2x, as far as there are such numbers. What they decode to
/// is that of Pillow with libjpeg-turbo 3.2.0, to the bit.
@Suite struct JPEGTests {
    static let grey = base64(
        """
        /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIs\
        IxwcKDcpLDAxNDQ0Hyc5PTgyPC4zNDL/wAALCAANABMBAREA/8QAFQABAQAAAAAAAAAAAAAAAAAABgf/xAAjEAAB\
        AgUEAwEAAAAAAAAAAAABAAIDBAURIhITITFBUmGx/9oACAEBAAA/AJVR5NulmIN/icUqUaXtxHAHjtLYUm3abh+K\
        X0eHqDBiOAOk5pkHbiAXDi4A3IS2FLgwmm7evVf/2Q==
        """)

    static let colour = base64(
        """
        /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZG\
        NywtQFdBRkxOUlNSMj5aYVpQYEpRUk//2wBDAQ4ODhMREyYVFSZPNS01T09PT09PT09PT09PT09PT09PT09PT09P\
        T09PT09PT09PT09PT09PT09PT09PT09PT0//wAARCAALABEDAREAAhEBAxEB/8QAFgABAQEAAAAAAAAAAAAAAAAA\
        AgEF/8QAIRAAAgEBCQEAAAAAAAAAAAAAAAERAhQhIjJDUVJykaH/xAAYAQEBAAMAAAAAAAAAAAAAAAAFBAIDBv/E\
        ACsRAAEBAwgLAAAAAAAAAAAAAAABAgMRBBITITGBoeEUJDRBQ2Jxg7HB0f/aAAwDAQACEQMRAD8A0W4wb3yHsupu\
        rxtrjlccjJ3e8Dql9PpvZSf28YeLBlw6xJaFxXpnp/LjkXUCE0WRutla6/AVyiRQFTyFjXBu9C8mRKxihZBD/9k=
        """)

    static let halfAcross = base64(
        """
        /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZG\
        NywtQFdBRkxOUlNSMj5aYVpQYEpRUk//2wBDAQ4ODhMREyYVFSZPNS01T09PT09PT09PT09PT09PT09PT09PT09P\
        T09PT09PT09PT09PT09PT09PT09PT09PT0//wAARCAAJABUDASEAAhEBAxEB/8QAGAAAAgMAAAAAAAAAAAAAAAAA\
        AAIBAwX/xAAiEAABAwIGAwAAAAAAAAAAAAAAAQIRIjEDITNBQ1FygaH/xAAXAQADAQAAAAAAAAAAAAAAAAAABAYF\
        /8QAJREAAAUBBwUAAAAAAAAAAAAAAAECAxEEEhMhIjJxkTEzQYGx/9oADAMBAAIRAxEAPwDRVYo7zkRXSvh9Em0R\
        l9cYidoW+gVa6rTsA0VFeZ7UTjyKZCISRQJ4XCuuz0KtaC2L6MKh8CrE1FAHe4rcxTt6SH//2Q==
        """)

    static let halfBoth = base64(
        """
        /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZG\
        NywtQFdBRkxOUlNSMj5aYVpQYEpRUk//2wBDAQ4ODhMREyYVFSZPNS01T09PT09PT09PT09PT09PT09PT09PT09P\
        T09PT09PT09PT09PT09PT09PT09PT09PT0//wAARCAATACUDASIAAhEBAxEB/8QAGAABAQEBAQAAAAAAAAAAAAAA\
        AAIDBAX/xAAlEAABAwIFBAMAAAAAAAAAAAAAAQIREiEDIiNRcRMxQaEyM3L/xAAXAQEBAQEAAAAAAAAAAAAAAAAF\
        BAYD/8QAKBEAAAQEAwkBAAAAAAAAAAAAAAERMQIDBBIyQfBRYXGBgpGhsbLS/9oADAMBAAIRAxEAPwD0VWMm95IV\
        0r+PZmqxpz3vJCvnz8PZJLgyTTpydc2AtDTsNHYkZ97QSqxp73kydiRqb+CHOjJPe8l0uFdbf14GxoacW51S0zFN\
        gcj31rExTYFhSLyWy7eqaRg8UtCHXOivJLl+sAIlYC4F9DB0JMJnVXhDFyr0XACEOfUNhRMOTHVYbwADpPx9vQYh\
        Yf/Z
        """)

    static let progressive = base64(
        """
        /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZG\
        NywtQFdBRkxOUlNSMj5aYVpQYEpRUk//2wBDAQ4ODhMREyYVFSZPNS01T09PT09PT09PT09PT09PT09PT09PT09P\
        T09PT09PT09PT09PT09PT09PT09PT09PT0//wgARCAAVABsDASIAAhEBAxEB/8QAFwABAQEBAAAAAAAAAAAAAAAA\
        AQIABP/EABcBAAMBAAAAAAAAAAAAAAAAAAMEBQL/2gAMAwEAAhADEAAAAegmQpUSHrs7YSDY9j//xAAWEAEBAQAA\
        AAAAAAAAAAAAAAARIBD/2gAIAQEAAQUCxhr/xAAXEQEBAQEAAAAAAAAAAAAAAAADACEx/9oACAEDAQE/AQOI8gj5\
        f//EABkRAAMBAQEAAAAAAAAAAAAAAAABAhExQf/aAAgBAgEBPwGUKd80SIlV0//EABYQAQEBAAAAAAAAAAAAAAAA\
        ABARIP/aAAgBAQAGPwLEKQp//8QAGhAAAgMBAQAAAAAAAAAAAAAAABEBYaEQQf/aAAgBAQABPyGh4T6FfDwkFfDw\
        mQrP/9oADAMBAAIAAwAAABCbF0L/xAAZEQACAwEAAAAAAAAAAAAAAAAAARARITH/2gAIAQMBAT8Q4QEWC1g//8QA\
        HhEAAgICAgMAAAAAAAAAAAAAARExQQCBIVGhwfD/2gAIAQIBAT8QpX0rUu4xf2Kb31WCBVMjQDHnONF8A7M5/8QA\
        HBAAAwADAQEBAAAAAAAAAAAAAAERIXHwQTHR/9oACAEBAAE/EG5vmjp9pDfEOoNz6+5o79/ZDbw4g6ts0bO9Y1be\
        Fj//2Q==
        """)

    static let restarts = base64(
        """
        /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERX\
        RTc4UG1RV19iZ2hnPk1xeXBkeFxlZ2P/2wBDARESEhgVGC8aGi9jQjhCY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2Nj\
        Y2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2P/wAARCAASACMDASIAAhEBAxEB/8QAGAAAAwEBAAAAAAAAAAAAAAAA\
        AAIDBAH/xAAjEAACAQMDBAMAAAAAAAAAAAAAARECIkEDMVESM3GCQkOh/8QAGAEAAwEBAAAAAAAAAAAAAAAABAUG\
        AwL/xAAoEQABAQQIBwAAAAAAAAAAAAAAAgEDBBESMTJBUWGh8BMhcYGCsdL/3QAEAAH/2gAMAwEAAhEDEQA/ANzc\
        Wc5FdU+v6Tbiyd8iuqfUGQm6W8O1edQphHNR/9DS64v5wK3FnOSbri/nArcWTvk6Qme8frQZwjk//9Gj1elxGwGd\
        68OI2ALpS5U9Cq4WR//Sou2/ItXwADB3ZZ0Z7B4Q/9Pv2Mi+y/IAbJv8ighT/9TOtkAAPEWWFgf/2Q==
        """)

    static let direct = base64(
        """
        /9j/7gAOQWRvYmUAZAAAAAAA/9sAQwANCQoLCggNCwoLDg4NDxMgFRMSEhMnHB4XIC4pMTAuKS0sMzpKPjM2Rjcs\
        LUBXQUZMTlJTUjI+WmFaUGBKUVJP/8AAEQgABwAKA1IRAEcRAEIRAP/EABcAAAMBAAAAAAAAAAAAAAAAAAMFBgT/\
        xAAnEAAABAMGBwAAAAAAAAAAAAAAARESAxQhAgQTIzFBBRYkJTJRkf/aAAwDUgBHAEIAAD8AiuHwLKWaEZi7vUfU\
        Yod0luwPdNZuOiNSqN38Pe4dFANCSGR/AvOPUH5hkOilcSWyn4iObRUSmg//2Q==
        """)

    static let turned = base64(
        """
        /9j/4AAQSkZJRgABAQAAAQABAAD/4QAiRXhpZgAATU0AKgAAAAgAAQESAAMAAAABAAYAAAAAAAD/2wBDAA0JCgsK\
        CA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5aYVpQYEpRUk//2wBDAQ4O\
        DhMREyYVFSZPNS01T09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT0//wAAR\
        CAAGAA0DAREAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAgX/xAAcEAABAwUAAAAAAAAAAAAAAAABABIhESIx\
        UXH/xAAWAQEBAQAAAAAAAAAAAAAAAAAFAwb/xAAkEQAABAMJAQAAAAAAAAAAAAAAAQIRAxIhBBMiJDEycYHh8P/a\
        AAwDAQACEQMRAD8ApGAzc1R6YcuXfWr+dDIWdBbgDeW4bHVYoV/gdpac/MFoaCIh/9k=
        """)

    static let fourComponents = base64(
        """
        /9j/7gAOQWRvYmUAZAAAAAAA/9sAQwAbEhQXFBEbFxYXHhwbIChCKyglJShROj0wQmBVZWRfVV1baniZgWpxkHNb\
        XYW1hpCeo6utq2eAvMm6pseZqKuk/8AAFAgACQAJBEMRAE0RAFkRAEsRAP/EABoAAAICAwAAAAAAAAAAAAAAAAAD\
        BAUBAgb/xAAqEAABAgMCDwAAAAAAAAAAAAAAAQMREhMCgQQVISIkMTI1YWNykaLB4f/aAA4EQwBNAFkASwAAPwCm\
        wdtIJkLx1wTZap6BNGrnzw1XXHTEqROHYTUNsU8/w+gJY2bkMuiGN0vdaegJggigf//Z
        """)

    static let halfDown = base64(
        """
        /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZG\
        NywtQFdBRkxOUlNSMj5aYVpQYEpRUk//2wBDAQ4ODhMREyYVFSZPNS01T09PT09PT09PT09PT09PT09PT09PT09P\
        T09PT09PT09PT09PT09PT09PT09PT09PT0//wAARCAAVAAsDARIAAhEBAxEB/8QAGAAAAgMAAAAAAAAAAAAAAAAA\
        AAMCBAX/xAAfEAACAgAHAQAAAAAAAAAAAAABEQAhAgMTIiMxURL/xAAYAQACAwAAAAAAAAAAAAAAAAACBQMEBv/E\
        ACYRAAEDAgQGAwAAAAAAAAAAABEAAQIDBBIhQWETIjEyQlFx4fD/2gAMAwEAAhEDEQA/ANElbPbcQSuN925RjTHI\
        AfH3udPpZi3t9U7XGHamqlfVVeVJceHLiDYEbFNI2zjolljj9twhYIxqtRbtfT98IrdmDOoHOOE/K6ruEGVxUhJ4\
        xfJkzjFgv//Z
        """)

    static let separateScans = base64(
        """
        /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZG\
        NywtQFdBRkxOUlNSMj5aYVpQYEpRUk//2wCDEQAOAA4ADgATABEAEwAmABUAFQAmAE8ANQAtADUATwBPAE8ATwBP\
        AE8ATwBPAE8ATwBPAE8ATwBPAE8ATwBPAE8ATwBPAE8ATwBPAE8ATwBPAE8ATwBPAE8ATwBPAE8ATwBPAE8ATwBP\
        AE8ATwBPAE8ATwBPAE8ATwBPAE8ATwEs/8EAEQgACwApAwFBAAIRAQMRAf/EABcAAQEBAQAAAAAAAAAAAAAAAAIE\
        AwX/xAAlEAABAgQEBwAAAAAAAAAAAAABABECAyEiEyNRoRQyQ2FxcqL/3QAEAAP/2gAIAQEAAD8A6JLWa1dAxOfT\
        dCKY1+tGX//QpJbL1q6wmTPjdY8T23X/0bOiUIjyIucYr//SROVF5U88mxByv//EABYBAQEBAAAAAAAAAAAAAAAA\
        AAUDBv/EACERAAAEBQUAAAAAAAAAAAAAAAABBCECEhOx8DEzQXGB/9oACAECEQA/AIp4eMZwvCqplLLhuCk+hdFc\
        f//Q0afbL24//8QAFQEBAQAAAAAAAAAAAAAAAAAABgT/xAAaEQACAwEBAAAAAAAAAAAAAAAAAQMFIQIx/9oACAED\
        EQA/AJqOPwfcx4DaNLD/0HKWH//Z
        """)

    static func decode(_ bytes: [UInt8]) throws(FileError) -> PNG.Image {
        try JPEG.decode(bytes, path: "a.jpg")
    }

    /// The segment of a marker with this content.
    static func segment(_ marker: UInt8, _ content: [UInt8]) -> [UInt8] {
        [0xFF, marker] + UInt16(content.count + 2).bigEndianBytes + content
    }

    /// The file with other bytes in place of each segment of a marker, of those before coded data.
    static func replacing(
        _ marker: UInt8, in file: [UInt8], _ replacement: (_ content: [UInt8]) -> [UInt8]
    ) -> [UInt8] {
        var result = Array(file[..<2])
        var position = 2
        var found: UInt8 = 0
        while found != JPEGMarker.startOfScan {
            found = file[position + 1]
            let length = Int(file[position + 2]) << 8 | Int(file[position + 3])
            let content = Array(file[position + 4..<position + 2 + length])
            result += found == marker ? replacement(content) : segment(found, content)
            position += 2 + length
        }
        return result + file[position...]
    }

    /// The file with one byte of the frame header changed.
    static func withFrame(_ file: [UInt8], _ index: Int, _ byte: UInt8) -> [UInt8] {
        replacing(0xC0, in: file) { content in
            var content = content
            content[index] = byte
            return segment(0xC0, content)
        }
    }

    struct Sample: CustomTestStringConvertible {
        let name: String
        let file: [UInt8]
        let width: Int
        let height: Int
        let channels: Int
        let checksum: UInt32

        var testDescription: String { name }
    }

    static let samples = [
        Sample(name: "grey", file: grey, width: 19, height: 13, channels: 1, checksum: 0x482F_A0E8),
        Sample(
            name: "4:4:4", file: colour, width: 17, height: 11, channels: 3, checksum: 0xC18B_4F81),
        Sample(
            name: "4:2:2", file: halfAcross, width: 21, height: 9, channels: 3,
            checksum: 0x4816_6C2D),
        Sample(
            name: "4:2:0", file: halfBoth, width: 37, height: 19, channels: 3,
            checksum: 0xB829_131C),
        Sample(
            name: "4:4:0", file: halfDown, width: 11, height: 21, channels: 3,
            checksum: 0x5C62_185D),
        Sample(
            name: "progressive 4:2:0", file: progressive, width: 27, height: 21, channels: 3,
            checksum: 0x42AC_60D8),
        Sample(
            name: "4:2:0 with restarts", file: restarts, width: 35, height: 18, channels: 3,
            checksum: 0x3027_2B7D),
        Sample(
            name: "4:1:1 in three scans with restarts", file: separateScans, width: 41, height: 11,
            channels: 3, checksum: 0x1994_D6F3),
        Sample(
            name: "red, green and blue", file: direct, width: 10, height: 7, channels: 3,
            checksum: 0x4E0B_C715),
        Sample(
            name: "turned", file: turned, width: 6, height: 13, channels: 3, checksum: 0x5966_5310),
    ]

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

    @Test func refusesOtherKinds() {
        expectError("a.jpg", "1 component, grey, or 3", "4, as of CMYK") {
            try Self.decode(Self.fourComponents)
        }
        expectError("8 bits per sample", "12") { try Self.decode(Self.withFrame(Self.grey, 0, 12)) }
        let kinds: [(UInt8, String)] = [
            (0xC3, "lossless"), (0xC5, "hierarchical"), (0xC9, "arithmetic"), (0xCA, "arithmetic"),
            (0xCB, "lossless arithmetic"), (0xCD, "hierarchical arithmetic"), (0xC8, "reserved"),
            (0xDE, "hierarchical"),
        ]
        for (marker, name) in kinds {
            expectError("Huffman codes", name) {
                try Self.decode(
                    Self.replacing(0xC0, in: Self.grey) { Self.segment(marker, $0) })
            }
        }
        expectError("an empty file") { try Self.decode([]) }
        expectError("a JPEG file", "something else") { try Self.decode(PNGTests.grey) }
    }

    @Test func refusesHeaders() {
        func frame(_ content: [UInt8]) -> [UInt8] {
            [0xFF, 0xD8] + Self.segment(0xC0, content) + [0xFF, 0xD9]
        }
        expectError("1 to 268435456 pixels", "65535 × 65535") {
            try Self.decode(frame([8, 255, 255, 255, 255, 1, 1, 0x11, 0]))
        }
        expectError("the data of 16384 × 16384 pixels", "a file of 17 bytes") {
            try Self.decode(frame([8, 64, 0, 64, 0, 1, 1, 0x11, 0]))
        }
        expectError("the height of the image in its header", "0") {
            try Self.decode(frame([8, 0, 0, 0, 9, 1, 1, 0x11, 0]))
        }
        expectError("pixels", "0 × 9") { try Self.decode(frame([8, 0, 9, 0, 0, 1, 1, 0x11, 0])) }
        expectError("sampling factors of 1 to 4", "5 × 1") {
            try Self.decode(frame([8, 0, 9, 0, 9, 1, 1, 0x51, 0]))
        }
        expectError("divide 3 × 1", "2 × 1") {
            try Self.decode(frame([8, 0, 9, 0, 9, 3, 1, 0x31, 0, 2, 0x21, 0, 3, 0x11, 0]))
        }
        expectError("1 more bytes") { try Self.decode(frame([8, 0, 9, 0, 9, 1, 1, 0x11, 0, 0])) }
        expectError("a longer segment") { try Self.decode(frame([8, 0, 9, 0, 9, 1, 1, 0x11])) }
        expectError("a length without itself") { try Self.decode([0xFF, 0xD8, 0xFF, 0xC0, 0, 1]) }
        expectError("a segment of 11 bytes", "the end after 4 bytes") {
            try Self.decode([0xFF, 0xD8, 0xFF, 0xC0, 0, 11, 8, 0])
        }
        expectError("an image", "none") { try Self.decode([0xFF, 0xD8, 0xFF, 0xD9]) }
        expectError("a marker of a JPEG image at byte 2", "0x02") {
            try Self.decode([0xFF, 0xD8, 0xFF, 0x02, 0, 2])
        }
    }

    @Test func refusesTables() {
        func without(_ marker: UInt8) -> [UInt8] {
            Self.replacing(marker, in: Self.grey) { _ in [] }
        }
        expectError("quantization table 0", "none") { try Self.decode(without(0xDB)) }
        expectError("Huffman table 0 of DC", "none") { try Self.decode(without(0xC4)) }
        expectError("a frame header before a scan") { try Self.decode(without(0xC0)) }
        expectError("one frame header", "two") {
            try Self.decode(
                Self.replacing(0xC0, in: Self.grey) {
                    Self.segment(0xC0, $0) + Self.segment(0xC0, $0)
                })
        }
        func table(_ content: [UInt8]) -> [UInt8] {
            [0xFF, 0xD8] + Self.segment(0xC4, content) + [0xFF, 0xD9]
        }
        let zeros = [UInt8](repeating: 0, count: 15)
        expectError("a Huffman code of DC", "table 1") {
            try Self.decode(table([1, 3] + zeros + [0, 0, 0]))
        }
        expectError("a Huffman code of DC") { try Self.decode(table([0, 1] + zeros + [16])) }
        expectError("kind 0 or 1", "kind 2") { try Self.decode(table([0x20])) }
        expectError("8 or 16 bits", "precision 2") {
            try Self.decode([0xFF, 0xD8] + Self.segment(0xDB, [0x20]))
        }
    }

    @Test func refusesScans() throws {
        let one = Self.separateScans
        let starts = one.indices.dropLast().filter { one[$0] == 0xFF && one[$0 + 1] == 0xDA }
        #expect(starts.count == 3)
        expectError("a scan of component 3", "none") {
            try Self.decode(Array(one[..<starts[2]]) + [0xFF, 0xD9])
        }
        expectError("one scan of component 2", "two") {
            try Self.decode(Array(one[..<starts[2]]) + one[starts[1]...])
        }
        let progressive = Self.progressive
        let second = progressive.indices.dropLast().filter {
            progressive[$0] == 0xFF && progressive[$0 + 1] == 0xDA
        }[1]
        expectError("each bit of coefficient 0 once") {
            // The first scan twice.
            let first = try #require(
                progressive.indices.dropLast().first {
                    progressive[$0] == 0xFF && progressive[$0 + 1] == 0xDA
                })
            return try Self.decode(Array(progressive[..<second]) + progressive[first...])
        }
        // A restart marker out of order.
        var restarts = Self.restarts
        let marker = try #require(
            restarts.indices.dropLast().first { restarts[$0] == 0xFF && restarts[$0 + 1] == 0xD1 })
        restarts[marker + 1] = 0xD2
        expectError("the restart marker 0xd1 at byte \(marker)", "0xd2") {
            try Self.decode(restarts)
        }
        restarts[marker + 1] = 0xD9
        expectError("the restart marker 0xd1") { try Self.decode(restarts) }
        let cut = Self.grey.count - 20
        expectError("more coded image data at byte \(cut)", "a marker") {
            try Self.decode(Array(Self.grey[..<cut]) + [0xFF, 0xD9])
        }
        expectError("more coded image data", "the end of the file") {
            try Self.decode(Array(Self.grey[..<cut]))
        }
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

@Suite struct InverseCosineTransformTests {
    /// The definition in double precision; what is computed in whole numbers is off by less than a
    /// level where no two levels are equally near.
    @Test func isTheDefinition() {
        var random = SplitMix(seed: 12)
        var worst = 0.0
        for count in [1, 2, 5, 20, 64] {
            for _ in 0..<50 {
                var coefficients = [Int16](repeating: 0, count: 64)
                coefficients[0] = .random(in: -900...900, using: &random)
                for _ in 1..<count {
                    coefficients[.random(in: 0..<64, using: &random)] = .random(
                        in: -60...60, using: &random)
                }
                var samples = [UInt8](repeating: 0, count: 8 * 11)
                coefficients.withUnsafeBufferPointer { coefficients in
                    samples.withUnsafeMutableBufferPointer {
                        InverseCosineTransform.apply(coefficients, to: $0, at: 2, stride: 11)
                    }
                }
                for row in 0..<8 {
                    for column in 0..<8 {
                        let exact = Self.sample(of: coefficients, row, column)
                        worst = max(worst, abs(Double(samples[2 + 11 * row + column]) - exact))
                    }
                }
                // What lies between the rows stays.
                #expect(samples[0] == 0 && samples[10] == 0)
            }
        }
        #expect(worst < 0.6)
    }

    static func sample(of coefficients: [Int16], _ row: Int, _ column: Int) -> Double {
        var sum = 0.0
        for (place, coefficient) in coefficients.enumerated() where coefficient != 0 {
            let (down, across) = (place / 8, place % 8)
            let scale = (down == 0 ? 0.5.squareRoot() : 1) * (across == 0 ? 0.5.squareRoot() : 1)
            sum +=
                Double(coefficient) * scale / 4
                * cos(Double((2 * row + 1) * down) * .pi / 16)
                * cos(Double((2 * column + 1) * across) * .pi / 16)
        }
        return min(max(sum + 128, 0), 255)
    }
}

@Suite struct ImageFileTests {
    @Test func readsByContent() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/picture.dat"
            try AtomicFile.write(PNGTests.colour, to: path)
            let tensor = try ImageFile.read(path)
            #expect(tensor.shape == [3, 3, 4])
            #expect(
                tensor.elements(as: UInt8.self)
                    == (0..<3).flatMap { channel in
                        (0..<12).map { PNGTests.colours[3 * $0 + channel] }
                    })
            try AtomicFile.write(JPEGTests.grey, to: path)
            #expect(try ImageFile.read(path).shape == [1, 13, 19])
            try AtomicFile.write(GzipTests.coded, to: path)
            expectError(path, "a PNG or JPEG file", "something else") { try ImageFile.read(path) }
        }
    }
}
