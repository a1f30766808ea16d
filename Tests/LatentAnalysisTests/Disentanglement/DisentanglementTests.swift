import Autograd
import Datasets
import TestSupport
import Testing

@testable import LatentAnalysis

/// Scores of codes whose relation to the factors is known.
@Suite struct DisentanglementTests {
    private static let count = 6000

    /// Independent factors of eight values each.
    private static func factors(_ number: Int, areCategories: Bool = false) -> Factors {
        var generator = RandomGenerator(seed: 31)
        let values = (0..<count * number).map { _ in
            Float(min(Int(generator.uniform([1])[0].scalar * 8), 7))
        }
        return Factors(
            (0..<number).map { Factor("factor \($0)", isCategory: areCategories) },
            values: Tensor(values, shape: [count, number]))
    }

    private static func coded(_ codes: Tensor, _ factors: Factors) -> CodedFactors {
        CodedFactors(codes: codes, factors: factors, trainingCount: 4000)
    }

    /// All scores by name.
    private static func scores(_ coded: CodedFactors) -> [String: Double] {
        var generator = RandomGenerator(seed: 32)
        let dci = coded.dciScores(using: &generator)
        return [
            "gap": coded.mutualInformationGap,
            "predictability": coded.separatedAttributePredictability,
            "disentanglement": dci.disentanglement, "completeness": dci.completeness,
            "informativeness": dci.informativeness,
            "factorVAE": coded.factorVAEScore(using: &generator),
            "modularity": coded.modularity, "explicitness": coded.explicitness,
        ]
    }

    @Test func theFactorsThemselvesAreDisentangled() {
        let factors = Self.factors(3)
        // A number more than there are factors, which says nothing.
        var generator = RandomGenerator(seed: 33)
        let codes = concatenated(
            [factors.values, 0.01 * generator.normal([Self.count, 1])], axis: 1)
        let known = Self.coded(factors.values, factors)
        for (name, score) in Self.scores(known) {
            #expect(score > 0.97 && score <= 1 + 1e-9, "\(name): \(score)")
        }
        let more = Self.scores(Self.coded(codes, factors))
        for name in ["gap", "predictability", "disentanglement", "completeness", "factorVAE"] {
            #expect(more[name, default: 0] > 0.95, "\(name): \(more)")
        }
    }

    /// Each number says as much of one factor as of the other; together they say all.
    @Test func aRotatedPairHasNoGap() {
        let factors = Self.factors(2)
        let (a, b) = (factors.values(of: 0), factors.values(of: 1))
        let scores = Self.scores(Self.coded(stacked([a + b, a - b], axis: 1), factors))
        #expect(scores["gap", default: 1] < 0.03, "\(scores)")
        #expect(scores["predictability", default: 1] < 0.03, "\(scores)")
        #expect(scores["disentanglement", default: 1] < 0.1, "\(scores)")
        #expect(scores["completeness", default: 1] < 0.1, "\(scores)")
        #expect(scores["modularity", default: 1] < 0.2, "\(scores)")
        #expect(scores["explicitness", default: 0] > 0.95, "\(scores)")
        #expect(scores["factorVAE", default: 1] < 0.7, "\(scores)")
    }

    @Test func deadCodesSayNothing() {
        let factors = Self.factors(2)
        for score in Self.scores(Self.coded(.zeros([Self.count, 3]), factors)) {
            #expect(score.value == 0, "\(score)")
        }
    }

    /// With factors in another order scores are those of chance.
    @Test func shuffledFactorsAreNotTold() {
        let factors = Self.factors(4)
        var generator = RandomGenerator(seed: 34)
        let shuffled = Self.coded(factors.values, factors).shuffled(using: &generator)
        let scores = Self.scores(shuffled)
        for name in ["gap", "predictability", "informativeness", "explicitness"] {
            #expect(scores[name, default: 1] < 0.06, "\(name): \(scores)")
        }
        #expect(scores["factorVAE", default: 1] < 0.4)
    }

    /// The order of a category's values means nothing: a number that tells them in another order tells
    /// them all the same.
    @Test func categoriesHaveNoOrder() {
        let categories = Self.factors(2, areCategories: true)
        let order: [Float] = [3, 6, 0, 7, 2, 5, 1, 4]
        let codes = Tensor(
            categories.values.elements(as: Float.self).map { order[Int($0)] },
            shape: [Self.count, 2])
        #expect(Self.coded(codes, categories).separatedAttributePredictability > 0.95)
        let ordered = Self.factors(2)
        #expect(Self.coded(codes, ordered).separatedAttributePredictability < 0.3)
    }

    @Test func constantFactorsAreLeftOut() {
        let factors = Self.factors(2)
        let values = concatenated([factors.values, .ones([Self.count, 1])], axis: 1)
        let more = Factors(factors.all + [Factor("constant")], values: values)
        let coded = Self.coded(values, more)
        #expect(coded.factors.map(\.name) == ["factor 0", "factor 1"])
        #expect(coded.mutualInformationGap > 0.97)
    }

    @Test func whatDoesNotFitTraps() async {
        let factors = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            _ = CodedFactors(
                codes: .zeros([10, 2]),
                factors: Factors([Factor("a")], values: .ones([9, 1])), trainingCount: 5)
        }
        #expect(message(of: factors).contains("codes of shape [10, 2] with factors of [9, 1]"))
        let constant = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            _ = CodedFactors(
                codes: .zeros([10, 2]),
                factors: Factors([Factor("a")], values: .ones([10, 1])), trainingCount: 5)
        }
        #expect(message(of: constant).contains("no factor varies"))
    }
}
