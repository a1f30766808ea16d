import KernelInterface
import Testing

/// The types of 16 bits that only store.
@Suite("Types of 16 bits")
struct HalfPrecisionTests {
    private static let patterns = (0...UInt16.max).map { $0 }
    private static let types = [DataType.float16, .bfloat16]

    private func convert<Source: BitwiseCopyable, Target: BitwiseCopyable>(
        _ set: TestedKernels, _ input: [Source], from source: DataType, to target: DataType,
        _ zero: Target
    ) -> [Target] {
        var output = [Target](repeating: zero, count: input.count)
        set.kernels.convert(source, target, input, &output, input.count)
        return output
    }

    /// The value of a pattern by the definition of the format: bits of exponent and significand.
    private func value(_ pattern: UInt16, _ type: DataType) -> Double {
        let significandBits = type == .float16 ? 10 : 7
        let greatest = type == .float16 ? 31 : 255
        let exponent = Int(pattern >> significandBits) & greatest
        let significand = Int(pattern) & (1 << significandBits - 1)
        let sign: Double = pattern >> 15 == 1 ? -1 : 1
        if exponent == greatest { return significand == 0 ? sign * .infinity : .nan }
        let whole = Double(significand + (exponent > 0 ? 1 << significandBits : 0))
        let scale = max(exponent, 1) - greatest / 2 - significandBits
        return sign * Double(sign: .plus, exponent: scale, significand: whole)
    }

