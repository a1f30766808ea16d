import KernelInterface
import Testing

/// A result depends on its operands, and neither on where in an array they stand nor on how
/// long it is; and nothing is written outside the output.
@Suite("Independence of position")
struct PositionTests {
    static let longest = 70

    private func arguments<T: BinaryFloatingPoint>(seed: UInt64) -> [T]
    where T.RawSignificand: FixedWidthInteger {
        var generator = TestGenerator(seed: seed)
        // Some lanes beyond the fast path of sine and cosine, some special.
        return (0..<Self.longest).map {
            switch $0 % 16 {
            case 3: 1e9
            case 7: -.infinity
            case 11: .nan
            case 13: .leastNonzeroMagnitude
            default: T.random(in: -30...30, using: &generator)
            }
        }
    }

    private func check<T: KernelElement & BinaryFloatingPoint>(
        _ left: [T], _ right: [T], _ what: String,
        _ kernel: (UnsafePointer<T>, UnsafePointer<T>, UnsafeMutablePointer<T>, Int) -> Void
    ) {
        var whole = left
        kernel(left, right, &whole, left.count)
        let canary: T = 12_345
        left.withUnsafeBufferPointer { left in
            right.withUnsafeBufferPointer { right in
                for start in 0...20 {
                    for count in 0...(Self.longest - start) {
                        var part = [T](repeating: canary, count: count + 2)
                        part.withUnsafeMutableBufferPointer {
                            kernel(
                                left.baseAddress! + start, right.baseAddress! + start,
                                $0.baseAddress! + 1, count)
                        }
                        let expected = [canary] + whole[start..<(start + count)] + [canary]
                        #expect(sameBits(part, expected), "\(what) from \(start), \(count) long")
                    }
                }
            }
        }
    }

    @Test(arguments: TestedKernels.supported, UnaryFunction.allCases)
    func unary(set: TestedKernels, function: UnaryFunction) {
        let floats: [Float] = arguments(seed: 4)
        check(floats, floats, "float32") { x, _, y, count in
            set.kernels.unary(function, .float32, x, y, count)
        }
        let doubles: [Double] = arguments(seed: 5)
        check(doubles, doubles, "float64") { x, _, y, count in
            set.kernels.unary(function, .float64, x, y, count)
        }
    }

    @Test(arguments: TestedKernels.supported, BinaryFunction.allCases)
    func binary(set: TestedKernels, function: BinaryFunction) {
        let (a, b): ([Float], [Float]) = (arguments(seed: 6), arguments(seed: 7).reversed())
        check(a, b, "float32") { x, y, z, count in
            set.kernels.binary(function, .float32, x, 1, y, 1, z, count)
        }
        let (c, d): ([Double], [Double]) = (arguments(seed: 8), arguments(seed: 9).reversed())
        check(c, d, "float64") { x, y, z, count in
            set.kernels.binary(function, .float64, x, 1, y, 1, z, count)
        }
    }

    @Test("a repeated operand is the same as an array of it", arguments: TestedKernels.supported)
    func repeated(set: TestedKernels) {
        let x: [Float] = arguments(seed: 10)
        for function in BinaryFunction.allCases {
            for value: Float in [-2.5, 2, 0.5, 3, .nan] {
                let array = [Float](repeating: value, count: x.count)
                // Of NaN, which has no sign that means anything, any will do.
                func known(_ numbers: [Float]) -> [Float] { numbers.map { $0.isNaN ? .nan : $0 } }
                #expect(
                    sameBits(
                        known(set.binary(function, x, [value])),
                        known(set.binary(function, x, array))),
                    "\(function) of an array and \(value)")
                #expect(
                    sameBits(
                        known(set.binary(function, [value], x)),
                        known(set.binary(function, array, x))),
                    "\(function) of \(value) and an array")
            }
        }
        var both = [Float](repeating: 0, count: 21)
        set.kernels.binary(.subtract, .float32, [5 as Float], 0, [3 as Float], 0, &both, 21)
        #expect(both == [Float](repeating: 2, count: 21))
    }

    @Test("output in the place of an input", arguments: TestedKernels.supported)
    func inPlace(set: TestedKernels) {
        let x: [Float] = arguments(seed: 11)
        for function in UnaryFunction.allCases {
            var y = x
            y.withUnsafeMutableBytes {
                set.kernels.unary(
                    function, .float32, $0.baseAddress!, $0.baseAddress!, x.count)
            }
            #expect(sameBits(y, set.unary(function, x)), "\(function)")
        }
    }
}
