import KernelInterface
import Testing

@Suite("Conversions")
struct ConversionTests {
    private func convert<Source: KernelElement, Target: KernelElement>(
        _ set: TestedKernels, _ input: [Source], to zero: Target,
        from source: DataType = Source.type, as target: DataType = Target.type
    ) -> [Target] {
        var output = [Target](repeating: zero, count: input.count)
        set.kernels.convert(source, target, input, &output, input.count)
        return output
    }

    private static let numbers: [Double] = [
        0, -0.0, 0.5, -0.5, 0.99, -0.99, 1, -1, 1.5, -2.7, 254.9, 255, 255.5, 256, -1e-300,
        2_147_483_646.5, 2_147_483_647, 2_147_483_648, -2_147_483_648, -2_147_483_649, 1e10, -1e10,
        1e300, .infinity, -.infinity, .nan, 16_777_217, 0.1, 100.25,
    ]

    private func integer<T: FixedWidthInteger>(_ x: Double, _: T.Type) -> T {
        x.isNaN ? 0 : T(exactly: x.rounded(.towardZero)) ?? (x < 0 ? .min : .max)
    }

    @Test("of floating-point numbers", arguments: TestedKernels.supported)
    func floatingPoint(set: TestedKernels) {
        let doubles = Self.numbers
        let floats = doubles.map(Float.init)
        #expect(sameBits(convert(set, doubles, to: Float(0)), floats))
        #expect(sameBits(convert(set, floats, to: Double(0)), floats.map(Double.init)))
        #expect(sameBits(convert(set, floats, to: Float(0)), floats))
        #expect(sameBits(convert(set, doubles, to: Double(0)), doubles))
        #expect(convert(set, doubles, to: Int32(0)) == doubles.map { integer($0, Int32.self) })
        #expect(
            convert(set, floats, to: Int32(0)) == floats.map { integer(Double($0), Int32.self) })
        #expect(convert(set, doubles, to: UInt8(0)) == doubles.map { integer($0, UInt8.self) })
        #expect(
            convert(set, floats, to: UInt8(0)) == floats.map { integer(Double($0), UInt8.self) })
        #expect(convert(set, doubles, to: UInt8(0), as: .bool) == doubles.map { $0 == 0 ? 0 : 1 })
        #expect(convert(set, floats, to: UInt8(0), as: .bool) == floats.map { $0 == 0 ? 0 : 1 })
    }

    @Test("of integers", arguments: TestedKernels.supported)
    func integers(set: TestedKernels) {
        let words: [Int32] = [0, 1, -1, 254, 255, 256, 16_777_217, -16_777_219, .max, .min]
        #expect(convert(set, words, to: Float(0)) == words.map { Float($0) })
        #expect(convert(set, words, to: Double(0)) == words.map { Double($0) })
        #expect(convert(set, words, to: Int32(0)) == words)
        #expect(convert(set, words, to: UInt8(0)) == words.map { UInt8(clamping: $0) })
        #expect(convert(set, words, to: UInt8(0), as: .bool) == words.map { $0 == 0 ? 0 : 1 })
        let bytes = [UInt8](0...255)
        #expect(convert(set, bytes, to: Float(0)) == bytes.map { Float($0) })
        #expect(convert(set, bytes, to: Double(0)) == bytes.map { Double($0) })
        #expect(convert(set, bytes, to: Int32(0)) == bytes.map { Int32($0) })
        #expect(convert(set, bytes, to: UInt8(0)) == bytes)
        #expect(convert(set, bytes, to: UInt8(0), as: .bool) == bytes.map { $0 == 0 ? 0 : 1 })
    }

    @Test("of truth values", arguments: TestedKernels.supported)
    func truth(set: TestedKernels) {
        let truth: [UInt8] = [0, 1, 1, 0, 1]
        #expect(convert(set, truth, to: Float(0), from: .bool) == truth.map { Float($0) })
        #expect(convert(set, truth, to: Double(0), from: .bool) == truth.map { Double($0) })
        #expect(convert(set, truth, to: Int32(0), from: .bool) == truth.map { Int32($0) })
        #expect(convert(set, truth, to: UInt8(9), from: .bool) == truth)
        #expect(convert(set, truth, to: UInt8(9), from: .bool, as: .bool) == truth)
    }
}
