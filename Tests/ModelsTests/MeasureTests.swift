import Autograd
import Datasets
import Models
import Synchronization
import Testing

@Suite struct RankingTests {
    /// The probability that a positive scores higher, pair by pair.
    private static func area(_ scores: [Double], _ isPositive: [Bool]) -> Double {
        var (sum, pairs) = (0.0, 0.0)
        for (a, isA) in zip(scores, isPositive) where isA {
            for (b, isB) in zip(scores, isPositive) where !isB {
                sum += a > b ? 1 : a == b ? 0.5 : 0
                pairs += 1
            }
        }
        return sum / pairs
    }

    /// What compares with nothing may score infinitely high or low.
    @Test func infiniteScoresAreRanked() throws {
        let ranking = try Ranking(
            scores: [.infinity, 1, -.infinity, .infinity], isPositive: [true, true, false, false])
        #expect(ranking.points.map(\.threshold) == [.infinity, 1, -.infinity])
        #expect(ranking.areaUnderCurve == 0.625)
    }

    @Test func knownValues() throws {
        // By hand: precision 1 at recall 1/2, then 2/3 at recall 1.
        let ranking = try Ranking(
            scores: [0.8, 0.4, 0.35, 0.1], isPositive: [true, false, true, false])
        #expect(abs(ranking.areaUnderCurve - 0.75) < 1e-15)
        #expect(abs(ranking.averagePrecision - (0.5 + 0.5 * 2 / 3)) < 1e-15)
        #expect(ranking.operatingCharacteristic.map(\.truePositiveRate) == [0, 0.5, 0.5, 1, 1])
        #expect(ranking.operatingCharacteristic.map(\.falsePositiveRate) == [0, 0, 0.5, 0.5, 1])
        let best = try Ranking(scores: [1, 2, 3], isPositive: [false, true, true])
        #expect(best.areaUnderCurve == 1 && best.averagePrecision == 1)
        let worst = try Ranking(scores: [3, 2, 1], isPositive: [false, true, true])
        #expect(worst.areaUnderCurve == 0)
    }

    @Test func tiesDoNotDependOnTheOrder() throws {
        let equal = try Ranking(scores: [1, 1, 1, 1], isPositive: [true, false, false, false])
        #expect(equal.areaUnderCurve == 0.5 && equal.averagePrecision == 0.25)
        #expect(equal.points.count == 1)
        var generator = RandomGenerator(seed: 1)
        let scores = generator.uniform([200], dataType: .float64).elements(as: Double.self)
            .map { ($0 * 12).rounded() }
        let chance = generator.uniform([200], dataType: .float64).elements(as: Double.self)
        let isPositive = zip(scores, chance).map { $0 * $1 > 4 }
        let ranking = try Ranking(scores: scores, isPositive: isPositive)
        #expect(abs(ranking.areaUnderCurve - Self.area(scores, isPositive)) < 1e-12)
        let order = generator.permutation(200)
        let shuffled = try Ranking(
            scores: order.map { scores[$0] }, isPositive: order.map { isPositive[$0] })
        #expect(shuffled.points == ranking.points)
    }

    @Test func oneClassCannotBeRanked() {
        #expect(throws: RankingError.self) {
            try Ranking(scores: [1, 2], isPositive: [true, true])
        }
        #expect(throws: RankingError.notANumber(sample: 1)) {
            try Ranking(scores: [1, .nan, 3], isPositive: [false, true, false])
        }
        let error = #expect(throws: RankingError.self) {
            try Ranking(scores: [1, 2, 3], isPositive: [false, false, false])
        }
        #expect(
            error?.description
                == "expected samples of two classes to compare, found 0 anomalies and 3 normal "
                + "ones")
    }
}

@Suite struct AnomalyMeasureTests {
    @Test func mahalanobisIsInUnitsOfTheSpread() {
        // Spread 2 along one direction and 1 along the other, turned by 45°, and none along a
        // third.
        let codes = Tensor(
            rows: [[2, 2, 5], [-2, -2, 5], [1, -1, 5], [-1, 1, 5.0]])
        let distance = MahalanobisDistance(from: codes)
        let squares = distance(Tensor(rows: [[2, 2, 5], [1, -1, 5], [0, 0, 5], [0, 0, 9.0]]))
            .elements(as: Double.self)
        #expect(zip(squares, [2, 2, 0]).allSatisfy { abs($0 - $1) < 1e-12 })
        // Along a direction without a spread, 10⁻⁹ of the greatest variance, which is 4, counts.
        #expect(abs(squares[3] / (16 / 4e-9) - 1) < 1e-9)
    }

    @Test func fromCodesThatAreAllEqualOthersAreInfinitelyFar() {
        for value in [0.0, 0.1, 5e300] {
            let distance = MahalanobisDistance(
                from: Tensor(rows: [[value, 3], [value, 3], [value, 3]]))
            let squares = distance(
                Tensor(rows: [[value, 3], [value + 1, 3], [value, 3.000001]])
            )
            .elements(as: Double.self)
            // One more is no difference to 5 · 10³⁰⁰.
            #expect(squares == [0, value < 1 ? .infinity : 0, .infinity])
        }
    }

