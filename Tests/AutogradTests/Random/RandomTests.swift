import Autograd
import Foundation
import TestSupport
import Testing

/// Random numbers: the same for the same seed, and distributed as they should be. The seeds are
/// fixed, so the statistics are too; the bounds are five standard errors.
@Suite struct RandomTests {
    private static let count = 100_000

    /// Checks a statistic that is a mean of `count` terms with the given standard deviation.
    private func expectNear(
        _ found: Double, _ expected: Double, deviation: Double, count: Int = count,
        _ what: String, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let bound = 5 * deviation / Double(count).squareRoot()
        #expect(
            abs(found - expected) <= bound, "\(what): \(found), expected \(expected) ± \(bound)",
            sourceLocation: sourceLocation)
    }

    private func mean(_ values: [Double], _ body: (Double) -> Double = { $0 }) -> Double {
        values.reduce(0) { $0 + body($1) } / Double(values.count)
    }

    // MARK: Reproducibility

    /// Everything a generator gives, with sizes that leave blocks half used.
    private static func everything(_ generator: inout RandomGenerator) -> [Tensor] {
        [
            generator.uniform([3, 5]), generator.uniform([7], dataType: .float64),
            generator.normal([5]),
            generator.normal([3, 3], mean: 1, standardDeviation: 2, dataType: .float64),
            generator.bernoulli([9], probability: 0.3), generator.integers([6], in: -4..<9),
            Tensor(generator.permutation(13).map(Int32.init)),
            Tensor([Int32(truncatingIfNeeded: generator.next())]), generator.uniform([1]),
        ]
    }

    private func areIdentical(_ a: [Tensor], _ b: [Tensor]) -> Bool {
        a.count == b.count && zip(a, b).allSatisfy { $0.isIdentical(to: $1) }
    }

    @Test func theSeedDecides() {
        var (first, second, other) = (
            RandomGenerator(seed: 42), RandomGenerator(seed: 42), RandomGenerator(seed: 43)
        )
        let drawn = Self.everything(&first)
        #expect(areIdentical(drawn, Self.everything(&second)))
        for (one, another) in zip(drawn, Self.everything(&other)).dropLast(2) {
            #expect(!one.isIdentical(to: another))
        }
        #expect(!areIdentical(drawn, Self.everything(&first)))
    }

    @Test func copiesGoOnWithTheSameNumbers() {
        var generator = RandomGenerator(seed: 1)
        _ = generator.normal([5])
        var copy = generator
        #expect(copy == generator)
        #expect(areIdentical(Self.everything(&generator), Self.everything(&copy)))
    }

    @Test func savedAndRestoredExactly() throws {
        var generator = RandomGenerator(seed: .max)
        _ = generator.split()
        var child = generator.split()
        for _ in 0..<3 { _ = Self.everything(&child) }
        let data = try JSONEncoder().encode(child)
        var restored = try JSONDecoder().decode(RandomGenerator.self, from: data)
        #expect(restored == child)
        #expect(areIdentical(Self.everything(&restored), Self.everything(&child)))
        #expect(areIdentical([restored.split().uniformOnce()], [child.split().uniformOnce()]))
    }

    @Test func theSameForAnyNumberOfThreads() async {
        await #expect(processExitsWith: .success) {
            func drawn(threads: Int) -> [Tensor] {
                Threads.count = threads
                var generator = RandomGenerator(seed: 8)
                return [
                    generator.uniform([100_003]), generator.uniform([70_001], dataType: .float64),
                    generator.normal([100_003]), generator.normal([70_001], dataType: .float64),
                    generator.bernoulli([100_003], probability: 0.5),
                    generator.integers([100_003], in: 0..<10),
                    Tensor(generator.permutation(50_001).map(Int32.init)),
                ]
            }
            let serial = drawn(threads: 1)
            for threads in [2, 3] {
                for (one, other) in zip(serial, drawn(threads: threads)) {
                    let isSame = one.isIdentical(to: other)
                    #expect(isSame, "\(threads) threads, \(one.dataType) of shape \(one.shape)")
                }
            }
        }
    }

    @Test func worksWithTheStandardLibrary() {
        var (first, second) = (RandomGenerator(seed: 3), RandomGenerator(seed: 3))
        let shuffled = (0..<100).shuffled(using: &first)
        #expect(shuffled == (0..<100).shuffled(using: &second))
        #expect(shuffled.sorted() == Array(0..<100))
        #expect(shuffled != Array(0..<100))
    }

    // MARK: Independence

    private func correlation(_ a: [Double], _ b: [Double]) -> Double {
        let (meanA, meanB) = (mean(a), mean(b))
        let product = zip(a, b).reduce(0) { $0 + ($1.0 - meanA) * ($1.1 - meanB) }
        let squares = [(a, meanA), (b, meanB)].map { values, mean in
            values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        }
        return product / (squares[0] * squares[1]).squareRoot()
    }

    @Test func splitStreamsAreIndependent() {
        var parent = RandomGenerator(seed: 5)
        var (first, second) = (parent.split(), parent.split())
        #expect(first != second)
        var neighbour = RandomGenerator(seed: 6)
        let streams = [
            parent.normal([Self.count]), first.normal([Self.count]), second.normal([Self.count]),
            neighbour.normal([Self.count]),
        ].map(numbers)
        for (index, one) in streams.enumerated() {
            for other in streams[..<index] {
                expectNear(correlation(one, other), 0, deviation: 1, "correlation of streams")
                let common = Set(one.prefix(1000)).intersection(other.prefix(1000))
                #expect(common.count < 10)
            }
            // Nor does a stream repeat itself.
            for lag in [1, 2, 4, 100] {
                let lagged = correlation(Array(one.dropLast(lag)), Array(one.dropFirst(lag)))
                expectNear(lagged, 0, deviation: 1, "correlation at lag \(lag)")
            }
        }
    }

    // MARK: Distributions

    @Test(arguments: [DataType.float32, .float64])
    func uniformMoments(_ type: DataType) {
        var generator = RandomGenerator(seed: 11)
        let drawn = generator.uniform([Self.count], dataType: type)
        #expect(drawn.dataType == type)
        let values = numbers(drawn)
        #expect(values.allSatisfy { $0 >= 0 && $0 < 1 })
        // The moments of order k are 1 / (k + 1).
        for order in 1...4 {
            let power = Double(order)
            let variance = 1 / (2 * power + 1) - 1 / ((power + 1) * (power + 1))
            expectNear(
                mean(values) { pow($0, power) }, 1 / (power + 1),
                deviation: variance.squareRoot(), "moment \(order)")
        }
        // Also the last digits are uniform.
        let digits = mean(values) { ($0 * 4096).truncatingRemainder(dividingBy: 1) }
        expectNear(digits, 0.5, deviation: (1.0 / 12).squareRoot(), "later digits")
        expectNear(
            mean(values) { $0 < 0.001 ? 1 : 0 }, 0.001, deviation: 0.001.squareRoot(), "tail")
        let cells = counts(values.map { Int($0 * 100) }, cells: 100)
        expectFits(cells, "cells of a hundredth")
    }

    @Test(arguments: [DataType.float32, .float64])
    func uniformIntervals(_ type: DataType) {
        var generator = RandomGenerator(seed: 12)
        let values = numbers(generator.uniform([20_000], from: -3, to: 5, dataType: type))
        #expect(values.allSatisfy { $0 >= -3 && $0 < 5 })
        expectNear(mean(values), 1, deviation: 8 / 12.0.squareRoot(), count: 20_000, "mean")
        #expect((values.min() ?? 0) < -2.99)
        #expect((values.max() ?? 0) > 4.99)
    }

    /// The upper end is excluded also where rounding would reach it.
    @Test func theUpperEndIsExcluded() {
        var generator = RandomGenerator(seed: 13)
        let values = generator.uniform([Self.count], from: 16_777_215, to: 16_777_216)
        #expect(values.max().scalar < 16_777_216)
        #expect(values.min().scalar >= 16_777_215)
    }

    @Test(arguments: [DataType.float32, .float64])
    func normalMomentsAndTails(_ type: DataType) {
        var generator = RandomGenerator(seed: 14)
        let drawn = generator.normal([Self.count], dataType: type)
        #expect(drawn.dataType == type)
        let values = numbers(drawn)
        #expect(values.allSatisfy { $0.isFinite })
        expectNear(mean(values), 0, deviation: 1, "mean")
        // Variances of the powers: E x⁴ − 1, E x⁶, E x⁸ − 9.
        expectNear(mean(values) { $0 * $0 }, 1, deviation: 2.0.squareRoot(), "variance")
        expectNear(mean(values) { $0 * $0 * $0 }, 0, deviation: 15.0.squareRoot(), "skewness")
        expectNear(
            mean(values) { $0 * $0 * $0 * $0 }, 3, deviation: 96.0.squareRoot(), "kurtosis")
        for bound in [0.5, 1, 2, 3, 4] {
            let probability = erfc(bound / 2.0.squareRoot())
            expectNear(
                mean(values) { abs($0) > bound ? 1 : 0 }, probability,
                deviation: (probability * (1 - probability)).squareRoot(), "beyond \(bound)")
            expectNear(
                mean(values) { $0 > bound ? 1 : 0 }, probability / 2,
                deviation: (probability / 2).squareRoot(), "above \(bound)")
        }
        // The numbers are made in pairs, which are independent all the same.
        let (even, odd) = (
            stride(from: 0, to: values.count, by: 2).map { values[$0] },
            stride(from: 1, to: values.count, by: 2).map { values[$0] }
        )
        expectNear(correlation(even, odd), 0, deviation: 1, count: even.count, "pairs")
        expectNear(
            correlation(even.map { $0 * $0 }, odd.map { $0 * $0 }), 0, deviation: 1,
            count: even.count, "squares of pairs")
    }

    @Test func normalWithMeanAndDeviation() {
        var generator = RandomGenerator(seed: 15)
        let values = numbers(generator.normal([Self.count], mean: -2, standardDeviation: 3))
        expectNear(mean(values), -2, deviation: 3, "mean")
        expectNear(
            mean(values) { ($0 + 2) * ($0 + 2) }, 9, deviation: 9 * 2.0.squareRoot(), "variance")
        #expect(generator.normal([0]).shape == [0])
        #expect(generator.normal([]).shape == [])
        #expect(generator.normal([3, 1]).shape == [3, 1])
    }

    @Test(arguments: [0.0, 0.001, 0.3, 0.5, 1.0])
    func bernoulliFrequency(_ probability: Double) {
        var generator = RandomGenerator(seed: 16)
        let values = numbers(generator.bernoulli([Self.count], probability: probability))
        #expect(values.allSatisfy { $0 == 0 || $0 == 1 })
        let deviation = (probability * (1 - probability)).squareRoot()
        expectNear(mean(values), probability, deviation: deviation, "frequency")
    }

    @Test func bernoulliOfProbabilities() {
        var generator = RandomGenerator(seed: 17)
        let probabilities = Tensor([0.0, 0.2, 0.9, 1]).broadcast(to: [50_000, 4])
        let drawn = generator.bernoulli(probabilities: probabilities)
        #expect(drawn.dataType == .float64)
        let means = numbers(drawn.mean(axes: [0]))
        for (found, probability) in zip(means, [0, 0.2, 0.9, 1]) {
            let deviation = (probability * (1 - probability)).squareRoot()
            expectNear(found, probability, deviation: deviation, count: 50_000, "\(probability)")
        }
    }

    @Test(arguments: [0..<1, 0..<10, -5..<2, 100..<1100])
    func integersAreEquallyLikely(_ range: Range<Int>) {
        var generator = RandomGenerator(seed: 18)
        let drawn = generator.integers([Self.count], in: range)
        #expect(drawn.dataType == .int32)
        let values = drawn.elements(as: Int32.self).map { Int($0) }
        #expect(values.allSatisfy(range.contains))
        expectFits(counts(values.map { $0 - range.lowerBound }, cells: range.count), "\(range)")
    }

    @Test func integersOfTheWholeRange() {
        var generator = RandomGenerator(seed: 19)
        let range = Int(Int32.min)..<Int(Int32.max) + 1
        let values = numbers(generator.integers([Self.count], in: range))
        expectNear(mean(values), -0.5, deviation: 0x1p32 / 12.0.squareRoot(), "mean")
        #expect((values.min() ?? 0) < -0.999 * 0x1p31)
        #expect((values.max() ?? 0) > 0.999 * 0x1p31)
    }

    @Test func permutationsAreUniform() {
        var generator = RandomGenerator(seed: 20)
        for count in [0, 1, 2, 3, 17, 1000] {
            #expect(generator.permutation(count).sorted() == Array(0..<count))
        }
        // Each of the 24 orders of four things equally often.
        let orders = (0..<24_000).map { _ in
            generator.permutation(4).reduce(0) { 4 * $0 + $1 }
        }
        let frequencies = Dictionary(orders.map { ($0, 1) }, uniquingKeysWith: +)
        #expect(frequencies.count == 24)
        expectFits(Array(frequencies.values), "orders of four")
        // And every element equally often at every place of a longer one.
        var places = [Int](repeating: 0, count: 400)
        for _ in 0..<2000 {
            for (place, element) in generator.permutation(20).enumerated() {
                places[20 * place + element] += 1
            }
        }
        // Rows and columns each have a fixed sum.
        expectFits(places, degrees: 19 * 19, "elements at places")
    }

    private func counts(_ values: [Int], cells: Int) -> [Int] {
        var counts = [Int](repeating: 0, count: cells)
        for value in values { counts[value] += 1 }
        return counts
    }

    /// Pearson's test of equal frequencies: χ² of n degrees of freedom has mean n and standard
    /// deviation √(2n). Numbers that are too even fail as well.
    private func expectFits(
        _ counts: [Int], degrees: Int? = nil, _ what: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let expected = Double(counts.reduce(0, +)) / Double(counts.count)
        let statistic = counts.reduce(0.0) { sum, count in
            sum + (Double(count) - expected) * (Double(count) - expected) / expected
        }
        let degrees = Double(degrees ?? counts.count - 1)
        #expect(
            abs(statistic - degrees) <= 5 * (2 * degrees).squareRoot(),
            "\(what): χ² = \(statistic) for \(degrees) degrees of freedom",
            sourceLocation: sourceLocation)
    }
}

extension RandomGenerator {
    fileprivate func uniformOnce() -> Tensor {
        var copy = self
        return copy.uniform([3])
    }
}

@Test func drawsTakeShapeAndTypeFromATensor() {
    let like = Tensor.zeros([3, 2], dataType: .float64)
    var (first, second) = (RandomGenerator(seed: 1), RandomGenerator(seed: 1))
    #expect(
        first.normal(like: like).isIdentical(to: second.normal([3, 2], dataType: .float64)))
    #expect(
        first.uniform(like: like).isIdentical(to: second.uniform([3, 2], dataType: .float64)))
}
