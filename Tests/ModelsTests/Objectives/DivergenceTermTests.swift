import Autograd
import Datasets
import Foundation
import ModelTestSupport
import Models
import TestSupport
import Testing

/// Terms that limit, free or replace the divergence.
@Suite struct DivergenceTermTests {
    private static let (model, input): (TestModel, Tensor) = {
        var generator = RandomGenerator(seed: 11)
        let model = makeTrainer(inputs: 4, plan: TrainingPlan(epochs: 1)).model
        return (model.cast(to: .float64), generator.uniform([6, 4], dataType: .float64))
    }()

    private static func pass(progress: Double = 0) -> ForwardPass<TestModel.Output> {
        var context = PassContext.training(RandomGenerator(seed: 1), progress: progress)
        return model.pass(input, in: &context)
    }

    @Test func aPartOfTheDivergenceIsFree() {
        let pass = Self.pass()
        let units = pass.latentVariables[0].unitDivergence
        let means = units.mean(axes: [0]).elements(as: Double.self)
        #expect(units.shape == [6, 2] && means[0] != means[1])
        let whole = KullbackLeibler()(pass).mean().scalar
        #expect(abs(means.reduce(0, +) - whole) < 1e-12)
        #expect(abs(FreeNats(0)(pass)[0].scalar - whole) < 1e-12)
        let (lesser, greater) = (means.min() ?? 0, means.max() ?? 0)
        let limit = (lesser + greater) / 2
        #expect(abs(FreeNats(limit)(pass)[0].scalar - (limit + greater)) < 1e-12)
        // A code as a whole costs nothing but itself where its numbers' share is free on average.
        #expect(abs(FreeNats(limit, of: .codes)(pass)[0].scalar - whole) < 1e-12)
        #expect(FreeNats(10)(pass).elements(as: Double.self) == Array(repeating: 20, count: 6))
        // A unit below the limit has no gradient.
        let gradient = gradient(at: Self.model) { model in
            var context = PassContext.training(RandomGenerator(seed: 1))
            return FreeNats(10)(model.pass(Self.input, in: &context)).mean()
        }
        #expect(gradient.tensors.allSatisfy { abs($0).max().scalar == 0 })
    }

    @Test func theDivergenceIsDrawnToACapacityThatGrows() {
        let divergence = KullbackLeibler()(Self.pass()).mean().scalar
        for progress in [0, 0.5, 1] {
            let value = DivergenceCapacity(3)(Self.pass(progress: progress))
            #expect(value.shape == [6])
            #expect(abs(value[0].scalar - abs(divergence - 3 * progress)) < 1e-12)
        }
    }

    @Test func weightsFollowTheTraining() {
        let objective = Self.model.objective(
            Reconstruction() + 2 * (Annealing.linear(until: 0.5) * KullbackLeibler()))
        func weight(_ progress: Double) -> Double {
            let pass = Self.pass(progress: progress)
            let error = Reconstruction()(pass).mean().scalar
            return (objective(pass).total.scalar - error) / KullbackLeibler()(pass).mean().scalar
        }
        #expect(abs(weight(0)) < 1e-12)
        #expect(abs(weight(0.25) - 1) < 1e-12)
        #expect(abs(weight(0.5) - 2) < 1e-12 && abs(weight(1) - 2) < 1e-12)
        let cyclic = Annealing.cyclic(2)
        #expect(
            [0, 0.125, 0.25, 0.4, 0.5, 0.625, 1].map(cyclic.factor) == [0, 0.5, 1, 1, 0, 0.5, 1])
    }

    // MARK: Distances from the prior

    /// A pass whose codes are given.
    private struct Codes: HasCode {
        let code: Tensor
    }

    private func value(_ term: some ObjectiveTerm<Codes>, _ code: Tensor, seed: UInt64 = 1)
        -> Double
    {
        var context = PassContext.training(RandomGenerator(seed: seed))
        let values = term(ForwardPass(Codes(code: code), of: Batch(code), in: &context))
        #expect(values.shape == [code.shape[0]])
        return values[0].scalar
    }

    private let terms: [any ObjectiveTerm<Codes>] = [
        MaximumMeanDiscrepancy(.inverseMultiquadratic), MaximumMeanDiscrepancy(.radial),
        SlicedWasserstein(),
    ]

    /// Zero in the mean where codes are normal, and the greater the further they are from it.
    @Test func distancesFromThePriorTellHowFarCodesAre() {
        var generator = RandomGenerator(seed: 6)
        func check(_ term: some ObjectiveTerm<Codes>) {
            func mean(_ shift: Double, _ scale: Double) -> Double {
                let values = (0..<40).map { seed in
                    value(
                        term, scale * generator.normal([100, 3], dataType: .float64) + shift,
                        seed: UInt64(seed))
                }
                return values.reduce(0, +) / 40
            }
            let near = mean(0, 1)
            #expect(near < 0.15 * mean(1, 1), "\(term.name)")
            #expect(mean(1, 1) < mean(2, 1))
            #expect(near < mean(0, 3) && near < mean(0, 0.3))
        }
        for term in terms { check(term) }
        // The discrepancy is unbiased, so that it may be negative.
        let values = (0..<40).map {
            value(
                MaximumMeanDiscrepancy(), generator.normal([50, 3], dataType: .float64),
                seed: UInt64($0))
        }
        #expect(values.contains { $0 < 0 } && values.contains { $0 > 0 })
        #expect(value(MaximumMeanDiscrepancy(), Tensor.ones([1, 3])) == 0)
    }

    @Test func distancesHaveRightGradients() {
        var generator = RandomGenerator(seed: 7)
        let codes = generator.normal([5, 2], dataType: .float64)
        func check(_ term: some ObjectiveTerm<Codes>) {
            let check = gradientCheck(at: codes) { code in
                var context = PassContext.training(RandomGenerator(seed: 1))
                return term(ForwardPass(Codes(code: code), of: Batch(codes), in: &context)).sum()
            }
            #expect(check.passes, "\(term.name): \(check)")
        }
        for term in terms { check(term) }
        // Codes far from all others still have finite values and gradients.
        for term in terms { #expect(value(term, 1e4 * codes).isFinite) }
    }
}
