import Autograd
import TestSupport
import Testing

/// Sums of so many numbers that single precision would lose digits if it added one after the
/// other. A tenth of it is a little more than 0.1: rounding to nearest errs to one side for long.
@Suite struct LongSumTests {
    private static let tenth = Float(0.1)

    /// What `count` tenths come to, rounded once.
    private static func tenths(_ count: Int) -> Float { Float(Double(tenth) * Double(count)) }

    private static func tenths(_ shape: [Int]) -> Tensor { Tensor(repeating: 0.1, shape: shape) }

    private static let sums: [(shape: [Int], axes: [Int])] = [
        ([1_000_000], [0]), ([1_000_000, 1], [0]), ([2, 500_000], [1]), ([500_000, 2], [0]),
        ([100_000, 10], [0]), ([30_001, 33], [0]), ([4000, 300], [0]), ([1000, 2100], [0]),
        ([3, 5000, 40], [1]), ([100, 3, 5000], [0, 2]), ([40, 3000], [1]), ([300, 3000], [0, 1]),
    ]

    @Test(arguments: sums)
    func alongAnyAxis(_ shape: [Int], _ axes: [Int]) {
        let count = axes.reduce(1) { $0 * shape[$1] }
        let x = Self.tenths(shape)
        for x in [x, x * 1] {
            let sum = x.sum(axes: axes).elements(as: Float.self)
            #expect(sum.allSatisfy { $0 == Self.tenths(count) })
            let mean = x.mean(axes: axes).elements(as: Float.self)
            #expect(mean.allSatisfy { abs($0 / Self.tenth - 1) < 1.3e-7 })
        }
        #expect(x.variance(axes: axes).max().scalar < 1e-15)
    }

    @Test func ofNumbersOfBothSigns() {
        var generator = RandomGenerator(seed: 1)
        let x = generator.normal([300_000, 3], mean: 1)
        let double = x.cast(to: .float64)
        for axes in [[0], [0, 1]] {
            let expected = double.sum(axes: axes).cast(to: .float32)
            #expect(closeness(of: x.sum(axes: axes), to: expected, tolerance: 1.3e-7).passes)
        }
        #expect(abs(x.variance().scalar - double.variance().scalar) < 1e-6)
        let infinite = concatenated([x.reshaped([-1]), Tensor([Float.infinity])])
        #expect(infinite.sum().scalar == .infinity)
        #expect(concatenated([infinite, Tensor([-Float.infinity])]).sum().scalar.isNaN)
    }

    @Test func cumulativeSums() {
        let x = Self.tenths([1_000_000])
        #expect(x.cumulativeSum()[999_999].scalar == 100_000)
        #expect(x.cumulativeSum(reversed: true)[0].scalar == 100_000)
        #expect(x.cumulativeSum(exclusive: true)[999_999].scalar == Double(Self.tenths(999_999)))
        let columns = Self.tenths([40_000, 25]).cumulativeSum(axis: 0)
        for row in [0, 1, 777, 39_999] {
            let sums = columns[row].elements(as: Float.self)
            #expect(sums.allSatisfy { $0 == Self.tenths(row + 1) })
        }
    }

    @Test func scatteredToOnePlace() {
        let zeros = Tensor.zeros([1_000_000], dataType: .int32)
        let places = Self.tenths([1_000_000]).scatterAdded(at: zeros, size: 3)
        #expect(places.elements(as: Float.self) == [100_000, 0, 0])
        let along = Self.tenths([2, 100_000])
            .scatterAddedAlong(
                axis: 1, at: Tensor.zeros([2, 100_000], dataType: .int32), size: 2)
        #expect(along.elements(as: Float.self) == [1, 0, 1, 0].map { $0 * Self.tenths(100_000) })
        // Rows that many look up beside one that one does.
        var indices = [Int32](repeating: 4, count: 100_000)
        indices[17] = 2
        let rows = Self.tenths([100_000, 5]).scatterAdded(at: Tensor(indices), size: 6)
        let expected = [0, 0, Self.tenth, 0, Self.tenths(99_999), 0]
        for row in 0..<6 {
            #expect(rows[row].elements(as: Float.self).allSatisfy { $0 == expected[row] })
        }
    }

    /// Where many see one number its derivative is a long sum.
    @Test func derivatives() {
        let count = 100_000
        let tenths = Self.tenths([count, 4])
        let bias = gradient(at: Tensor.zeros([4])) { (tenths * ($0 + 1)).sum() }
        #expect(bias.elements(as: Float.self).allSatisfy { $0 == Self.tenths(count) })
        let repeated = gradient(at: Tensor.zeros([1, 4])) {
            ($0.broadcast(to: [count, 4]) * 0.1).sum()
        }
        #expect(repeated.elements(as: Float.self).allSatisfy { $0 == Self.tenths(count) })
        let indices = Tensor.zeros([count], dataType: .int32)
        let table = gradient(at: Tensor.zeros([2, 4])) { ($0.gathered(at: indices) * 0.1).sum() }
        #expect(table[0].elements(as: Float.self).allSatisfy { $0 == Self.tenths(count) })
        var generator = RandomGenerator(seed: 2)
        let x = generator.normal([count, 4])
        let shift = gradient(at: Tensor.zeros([4])) {
            (layerNormalization(x, weight: Tensor.ones([4]), bias: $0) * 0.1).sum()
        }
        #expect(
            shift.elements(as: Float.self).allSatisfy { abs($0 / Self.tenths(count) - 1) < 4e-6 },
            "\(shift)")
    }

    @Test func productsAndShares() {
        let (tenths, ones) = (Self.tenths([1_000_000]), Tensor.ones([1_000_000]))
        #expect(abs(dotProducts(tenths, ones).scalar / 100_000 - 1) < 1e-6)
        var generator = RandomGenerator(seed: 3)
        let x = generator.normal([1_000_000])
        #expect(abs(softmax(x).sum().scalar - 1) < 1e-6)
        #expect(abs(exp(logSoftmax(x)).sum().scalar - 1) < 1e-5)
        let norm = (x.cast(to: .float64) * x.cast(to: .float64)).sum().scalar.squareRoot()
        #expect(abs(x.norm().scalar / norm - 1) < 1e-6)
    }

    @Test func sameBitsForAnyNumberOfThreads() async {
        await #expect(processExitsWith: .success) {
            var generator = RandomGenerator(seed: 4)
            let x = generator.normal([50_000, 12])
            let indices = generator.integers([50_000], in: 0..<20)
            let isSame = isSameForAnyNumberOfThreads {
                [
                    x.sum(), x.sum(axes: [0]), square(x).sum(), x.cumulativeSum(axis: 0),
                    x.scatterAdded(at: indices, size: 20), x.reshaped([600_000]).norm(),
                ]
            }
            #expect(isSame)
        }
    }
}
