import Autograd
import FileSupport
import Foundation
import Testing

@testable import Datasets

/// Files written by NumPy 2.4.6.
@Suite struct NPYTests {
    static let floats = base64(
        """
        k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzog\
        KDMsIDIpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg\
        ICAgICAgIAoAAMA/AAAAwAAAUEBvEoM6AAAAAAAA4EA=
        """)
    /// [1, −2.5, 0.1, 65504] of `float16`.
    static let halves = base64(
        """
        k05VTVBZAQB2AHsnZGVzY3InOiAnPGYyJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzog\
        KDQsKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg\
        ICAgICAgIAoAPADBZi7/ew==
        """)
    static let doubles = base64(
        """
        k05VTVBZAgB0AAAAeydkZXNjcic6ICc8ZjgnLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUn\
        OiAoMiwpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg\
        ICAgICAgIApVVVVVVVXVP5x1AIg85Df+
        """)
    static let longs = base64(
        """
        k05VTVBZAQB2AHsnZGVzY3InOiAnPGk4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzog\
        KDMsKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg\
        ICAgICAgIAoBAAAAAAAAAP7/////////////fwAAAAA=
        """)
    static let tooLong = base64(
        """
        k05VTVBZAQB2AHsnZGVzY3InOiAnPGk4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzog\
        KDIsKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg\
        ICAgICAgIAoBAAAAAAAAAAAAAIAAAAAA
        """)
    static let bytes = base64(
        """
        k05VTVBZAQB2AHsnZGVzY3InOiAnfHUxJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzog\
        KDEsIDIsIDMpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg\
        ICAgICAgIAoAAQIDBAU=
        """)
    static let truths = base64(
        """
        k05VTVBZAQB2AHsnZGVzY3InOiAnfGIxJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzog\
        KDIsKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg\
        ICAgICAgIAoBAA==
        """)
    static let scalar = base64(
        """
        k05VTVBZAQB2AHsnZGVzY3InOiAnPGk0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzog\
        KCksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg\
        ICAgICAgIAoqAAAA
        """)
    static let fortran = base64(
        """
        k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBUcnVlLCAnc2hhcGUnOiAo\
        MiwgMyksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg\
        ICAgICAgIAoAAAAAAABAQAAAgD8AAIBAAAAAQAAAoEA=
        """)
    static let bigEndian = base64(
        """
        k05VTVBZAQB2AHsnZGVzY3InOiAnPmY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzog\
        KDEsKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg\
        ICAgICAgIAo/gAAA
        """)
    static let structured = base64(
        """
        k05VTVBZAQB2AHsnZGVzY3InOiBbKCdhJywgJzxpNCcpLCAoJ2InLCAnPGY0JyldLCAnZm9ydHJhbl9v\
        cmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoMSwpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg\
        ICAgICAgIAoBAAAAAAAAQA==
        """)
    static let gzipped = base64(
        """
        H4sIAAAAAAACA5vsF+obEMnIUMZQrZ6SWpxcpG6loG6TaaKuo6Cell9UUpSYF59flJIKEndLzClOBYoX\
        ZyQWpAL5GsY6mjoKtQoUAC5GBgYGJiBmBmIA68ArBIwAAAA=
        """)

    static func decode(_ bytes: [UInt8]) throws(FileError) -> Tensor {
        try NPY.decode(bytes, path: "a.npy")
    }

    static func header(_ text: String, content: [UInt8] = []) -> [UInt8] {
        [0x93] + Array("NUMPY".utf8) + [1, 0] + UInt16(text.utf8.count).littleEndianBytes
            + Array(text.utf8) + content
    }

