import Autograd
import LatentAnalysis
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