    @Test func whatIsNotFiniteIsNotNear() {
        let codes = Tensor(rows: [[1, 0], [-1, 0], [0, 1], [0, -1.0]])
        let distance = MahalanobisDistance(from: codes)
        let squares = distance(
            Tensor(
                rows: [
                    [.nan, 0], [.infinity, 0], [-.infinity, .infinity], [1e300, 1e300],
                    [.nan, .infinity], [1, 0],
                ])
        ).elements(as: Double.self)
        #expect(squares[0].isNaN && squares[4].isNaN)
        #expect(squares[1...3].allSatisfy { $0 == .infinity })
        #expect(abs(squares[5] - 2) < 1e-12)
        for value in [Double.nan, .infinity] {
            let unknown = MahalanobisDistance(
                from: concatenated([codes, Tensor(rows: [[value, 0]])]))
            #expect(unknown(codes).elements(as: Double.self).allSatisfy { $0.isNaN })
        }
    }

    /// The units of codes do not matter, however large or small.
    @Test func mahalanobisIsWithoutUnits() {
        var generator = RandomGenerator(seed: 6)
        let codes = generator.normal([30, 3], dataType: .float64)
        let expected = MahalanobisDistance(from: codes)(codes)
        for unit in [1e-200, 1e-20, 1e20, 1e200] {
            let found = MahalanobisDistance(from: codes * unit)(codes * unit)
            #expect(abs(found / expected - 1).max().scalar < 1e-9, "\(unit)")
        }
    }

    @Test func errorsAreThoseOfThePasses() throws {
        var generator = RandomGenerator(seed: 2)
        let plain = try small(DenseAutoencoder()).autoencoder([6], using: &generator)
        let inputs = generator.uniform([9, 6])
        let samples = Examples(inputs)
        let errors = try plain.reconstructionErrors(of: samples, draws: 5, batchSize: 4)
        #expect(errors.shape == [9, 1])
        let direct = squaredError(plain.reconstruct(inputs), inputs)
        #expect(abs(errors.reshaped([9]) - direct).max().scalar < 1e-6)

        // With noise the draws are averaged.
        let noisy = try small(DenoisingAutoencoder()).autoencoder([6], using: &generator)
        let few = try noisy.reconstructionErrors(of: samples, draws: 1, seed: 1)
        let other = try noisy.reconstructionErrors(of: samples, draws: 1, seed: 2)
        #expect(!few.isIdentical(to: other))
        let many = try [1, 2].map {
            try noisy.reconstructionErrors(of: samples, draws: 400, seed: $0)
        }
        #expect(
            abs(many[0] - many[1]).max().scalar < abs(few - other).max().scalar)
        #expect(
            try noisy.reconstructionErrors(of: samples, draws: 3, seed: 1)
                .isIdentical(to: noisy.reconstructionErrors(of: samples, draws: 3, seed: 1)))
    }

    private func smallAutoencoder() -> some AutoencoderModel {
        var generator = RandomGenerator(seed: 3)
        return Autoencoder(
            encoder: PointEncoder(MultilayerPerceptron([6, 2], using: &generator)),
            decoder: BernoulliDecoder(MultilayerPerceptron([2, 6], using: &generator)))
    }

    /// Draws that leave a sample as it is do not pass for a model without randomness.
    @Test func rareCorruptionsAreNotMissed() throws {
        /// Loses everything, one time in ten.
        struct Seldom: Corruption {
            func callAsFunction(
                _ samples: Tensor, using generator: inout RandomGenerator
            ) -> Tensor { generator.uniform([]).scalar < 0.1 ? samples * 0 : samples }
        }
        let model = smallAutoencoder()
        var generator = RandomGenerator(seed: 4)
        let sample = generator.uniform([1, 6])
        func error(of input: Tensor) -> Double {
            squaredError(model.reconstruct(input), sample)[0].scalar
        }
        let found = try Denoising(model, from: Seldom())
            .reconstructionErrors(of: Examples(sample), draws: 400)[0].scalar
        let (clean, lost) = (error(of: sample), error(of: sample * 0))
        // Four standard deviations to each side.
        #expect(abs((found - clean) / (lost - clean) - 0.1) < 0.06)
    }

    @Test func whereNothingIsRandomOnePassIsMade() throws {
        final class Counter: Sendable { let count = Mutex(0) }
        struct Counting: Corruption {
            let counter = Counter()
            func callAsFunction(
                _ samples: Tensor, using generator: inout RandomGenerator
            ) -> Tensor {
                counter.count.withLock { $0 += 1 }
                return samples
            }
        }
        let counting = Counting()
        var generator = RandomGenerator(seed: 4)
        let samples = Examples(generator.uniform([9, 6]))
        _ = try Denoising(smallAutoencoder(), from: counting)
            .reconstructionErrors(of: samples, draws: 5, batchSize: 4)
        #expect(counting.counter.count.withLock { $0 } == 3)
    }

    private func small(_ recipe: some Recipe) throws -> any Recipe {
        try recipe.small(latentSize: 2, hiddenSizes: [8])
    }
}