    @Test func reads() throws {
        #expect(
            try Self.decode(Self.floats).isIdentical(
                to: Tensor([1.5, -2, 3.25, 1e-3, 0, 7] as [Float], shape: [3, 2])))
        #expect(try Self.decode(Self.doubles).isIdentical(to: Tensor([1.0 / 3, -1e300])))
        #expect(try Self.decode(Self.longs).isIdentical(to: Tensor([1, -2, .max] as [Int32])))
        #expect(
            try Self.decode(Self.bytes).isIdentical(
                to: Tensor([0, 1, 2, 3, 4, 5] as [UInt8], shape: [1, 2, 3])))
        #expect(try Self.decode(Self.truths).isIdentical(to: Tensor([true, false])))
        #expect(try Self.decode(Self.scalar).isIdentical(to: Tensor([42] as [Int32], shape: [])))
        #expect(
            try Self.decode(Self.fortran).isIdentical(
                to: Tensor([0, 1, 2, 3, 4, 5] as [Float], shape: [2, 3])))
        #expect(try Self.decode(Self.bigEndian).isIdentical(to: Tensor([1] as [Float])))
    }

    private static func array(
        _ type: String, _ shape: String, _ content: [UInt8]
    ) throws -> Tensor {
        let text = "{'descr': '\(type)', 'fortran_order': False, 'shape': \(shape), }\n"
        return try decode(header(text, content: content))
    }

    @Test func integersOfAllSizes() throws {
        func expect(_ type: String, _ content: [UInt8], _ numbers: [Int32]) throws {
            let array = try Self.array(type, "(\(numbers.count),)", content)
            #expect(array.isIdentical(to: Tensor(numbers)), "\(type)")
        }
        try expect("|i1", [0x80, 0x7F, 0xFF], [-128, 127, -1])
        try expect("<i2", [0x00, 0x80, 0x01, 0x02], [-32768, 513])
        try expect(">i2", [0x80, 0x00, 0x01, 0x02], [-32768, 258])
        try expect("<u2", [0xFF, 0xFF, 0x01, 0x00], [65535, 1])
        try expect(">u2", [0xFF, 0xFE], [65534])
        try expect(">i4", [0xFF, 0xFF, 0xFF, 0xFE], [-2])
        try expect("<u4", [0xFF, 0xFF, 0xFF, 0x7F], [.max])
        try expect("<u8", [3, 0, 0, 0, 0, 0, 0, 0], [3])
        try expect(">i8", [0xFF, 0xFF, 0xFF, 0xFF, 0x80, 0, 0, 0], [.min])
        for (type, content) in [
            ("<u4", [0, 0, 0, 0, 0, 0, 0, 0x80]),
            (">u8", [UInt8](repeating: 0, count: 12) + [0x80, 0, 0, 0]),
        ] {
            expectError("at most 32 bits", "2147483648 at index 1") {
                try Self.array(type, "(2,)", content)
            }
        }
    }

    /// Every number of half precision, against what its bits mean.
    @Test func halfPrecision() throws {
        let bits = (0...UInt16.max).flatMap { $0.littleEndianBytes }
        let array = try Self.array("<f2", "(65536,)", bits)
        #expect(array.dataType == .float16)
        let numbers = array.cast(to: .float32).elements(as: Float.self)
        #expect(numbers[0x3C00] == 1 && numbers[0xC000] == -2 && numbers[0x7BFF] == 65504)
        #expect(numbers[1] == 0x1p-24 && numbers[0x0400] == 0x1p-14 && numbers[0x03FF] == 0x3FFp-24)
        #expect(numbers[0x8000] == 0 && numbers[0x8000].sign == .minus)
        #expect(numbers[0x7C00] == .infinity && numbers[0xFC00] == -.infinity)
        #expect(numbers[0x7C01].isNaN && numbers[0xFFFF].isNaN)
        // Between infinities they ascend, and negative ones mirror positive ones.
        #expect(zip(numbers[..<0x7C00], numbers[1...0x7C00]).allSatisfy(<))
        #expect((0...0x7C00).allSatisfy { numbers[$0] == -numbers[$0 + 0x8000] })
        let turned = try Self.array(">f2", "(1, 2)", [0x3C, 0x00, 0x35, 0x55])
        #expect(
            turned.cast(to: .float32).isIdentical(
                to: Tensor([1, 0.33325195] as [Float], shape: [1, 2])))
    }

    /// The first axis runs fastest in the file.
    @Test func fortranOrderOfThreeAxes() throws {
        let text = "{'descr': '<i2', 'fortran_order': True, 'shape': (2, 3, 2), }\n"
        let content = (0..<12 as Range<Int16>).flatMap { $0.littleEndianBytes }
        let array = try Self.decode(Self.header(text, content: content))
        let expected: [Int32] = [0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11]
        #expect(array.isIdentical(to: Tensor(expected, shape: [2, 3, 2])))
        let empty = "{'descr': '<i2', 'fortran_order': True, 'shape': (0, 1000000000)}"
        #expect(try Self.decode(Self.header(empty)).count == 0)
    }

    @Test func readsGzipped() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/a.npy.gz"
            try AtomicFile.write(Self.gzipped, to: path)
            #expect(try NPY.read(path).isIdentical(to: Tensor([1, 2, 3] as [Int32])))
        }
    }

    /// NumPy's own bytes come out.
    @Test(arguments: [floats, bytes, truths, halves]) func writesAsNumPy(_ file: [UInt8]) throws {
        #expect(try NPY.encode(Self.decode(file)) == file)
    }

    @Test func halvesOfNumPy() throws {
        let found = try Self.decode(Self.halves)
        #expect(found.isIdentical(to: Tensor([1, -2.5, 0.1, 65504]).cast(to: .float16)))
    }

    /// NumPy has no such type.
    @Test func brainFloatsAreRefused() async {
        await #expect(processExitsWith: .failure) {
            _ = NPY.encode(Tensor([1.0]).cast(to: .bfloat16))
        }
    }

    @Test func roundTrips() throws {
        let tensors = [
            Tensor([1, -0.0, .infinity] as [Float]), Tensor([Double.pi], shape: [1, 1, 1]),
            Tensor([Int32.min, 5], shape: [2, 1]), Tensor([] as [Float], shape: [0, 3]),
            Tensor([7] as [UInt8], shape: []), Tensor([true]),
            Tensor([1, -2.5, .infinity, 0.1]).cast(to: .float16),
        ]
        try withTemporaryFolder { folder in
            for tensor in tensors {
                try NPY.write(tensor, to: folder + "/a.npy")
                #expect(try NPY.read(folder + "/a.npy").isIdentical(to: tensor))
            }
        }
    }

    @Test func refuses() {
        expectError("a.npy", "2147483648 at index 1") { try Self.decode(Self.tooLong) }
        for type in ["<f1", "<c8", "|O", "<U3", "<M8[ns]", "|i2", "", "f4", "<u3", "<b2"] {
            expectError("elements that are numbers or truth values", "\"\(type)\"") {
                try Self.decode(
                    Self.header(
                        "{'descr': '\(type)', 'fortran_order': False, 'shape': (0,)}", content: []))
            }
        }
        expectError("a header with 'descr'") { try Self.decode(Self.structured) }
        expectError("found 25 bytes") { try Self.decode(Self.floats + [0]) }
        expectError("an empty file") { try Self.decode([]) }
        expectError("something else") { try Self.decode(Array("not an array".utf8)) }
        var version = Self.floats
        version[6] = 9
        expectError("version 9") { try Self.decode(version) }
        var truth = Self.truths
        truth[truth.count - 1] = 2
        expectError("2 at index 1") { try Self.decode(truth) }
    }

    /// Headers that claim more than there is, or what a tensor cannot have.
    @Test(arguments: [
        "(1152921504606846976,)", "(4294967296, 4294967296, 4294967296)",
        "(0, 9223372036854775807, 9223372036854775807)", "(9223372036854775807, 0)",
        "(99999999999999999999,)", "(-1,)",
        "(1, 2", "(1 2)", "1", "()(", "(,)", "('1',)",
    ])
    func hostileShapes(_ shape: String) {
        let header = "{'descr': '<f4', 'fortran_order': False, 'shape': \(shape), }\n"
        #expect(throws: FileError.self) { try Self.decode(Self.header(header)) }
    }

    @Test func headersInOtherWords() throws {
        let order = "{\"shape\":(2,),'fortran_order':False,'descr':'|u1'}"
        #expect(
            try Self.decode(Self.header(order, content: [3, 4]))
                .isIdentical(to: Tensor([3, 4] as [UInt8])))
        for header in [
            "", "{}", "{'descr': '|u1', 'shape': (0,)}", "{'descr' '|u1'}", "{'descr",
            "{'descr': '|u1', 'descr': '|u1', 'fortran_order': False, 'shape': (0,)}",
            "{'descr': '|u1', 'fortran_order': 0, 'shape': (0,)}",
            "{'descr': '|u1', 'fortran_order': False, 'shape': (0,), 'x': 1}",
            "{'descr': '|u1', 'fortran_order': False, 'shape': (0,)} x",
        ] {
            #expect(throws: FileError.self, "\(header)") {
                try Self.decode(Self.header(header))
            }
        }
    }

    @Test(arguments: [floats, doubles, longs, bytes, truths, scalar])
    func truncated(_ file: [UInt8]) { expectTruncationsThrow(file, Self.decode) }

    /// A flipped bit may change a number, but it never traps.
    @Test func flipped() {
        for file in [Self.floats, Self.doubles, Self.longs, Self.truths] {
            for bit in 0..<8 * file.count {
                var flipped = file
                flipped[bit / 8] ^= 1 << UInt8(bit % 8)
                if let tensor = try? Self.decode(flipped) { #expect(tensor.count <= 8 * 12) }
            }
        }
    }
}
