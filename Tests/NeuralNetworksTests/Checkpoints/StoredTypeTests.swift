import Autograd
import Foundation
import ModelTestSupport
import Models
import TestSupport
import Testing

@testable import NeuralNetworks

/// Types that are in files, but not in tensors, and those of 16 bits, which tensors only store.
@Suite struct StoredTypeTests {
    private let folder = TemporaryFolder()
    private var path: String { folder.file("tensors.safetensors") }

    /// A file of one tensor.
    private func write(
        _ type: String, _ shape: [Int], _ data: [UInt8], name: String = "a"
    ) throws {
        let header =
            "{\"\(name)\":{\"data_offsets\":[0,\(data.count)],\"dtype\":\"\(type)\",\"shape\":"
            + "\(shape)}}"
        try writeFile(header, data)
    }

    private func writeFile(_ header: String, _ data: [UInt8]) throws {
        let length = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) }
        try TestSupport.write(length + header.utf8 + data, to: path)
    }

    private func read() throws -> Tensor {
        try #require(Safetensors(contentsOf: path).tensors["a"])
    }

    /// Values by the definitions of the formats.
    @Test(
        arguments: [
            // 1, −2, the greatest, the least above 0, and infinity; 1/3 as near as it comes.
            (
                "F16", 2, [0x3C00, 0xC000, 0x7BFF, 0x0001, 0x7C00, 0x3555, 0x8000],
                [
                    1, -2, 65504, 0x1p-24, .infinity, 0.333251953125, -0.0,
                ]
            ),
            (
                "BF16", 2, [0x3F80, 0xC000, 0x7F7F, 0x0001, 0xFF80, 0x3EAB],
                [
                    1, -2, 0x1.FEp127, 0x1p-133, -.infinity, 0.333984375,
                ]
            ),
            (
                "F8_E4M3", 1, [0x38, 0xC0, 0x7E, 0x01, 0x08, 0x80],
                [1, -2, 448, 0x1p-9, 0x1p-6, -0.0]
            ),
            ("F8_E5M2", 1, [0x3C, 0xC0, 0x7B, 0x01, 0xFC], [1, -2, 57344, 0x1p-16, -.infinity]),
        ] as [(String, Int, [Int], [Float])])
    func smallNumbersAreRead(_ type: String, _ size: Int, _ bits: [Int], _ values: [Float]) throws {
        let data = bits.flatMap { bits in
            (0..<size).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) }
        }
        try write(type, [bits.count, 1], data)
        let found = try read()
        #expect(found.shape == [bits.count, 1])
        #expect(
            found.cast(to: .float32).elements(as: Float.self).map(\.bitPattern)
                == values.map(\.bitPattern))
    }

    /// Every pattern of 16 bits, beside the type of the language.
    @Test func everyHalf() throws {
        let patterns = (0..<1 << 16).map { UInt16($0) }
        try write(
            "F16", [patterns.count],
            patterns.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] })
        let found = try read().cast(to: .float32).elements(as: Float.self)
        #if !(arch(x86_64) && os(macOS))
            for (pattern, value) in zip(patterns, found) {
                let expected = Float(Float16(bitPattern: pattern))
                #expect(value == expected || value.isNaN && expected.isNaN, "\(pattern)")
            }
        #endif
    }

    @Test func whatIsNoNumberStaysNone() throws {
        for (type, data) in [
            ("F16", [0x01, 0x7C]), ("BF16", [0xC0, 0x7F]), ("F8_E4M3", [0x7F]),
            ("F8_E4M3", [0xFF]), ("F8_E5M2", [0x7D]),
        ] as [(String, [UInt8])] {
            try write(type, [1], data)
            #expect(try read().cast(to: .float32).isNaN.all().scalar == 1, "\(type)")
        }
    }

    @Test(
        arguments: [
            ("I64", 8, [0, -1, 2_147_483_647, -2_147_483_648]), ("U64", 8, [0, 2_147_483_647]),
            ("U32", 4, [0, 2_147_483_647]), ("I16", 2, [-32768, 32767]), ("U16", 2, [0, 65535]),
            ("I8", 1, [-128, 127]), ("I32", 4, [-2_147_483_648, 5]),
        ] as [(String, Int, [Int])])
    func integersAreRead(_ type: String, _ size: Int, _ values: [Int]) throws {
        let data = values.flatMap { value in
            (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        try write(type, [values.count], data)
        let found = try read()
        #expect(found.dataType == .int32)
        #expect(found.elements(as: Int32.self).map { Int($0) } == values)
        try write(type, [], Array(data.prefix(size)))
        #expect(try read().shape == [])
        try write(type, [0, 3], [])
        #expect(try read().shape == [0, 3])
    }

    @Test(
        arguments: [
            ("I64", [0, 0, 0, 0x80, 0, 0, 0, 0], "2147483648"),
            ("I64", [0, 0, 0, 0, 0, 0, 0, 0x80], "-9223372036854775808"),
            ("U64", [UInt8](repeating: 255, count: 8), "18446744073709551615"),
            ("U32", [255, 255, 255, 255], "4294967295"),
        ] as [(String, [UInt8], String)])
    func anIntegerThatDoesNotFitIsNamed(_ type: String, _ data: [UInt8], _ value: String) throws {
        try write(type, [3], zeros(data.count) + data + data)
        let error = #expect(throws: FileError.self) { try Safetensors(contentsOf: path) }
        #expect(error?.expected == "numbers that fit into int32 in tensor \"a\"")
        #expect(error?.found == "\(value) as element 1")
    }

    private func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }

    // MARK: Parts of models

    /// Half-precision weights and a 64-bit counter, as PyTorch writes them.
    @Test func aModelTakesWhatIsConverted() throws {
        var generator = RandomGenerator(seed: 1)
        var dense = Dense(1, 2, hasBias: false, using: &generator)
        try write("BF16", [2, 1], [0x80, 0x3F, 0x00, 0xC0], name: "w\\u0065ight")
        try dense.load(from: path)
        #expect(dense.weight.elements(as: Float.self) == [1, -2])
    }

    @Test func whatModelsHaveInCommonIsLoaded() throws {
        var saved = TestNetwork(3, 4, 2)
        saved.steps = Tensor([5] as [Int32], shape: [])
        try saved.save(to: path)
        var deeper = TestNetwork(3, 4, 2, 7, seed: 2)
        let before = deeper
        let leftOut = try deeper.loadPart(from: path)
        #expect(leftOut == LeftOut(missing: ["layers.2.weight", "layers.2.bias"], unused: []))
        #expect(isIdentical(deeper.layers[1], saved.layers[1]) && deeper.steps.scalar == 5)
        #expect(isIdentical(deeper.layers[2], before.layers[2]))

        var shallower = TestNetwork(3, 4, seed: 2)
        #expect(
            try shallower.loadPart(from: path).unused == ["layers.1.bias", "layers.1.weight"])
        #expect(isIdentical(shallower.layers[0], saved.layers[0]))
        // Named also where all is wanted.
        let error = #expect(throws: FileError.self) { try shallower.load(from: path) }
        #expect(error?.found == "\"layers.1.bias\" and 1 more")
    }

    /// What is not wanted is not looked at: of a type that does not fit it is no reason to refuse.
    @Test func whatIsNotWantedMayBeAnything() throws {
        let header =
            #"{"layers.0.weight":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]},"#
            + #""many":{"dtype":"U64","shape":[1],"data_offsets":[4,12]}}"#
        try writeFile(header, [0, 0, 0x80, 0x3F] + [UInt8](repeating: 255, count: 8))
        #expect(throws: FileError.self) { try Safetensors(contentsOf: path) }
        var model = TestNetwork(1, 1)
        #expect(try model.loadPart(from: path).unused == ["many"])
        #expect(model.layers[0].weight.scalar == 1)
    }

    @Test func aPartOfAnotherShapeOrNoneIsRefused() throws {
        try TestNetwork(3, 4).save(to: path)
        var other = TestNetwork(3, 5)
        let before = other
        let error = #expect(throws: FileError.self) { try other.loadPart(from: path) }
        #expect(
            error?.expected.contains("\"layers.0.weight\" to be float32 of shape [5, 3]") == true)
        #expect(isIdentical(other, before))
        let none = #expect(throws: FileError.self) {
            try other.loadPart(from: path, prefix: "model.")
        }
        #expect(none?.expected.contains("such as \"model.layers.0.weight\"") == true)
        #expect(none?.found.contains("\"layers.0.bias\"") == true)
    }
}
