import Autograd
import Foundation
import LatentAnalysis
import TestSupport
import Testing

@Suite struct KernelDiscrepancyTests {
    /// The unbiased estimate, pair by pair.
    private func discrepancy(_ a: [[Double]], _ b: [[Double]]) -> Double {
        func kernel(_ x: [Double], _ y: [Double]) -> Double {
            pow(zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } / Double(x.count) + 1, 3)
        }
        func within(_ x: [[Double]]) -> Double {
            var sum = 0.0
            for i in x.indices { for j in x.indices where i != j { sum += kernel(x[i], x[j]) } }
            return sum / Double(x.count * (x.count - 1))
        }
        var between = 0.0
        for x in a { for y in b { between += kernel(x, y) } }
        return within(a) + within(b) - 2 * between / Double(a.count * b.count)
    }

    private let few = [[1.0, 2, 0], [0.5, -1, 3], [2, 2, -2], [0, 1, 1], [-1, 0, 0.5]]
    private let others = [[0.0, 1, 1], [3, -1, 0], [1, 1, 1], [0.5, 0, -2]]

    @Test func aBlockIsItsPairs() {
        var generator = RandomGenerator(seed: 1)
        let found = KernelDiscrepancy(
            between: Tensor(rows: few), and: Tensor(rows: others), blocks: 1, using: &generator)
        #expect(abs(found.mean - discrepancy(few, others)) < 1e-12)
        #expect(found.standardError.isNaN)
    }

    /// Every vector is in one block, whose order is drawn.
    @Test func blocksAreAveraged() {
        var generator = RandomGenerator(seed: 2)
        let found = KernelDiscrepancy(
            between: Tensor(rows: few), and: Tensor(rows: others), blocks: 2, using: &generator)
        var same = RandomGenerator(seed: 2)
        let a = same.permutation(5).map { few[$0] }
        let b = same.permutation(4).map { others[$0] }
        let values = [
            discrepancy(Array(a[..<2]), Array(b[..<2])),
            discrepancy(Array(a[2...]), Array(b[2...])),
        ]
        #expect(abs(found.mean - (values[0] + values[1]) / 2) < 1e-12)
        // Half the difference of two values is the standard error of their mean.
        #expect(abs(found.standardError - abs(values[0] - values[1]) / 2) < 1e-12)
    }

    /// In one dimension the kernel compares the first three moments.
    @Test func momentsOfNormalDistributions() {
        var generator = RandomGenerator(seed: 3)
        let a = generator.normal([20_000, 1], dataType: .float64)
        let b = generator.normal([20_000, 1], dataType: .float64)
        let same = KernelDiscrepancy(between: a, and: b, using: &generator)
        #expect(abs(same.mean) < 4 * same.standardError && same.standardError < 0.1)
        let apart = KernelDiscrepancy(between: a, and: b + 0.5, using: &generator)
        // Of third, second and first moments 1.625, 0.25 and 0.5 apart.
        let expected = 1.625 * 1.625 + 3 * 0.25 * 0.25 + 3 * 0.5 * 0.5
        #expect(abs(apart.mean - expected) < 4 * apart.standardError)
        #expect(apart.standardError < 0.3)
    }

    /// Values that overflow are not called good.
    @Test func tooLargeIsNoNumber() {
        var generator = RandomGenerator(seed: 4)
        let x = generator.normal([40, 2], dataType: .float64)
        #expect(!KernelDiscrepancy(between: x * 1e60, and: x, using: &generator).mean.isFinite)
    }

    @Test func mistakesTrap() async {
        var result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var generator = RandomGenerator(seed: 0)
            _ = KernelDiscrepancy(
                between: .zeros([9, 2]), and: .zeros([5, 2]), blocks: 3, using: &generator)
        }
        #expect(
            message(of: result).contains("3 blocks of 9 and 5 vectors, expected from 1 to 2"))
        result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var generator = RandomGenerator(seed: 0)
            _ = KernelDiscrepancy(between: .zeros([9, 2]), and: .zeros([5]), using: &generator)
        }
        #expect(message(of: result).contains("expected vectors of one width, [count, features]"))
    }
}
