import Autograd
import Foundation
import TestSupport
import Testing

/// Matrix products of many sizes against a plain loop.
@Suite struct ProductTests {
    /// A factor `[…, rows, columns]`, given transposed where flagged.
    private static func factor(
        _ shape: [Int], transposed: Bool, _ type: DataType, from generator: inout RandomGenerator
    ) -> Tensor {
        let shape = transposed ? shape.dropLast(2) + shape.suffix(2).reversed() : shape
        return generator.uniform(shape, from: -1, to: 1, dataType: type)
    }

    /// The product by three loops in double precision.
    private static func reference(
        _ a: Tensor, _ b: Tensor, _ transposingLeft: Bool, _ transposingRight: Bool
    ) -> [Double] {
        let left = numbers(transposingLeft ? a.transposed() : a)
        let right = numbers(transposingRight ? b : b.transposed())
        let depth = a.shape[transposingLeft ? 0 : 1]
        let rows = a.shape[transposingLeft ? 1 : 0]
        let columns = b.shape[transposingRight ? 0 : 1]
        var result: [Double] = []
        result.reserveCapacity(rows * columns)
        left.withUnsafeBufferPointer { left in
            right.withUnsafeBufferPointer { right in
                for row in 0..<rows {
                    for column in 0..<columns {
                        var sum = 0.0
                        for place in 0..<depth {
                            sum += left[row * depth + place] * right[column * depth + place]
                        }
                        result.append(sum)
                    }
                }
            }
        }
        return result
    }

    private static func check(
        rows: Int, depth: Int, columns: Int, _ transposingLeft: Bool, _ transposingRight: Bool,
        _ type: DataType
    ) {
        var generator = RandomGenerator(seed: 4)
        let a = factor([rows, depth], transposed: transposingLeft, type, from: &generator)
        let b = factor([depth, columns], transposed: transposingRight, type, from: &generator)
        let product = matmul(
            a, b, transposingLeft: transposingLeft, transposingRight: transposingRight)
        #expect(product.shape == [rows, columns])
        #expect(product.dataType == type)
        let roundoff = type == .float32 ? Double(Float.ulpOfOne) : Double.ulpOfOne
        let comparison = closeness(
            of: numbers(product), to: reference(a, b, transposingLeft, transposingRight),
            // The error of a sum grows with its length at most; half of a unit each.
            tolerance: roundoff * Double(max(depth, 1)))
        #expect(comparison.passes, "\(rows) × \(depth) × \(columns)")
    }

    /// Around the sizes of register tiles and vectors.
    @Test(arguments: [DataType.float32, .float64])
    func smallSizes(_ type: DataType) {
        let sizes = [0, 1, 2, 3, 5, 11, 12, 13, 31, 32, 33]
        for (index, rows) in sizes.enumerated() {
            for (other, columns) in sizes.enumerated() {
                let depth = sizes[(2 * index + 3 * other) % sizes.count]
                withEvery(
                    "transposed", in: [(false, false), (true, false), (false, true), (true, true)]
                ) {
                    Self.check(rows: rows, depth: depth, columns: columns, $0.0, $0.1, type)
                }
            }
        }
    }

    /// Beyond the blocks that are packed, and cut for the threads.
    @Test(arguments: [
        (64, 65, 200), (65, 400, 64), (200, 12, 385), (385, 33, 31), (1, 400, 400),
        (400, 400, 1), (13, 385, 400), (400, 2, 400), (65, 1, 385), (7, 17000, 5), (90, 70, 1030),
    ])
    func largerSizes(_ rows: Int, _ depth: Int, _ columns: Int) {
        withEvery("transposed", in: [(false, false), (true, false), (false, true), (true, true)]) {
            Self.check(rows: rows, depth: depth, columns: columns, $0.0, $0.1, .float32)
            Self.check(rows: rows, depth: depth, columns: columns, $0.0, $0.1, .float64)
        }
    }

    /// Sums over nothing are 0, whatever memory held before.
    @Test func noDepthGivesZeros() {
        for _ in 0..<3 {
            _ = Tensor.ones([40, 30]) * 7
            let product = matmul(Tensor.zeros([40, 0]), Tensor.zeros([0, 30]))
            #expect(product.isIdentical(to: Tensor.zeros([40, 30])))
        }
    }

    /// A batch is its products one by one.
    @Test(arguments: [
        ([3], [3]), ([3], []), ([], [3]), ([2, 1], [3]), ([1], [2, 2]), ([0], []), ([2], [1]),
    ])
    func batchesAreTheirProducts(_ left: [Int], _ right: [Int]) {
        var generator = RandomGenerator(seed: 6)
        for flags in [(false, false), (true, false), (false, true), (true, true)] {
            let a = Self.factor([7, 13], transposed: flags.0, .float64, from: &generator)
            let b = Self.factor([13, 5], transposed: flags.1, .float64, from: &generator)
            let batchA = generator.uniform(left + a.shape, dataType: .float64)
            let batchB = generator.uniform(right + b.shape, dataType: .float64)
            let found = matmul(batchA, batchB, transposingLeft: flags.0, transposingRight: flags.1)
            let expected = product(
                flags.0 ? swapped(NaiveArray(batchA)) : NaiveArray(batchA),
                flags.1 ? swapped(NaiveArray(batchB)) : NaiveArray(batchB))
            #expect(closeness(of: found, to: expected.tensor, tolerance: 1e-13).passes)
        }
    }