    /// The pattern of the nearest number, found among all; ties to the even pattern.
    private func nearest(_ x: Double, _ type: DataType) -> UInt16 {
        let sign: UInt16 = x.sign == .minus ? 0x8000 : 0
        let infinity: UInt16 = type == .float16 ? 0x7C00 : 0x7F80
        var (low, high): (UInt16, UInt16) = (0, infinity)
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if value(middle, type) <= x.magnitude { low = middle } else { high = middle }
        }
        if x.magnitude == .infinity { return sign | infinity }
        // Beyond the greatest number there would be one as far away as the one before it.
        let above =
            high == infinity
            ? 2 * value(high - 1, type) - value(high - 2, type) : value(high, type)
        let (below, distance) = (x.magnitude - value(low, type), above - x.magnitude)
        return sign | (below < distance || below == distance && low % 2 == 0 ? low : high)
    }

    @Test("every pattern", arguments: TestedKernels.supported, types)
    func everyPattern(set: TestedKernels, type: DataType) {
        let floats = convert(set, Self.patterns, from: type, to: .float32, Float(0))
        let doubles = convert(set, Self.patterns, from: type, to: .float64, 0.0)
        let back = convert(set, floats, from: .float32, to: type, UInt16(0))
        let backFromDouble = convert(set, doubles, from: .float64, to: type, UInt16(0))
        let itself = convert(set, Self.patterns, from: type, to: type, UInt16(0))
        for pattern in Self.patterns {
            let index = Int(pattern)
            let expected = value(pattern, type)
            if expected.isNaN {
                #expect(floats[index].isNaN && doubles[index].isNaN)
                for pattern in [back[index], backFromDouble[index], itself[index]] {
                    #expect(value(pattern, type).isNaN)
                }
            } else {
                #expect(doubles[index].bitPattern == expected.bitPattern)
                #expect(Double(floats[index]).bitPattern == expected.bitPattern)
                #expect(back[index] == pattern && backFromDouble[index] == pattern)
                #expect(itself[index] == pattern)
            }
        }
    }

    /// Between every two neighbours: their middle, which goes to the even one, and what is next to
    /// it on either side. In `float64` the side is so near that a rounding to `float32` first would
    /// lose it.
    @Test("ties to even", arguments: TestedKernels.supported, types)
    func ties(set: TestedKernels, type: DataType) {
        let infinity: UInt16 = type == .float16 ? 0x7C00 : 0x7F80
        var numbers: [Double] = []
        var (exactly, towards): ([UInt16], [(below: UInt16, above: UInt16)]) = ([], [])
        for pattern in 0..<infinity {
            let here = value(pattern, type)
            let next =
                pattern + 1 == infinity
                ? 2 * here - value(pattern - 1, type) : value(pattern + 1, type)
            numbers.append((here + next) / 2)
            exactly.append(pattern % 2 == 0 ? pattern : pattern + 1)
            towards.append((pattern, pattern + 1))
        }
        for sign in [1.0, -1.0] {
            let bit: UInt16 = sign < 0 ? 0x8000 : 0
            func patterns(_ numbers: [Double]) -> [UInt16] {
                convert(set, numbers.map { sign * $0 }, from: .float64, to: type, UInt16(0))
            }
            func singlePatterns(_ numbers: [Float]) -> [UInt16] {
                convert(set, numbers.map { Float(sign) * $0 }, from: .float32, to: type, UInt16(0))
            }
            let floats = numbers.map { Float($0) }
            #expect(patterns(numbers) == exactly.map { bit | $0 })
            #expect(singlePatterns(floats) == exactly.map { bit | $0 })
            #expect(patterns(numbers.map(\.nextDown)) == towards.map { bit | $0.below })
            #expect(patterns(numbers.map(\.nextUp)) == towards.map { bit | $0.above })
            #expect(singlePatterns(floats.map(\.nextDown)) == towards.map { bit | $0.below })
            #expect(singlePatterns(floats.map(\.nextUp)) == towards.map { bit | $0.above })
        }
    }

    @Test("any number", arguments: TestedKernels.supported, types)
    func anyNumber(set: TestedKernels, type: DataType) {
        var generator = TestGenerator(seed: 5)
        let floats =
            (0..<4001).map { _ in
                Float(bitPattern: UInt32(truncatingIfNeeded: generator.next()))
            }.filter { !$0.isNaN } + [
                .infinity, -.infinity, .greatestFiniteMagnitude, 65519, 65520,
            ]
        let doubles =
            floats.map { Double($0) * 1.0000000001 } + [
                1e300, -1e300, 1e-300, .leastNonzeroMagnitude,
            ]
        #expect(
            convert(set, floats, from: .float32, to: type, UInt16(0))
                == floats.map { nearest(Double($0), type) })
        #expect(
            convert(set, doubles, from: .float64, to: type, UInt16(0))
                == doubles.map { nearest($0, type) })
    }

    @Test("integers and truth values", arguments: TestedKernels.supported, types)
    func integers(set: TestedKernels, type: DataType) {
        let words: [Int32] = [0, 1, -1, 255, 257, 2049, 2051, 65519, 65520, -65520, .max, .min]
        let rounded = convert(set, words, from: .int32, to: type, UInt16(0))
        #expect(rounded == words.map { nearest(Double($0), type) })
        let bytes = [UInt8](0...255)
        #expect(
            convert(set, bytes, from: .uint8, to: type, UInt16(0))
                == bytes.map { nearest(Double($0), type) })
        let numbers = [0.0, -0.0, 1, -2.75, 300, 65504, .infinity, .nan].map { number in
            number.isNaN ? UInt16(0x7FFF) : nearest(number, type)
        }
        let last: Int32 = type == .float16 ? 65504 : 65536
        #expect(
            convert(set, numbers, from: type, to: .int32, Int32(7))
                == [0, 0, 1, -2, 300, last, .max, 0])
        #expect(
            convert(set, numbers, from: type, to: .uint8, UInt8(7))
                == [0, 0, 1, 0, 255, 255, 255, 0])
        #expect(
            convert(set, numbers, from: type, to: .bool, UInt8(7)) == [0, 0, 1, 1, 1, 1, 1, 1])
        let one = nearest(1, type)
        #expect(convert(set, [0, 1] as [UInt8], from: .bool, to: type, UInt16(7)) == [0, one])
    }

    /// From one of the types to the other there is one rounding.
    @Test("from one to the other", arguments: TestedKernels.supported)
    func fromOneToTheOther(set: TestedKernels) {
        for (source, target) in [(DataType.float16, DataType.bfloat16), (.bfloat16, .float16)] {
            let found = convert(set, Self.patterns, from: source, to: target, UInt16(0))
            for pattern in Self.patterns {
                let number = value(pattern, source)
                let result = found[Int(pattern)]
                #expect(
                    number.isNaN ? value(result, target).isNaN : result == nearest(number, target))
            }
        }
    }

    @Test("move", arguments: TestedKernels.supported)
    func move(set: TestedKernels) {
        let elements: [UInt16] = [1, 2, 3, 0xFFFF, 5, 6]
        var output = [UInt16](repeating: 0, count: 6)
        set.kernels.copyStrided(2, [3, 2], [1, 3], [2, 1], elements, &output)
        #expect(output == [1, 0xFFFF, 2, 5, 3, 6])
        set.kernels.select(
            2, [1, 0, 1, 0, 1, 1], 1, elements, 1, [9] as [UInt16], 0, &output, 6)
        #expect(output == [1, 9, 3, 9, 5, 6])
    }
}
