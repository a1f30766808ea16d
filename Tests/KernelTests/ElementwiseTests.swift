import Foundation
import KernelInterface
import Testing

@Suite("Elementwise kernels")
struct ElementwiseTests {
    @Test("float32 arithmetic", arguments: TestedKernels.supported)
    func arithmetic(set: TestedKernels) {
        let special: [Float] = [0, -0.0, 1, -1, 3.5, 1e30, -0x1p-130, .infinity, -.infinity, .nan]
        let left = special.flatMap { x in special.map { _ in x } }
        let right = special.flatMap { _ in special }
        func check(_ function: BinaryFunction, _ naive: (Float, Float) -> Float) {
            for (i, result) in set.binary(function, left, right).enumerated() {
                let expected = naive(left[i], right[i])
                #expect(
                    result == expected || result.isNaN && expected.isNaN,
                    "\(function) of \(left[i]) and \(right[i]) is \(result)")
            }
        }
        check(.add, +)
        check(.subtract, -)
        check(.multiply, *)
        check(.divide, /)
        check(.minimum) { $0.isNaN || $1.isNaN ? .nan : Swift.min($0, $1) }
        check(.shareOfGreater) {
            $0.isNaN || $1.isNaN ? .nan : $0 > $1 ? 1 : $0 < $1 ? 0 : 0.5
        }
        check(.maximum) { $0.isNaN || $1.isNaN ? .nan : Swift.max($0, $1) }
    }

    @Test("cross-entropies by logits cancel no digits", arguments: TestedKernels.supported)
    func crossEntropies(set: TestedKernels) {
        let logits = stride(from: -40, through: 40, by: 0.37).map { Float($0) }
        for target in [0, 1, 0.25, 0.5] as [Float] {
            let values = set.binary(.binaryCrossEntropy, logits, [target])
            let slopes = set.binary(.binaryCrossEntropySlope, logits, [target])
            for (index, logit) in logits.enumerated() {
                let (x, t) = (Double(logit), Double(target))
                let decay = exp(-abs(x))
                let missed = (x > 0 ? 1 : 0) - t
                let value = x * missed + log1p(decay)
                let slope = missed + (x > 0 ? -1 : 1) * decay / (1 + decay)
                #expect(abs(Double(values[index]) - value) <= 3e-7 * value)
                #expect(abs(Double(slopes[index]) - slope) <= 3e-7 * max(decay, abs(missed)))
            }
        }
    }

    @Test("int32 arithmetic wraps", arguments: TestedKernels.supported)
    func integers(set: TestedKernels) {
        let special: [Int32] = [0, 1, -1, 7, -100, 65_536, .max, .min]
        let left = special.flatMap { x in special.map { _ in x } }
        let right = special.flatMap { _ in special }
        func pairs(_ naive: (Int32, Int32) -> Int32) -> [Int32] { zip(left, right).map(naive) }
        #expect(set.binary(.add, left, right) == pairs(&+))
        #expect(set.binary(.subtract, left, right) == pairs(&-))
        #expect(set.binary(.multiply, left, right) == pairs(&*))
        #expect(set.binary(.minimum, left, right) == pairs(Swift.min))
        #expect(set.binary(.maximum, left, right) == pairs(Swift.max))
        #expect(set.binary(.subtract, left, [3]) == left.map { $0 &- 3 })
        #expect(set.binary(.subtract, [3], right) == right.map { 3 &- $0 })
        #expect(set.unary(.negate, special) == special.map { 0 &- $0 })
        #expect(set.unary(.absolute, special) == special.map { $0 < 0 ? 0 &- $0 : $0 })
        #expect(set.unary(.sign, special) == special.map { $0.signum() })
    }

    private func checkComparisons<T: KernelElement & Comparable>(
        _ set: TestedKernels, _ values: [T], type: DataType = T.type
    ) {
        let left = values.flatMap { x in values.map { _ in x } }
        let right = values.flatMap { _ in values }
        for comparison in Comparison.allCases {
            let naive: (T, T) -> Bool =
                switch comparison {
                case .equal: (==)
                case .notEqual: (!=)
                case .less: (<)
                case .lessOrEqual: (<=)
                case .greater: (>)
                case .greaterOrEqual: (>=)
                }
            for (leftStride, rightStride) in [(1, 1), (0, 1), (1, 0), (0, 0)] {
                var output = [UInt8](repeating: 7, count: left.count)
                set.kernels.compare(
                    comparison, type, left, leftStride, right, rightStride, &output, left.count)
                let expected = left.indices.map {
                    naive(left[$0 * leftStride], right[$0 * rightStride]) ? 1 as UInt8 : 0
                }
                #expect(output == expected, "\(comparison) \(type) \(leftStride) \(rightStride)")
            }
        }
    }

    @Test("comparisons", arguments: TestedKernels.supported)
    func comparisons(set: TestedKernels) {
        let floats: [Float] = [.nan, 0, -0.0, 1, -1, 0x1p-149, .infinity, -.infinity, 2]
        checkComparisons(set, floats)
        checkComparisons(set, floats.map(Double.init))
        checkComparisons(set, [0, 1, -1, .max, .min, 5, 6] as [Int32])
        checkComparisons(set, [0, 1, 127, 128, 255] as [UInt8])
        checkComparisons(set, [0, 1] as [UInt8], type: .bool)
    }

    private func checkSelection<T: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
        _ set: TestedKernels, of _: T.Type
    ) {
        var generator = TestGenerator(seed: 12)
        let count = 75
        let mask = (0..<count).map { _ in UInt8.random(in: 0...1, using: &generator) }
        let left = (0..<count).map { _ in T.random(in: 0 ... .max, using: &generator) }
        let right = (0..<count).map { _ in T.random(in: 0 ... .max, using: &generator) }
        for strides in 0..<8 {
            let (m, l, r) = (strides & 1, strides >> 1 & 1, strides >> 2)
            var output = [T](repeating: 0, count: count)
            set.kernels.select(
                MemoryLayout<T>.size, mask, m, left, l, right, r, &output, count)
            let expected = (0..<count).map { mask[$0 * m] != 0 ? left[$0 * l] : right[$0 * r] }
            #expect(output == expected, "\(T.self) with strides \(m), \(l), \(r)")
        }
    }

    @Test("selection", arguments: TestedKernels.supported)
    func selection(set: TestedKernels) {
        checkSelection(set, of: UInt8.self)
        checkSelection(set, of: UInt32.self)
        checkSelection(set, of: UInt64.self)
    }
}
