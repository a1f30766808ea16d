import Autograd
import Testing

@testable import Datasets

@Suite struct IDXTests {
    static func decode(_ bytes: [UInt8]) throws(FileError) -> Tensor {
        try IDX.decode(bytes, path: "file.idx")
    }

    @Test func reads() throws {
        #expect(
            try Self.decode([0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 255])
                .isIdentical(to: Tensor([1, 2, 3, 4, 5, 255] as [UInt8], shape: [2, 3])))
        #expect(
            try Self.decode([0, 0, 9, 1, 0, 0, 0, 2, 0x80, 127])
                .isIdentical(to: Tensor([-128, 127] as [Int32])))
        #expect(
            try Self.decode([0, 0, 0x0B, 1, 0, 0, 0, 2, 0xFF, 0xFE, 1, 0])
                .isIdentical(to: Tensor([-2, 256] as [Int32])))
        #expect(
            try Self.decode([0, 0, 0x0C, 1, 0, 0, 0, 1, 0x80, 0, 0, 1])
                .isIdentical(to: Tensor([Int32.min + 1])))
        #expect(
            try Self.decode([0, 0, 0x0D, 1, 0, 0, 0, 1, 0xC0, 0x20, 0, 0])
                .isIdentical(to: Tensor([-2.5] as [Float])))
        #expect(
            try Self.decode([0, 0, 0x0E, 1, 0, 0, 0, 1, 0x3F, 0xF8, 0, 0, 0, 0, 0, 0])
                .isIdentical(to: Tensor([1.5])))
        #expect(
            try Self.decode([0, 0, 8, 0, 7]).isIdentical(to: Tensor([7] as [UInt8], shape: [])))
        #expect(
            try Self.decode([0, 0, 8, 2, 0, 0, 0, 0, 0, 0, 0, 9])
                .isIdentical(to: Tensor([] as [UInt8], shape: [0, 9])))
    }

    @Test func refuses() {
        let small: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 2, 1, 2]
        expectTruncationsThrow(small, Self.decode)
        expectTruncationsThrow([0, 0, 0x0D, 2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0], Self.decode)
        expectError("file.idx", "2 elements of 1 bytes", "found 3 bytes") {
            try Self.decode(small + [3])
        }
        expectError("an empty file") { try Self.decode([]) }
        for (index, value) in [(0, 1), (1, 1), (2, 7), (2, 0x0A), (2, 0x0F)] as [(Int, UInt8)] {
            var wrong = small
            wrong[index] = value
            expectError("an IDX file", "the bytes") { try Self.decode(wrong) }
        }
    }

    /// Headers that claim 2⁶⁰ elements, more than 64 bits can count, or none of many.
    @Test func hostileHeaders() {
        let claims: [[UInt8]] = [
            [0x40, 0, 0, 0, 0x40, 0, 0, 0], [UInt8](repeating: 0xFF, count: 16),
            [UInt8](repeating: 0xFF, count: 12) + [0, 0, 0, 0],
        ]
        for type: UInt8 in [8, 0x0C, 0x0E] {
            for claim in claims {
                let header = [0, 0, type, UInt8(claim.count / 4)] + claim
                expectError("elements of", "found 4 bytes") {
                    try Self.decode(header + [1, 2, 3, 4])
                }
            }
        }
        expectError("255 dimensions") { try Self.decode([0, 0, 8, 255, 0, 0, 0, 1, 1]) }
    }

    @Test func flippedBitsInAGzippedFile() throws {
        let path = "t10k-labels-idx1-ubyte.gz"
        let file = try Bundled.bytes(of: path, in: "digits8x8")
        try expectFlipsHarmless(file) { (bytes) throws(FileError) in
            try Self.decode(Gzip.decompress(bytes, path: path)).elements(as: UInt8.self)
        }
        expectTruncationsThrow(file) { bytes in
            try Self.decode(Gzip.decompress(bytes, path: path))
        }
    }
}

@Suite struct CIFARTests {
    static let records =
        [3] + [UInt8](repeating: 1, count: 1024)
        + [UInt8](repeating: 2, count: 1024) + [UInt8](repeating: 4, count: 1024)

    @Test func reads() throws {
        let (images, labels) = try CIFAR.decode(Self.records + Self.records, path: "")
        #expect(images.shape == [2, 3, 32, 32])
        let sum = images.elements(as: UInt8.self).reduce(0) { $0 + Int($1) }
        #expect(sum == 2 * 7 * 1024)
        #expect(labels.isIdentical(to: Tensor([3, 3] as [Int32])))
    }

    @Test func refuses() {
        expectError("b.bin", "records of 3073 bytes", "0 bytes") {
            try CIFAR.decode([], path: "b.bin")
        }
        for count in [1, 3072, 3074] {
            expectError("found \(count) bytes") {
                try CIFAR.decode([UInt8](repeating: 0, count: count), path: "")
            }
        }
        var wrong = Self.records + Self.records
        wrong[3073] = 10
        expectError("0 to 9 in record 1", "found 10") { try CIFAR.decode(wrong, path: "") }
    }
}
