import FileSupport
import Testing

@testable import Datasets

/// Files written by Pillow 13.0 and, where their names are `halfDown` and `separateScans`, by
/// libjpeg-turbo 2.1.5. Their pixels were red 7x + 3y + 2(xy mod 11), green 255 − 5x − 4y and blue
/// 40 + 120((⌊x / 3⌋ + ⌊y / 4⌋) mod 2) + 2x, as far as there are such numbers. What they decode to
/// is that of Pillow with libjpeg-turbo 3.2.0, to the bit.
extension JPEGTests {
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
}