    /// Products whose factors are what others' cotangents are: large enough to be packed.
    @Test func derivativesOfLargerProducts() {
        var generator = RandomGenerator(seed: 7)
        for flags in [(false, false), (true, false), (false, true), (true, true)] {
            let a = Self.factor([2, 14, 33], transposed: flags.0, .float64, from: &generator)
            let b = Self.factor([33, 17], transposed: flags.1, .float64, from: &generator)
            let check = gradientCheck(at: a, b, order: 2, mode: .directional()) { a, b in
                tanh(0.2 * matmul(a, b, transposingLeft: flags.0, transposingRight: flags.1))
            }
            #expect(check.passes, "\(flags): \(check)")
        }
    }

    /// Not-a-number and infinities reach exactly the rows and columns they stand in, also where
    /// the other factor is zero.
    @Test(arguments: [Double.nan, .infinity], [DataType.float32, .float64])
    func whatIsNotFinitePropagates(_ value: Double, _ type: DataType) {
        for size in [3, 13, 70] {
            var elements = [Double](repeating: 0, count: size * size)
            elements[size + 2] = value
            let a = Tensor(elements, shape: [size, size]).cast(to: type)
            let ones = Tensor.ones([size, size], dataType: type)
            let inLeft = NaiveArray(matmul(a, ones))
            let inRight = NaiveArray(matmul(ones, a))
            let byZero = NaiveArray(matmul(a, Tensor.zeros(like: a)))
            for index in NaiveArray.indices([size, size]) {
                for (found, isReached) in [
                    (inLeft[index], index[0] == 1), (inRight[index], index[1] == 2),
                ] {
                    let isRight =
                        isReached
                        ? (value.isNaN ? found.isNaN : found == .infinity) : found == 0
                    #expect(isRight)
                }
                #expect(byZero[index].isNaN == (index[0] == 1))
            }
        }
    }

    @Test func sameBitsForAnyNumberOfThreads() async {
        await #expect(processExitsWith: .success) {
            var generator = RandomGenerator(seed: 8)
            for (rows, depth, columns) in [
                (400, 400, 400), (385, 200, 33), (33, 200, 385), (13, 4000, 400), (1, 800, 2000),
                (2000, 800, 1), (128, 784, 400), (33, 20000, 40), (1100, 40, 70), (70, 40, 1100),
            ] {
                for type in [DataType.float32, .float64] {
                    for flags in [(false, false), (true, false), (false, true), (true, true)] {
                        let a = generator.normal(
                            flags.0 ? [depth, rows] : [rows, depth], dataType: type)
                        let b = generator.normal(
                            flags.1 ? [columns, depth] : [depth, columns], dataType: type)
                        func product(threads: Int) -> Tensor {
                            Threads.count = threads
                            return matmul(
                                a, b, transposingLeft: flags.0, transposingRight: flags.1)
                        }
                        let serial = product(threads: 1)
                        for threads in [2, 3, 5] {
                            let isSame = product(threads: threads).isIdentical(to: serial)
                            #expect(isSame, "\(rows) × \(depth) × \(columns), \(threads) threads")
                        }
                    }
                }
            }
            let a = generator.normal([24, 50, 40])
            let b = generator.normal([24, 40, 60])
            Threads.count = 1
            let serial = matmul(a, b)
            Threads.count = 2
            #expect(matmul(a, b).isIdentical(to: serial))
        }
    }

    /// Multiplications with subnormal numbers are slow.
    @Test func subnormalElementsOfLargeProductsCountAsZeros() {
        let tiny = Tensor(repeating: 1e-40, shape: [100, 100])
        let large = Tensor(repeating: 1e30, shape: [100, 100])
        #expect(matmul(tiny, large) == Tensor.zeros([100, 100]))
        #expect(matmul(large, tiny) == Tensor.zeros([100, 100]))
        let images = tiny.reshaped([1, 1, 100, 100])
        let filter = large[0..<3, 0..<3].reshaped([1, 1, 3, 3])
        #expect(convolution2D(images, filter) == Tensor.zeros([1, 1, 98, 98]))
        // A result that would be subnormal, of usual numbers.
        let small = Tensor(repeating: 1e-20, shape: [100, 100])
        #expect(matmul(small, small * 1e-4) == Tensor.zeros([100, 100]))
        // Nothing of this is left behind.
        #expect((tiny * large).min().scalar > 0)
        #expect(matmul(tiny[0..<8], large)[0, 0].scalar > 0)
    }

    @Test func dotIsASum() {
        #expect(dot(Tensor([1.0, 2, 3]), Tensor([4.0, 5, 6])).scalar == 32)
        #expect(dot(Tensor([1.0, 2, 3]), Tensor([4.0, 5, 6])).shape == [])
    }
}
