import FileSupport
import Testing

@testable import Datasets

/// What is no JPEG file that can be read is refused, with the reason.
extension JPEGTests {
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
}
