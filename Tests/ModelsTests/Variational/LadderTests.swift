import Autograd
import Datasets
import Foundation
import ModelTestSupport
import Models
import TestSupport
import Testing

@Suite struct LadderTests {
    private typealias Ladder = LadderNetwork<BernoulliDecoder<MultilayerPerceptron>>

    private static let samples: Tensor = {
        var generator = RandomGenerator(seed: 3)
        return generator.uniform([3, 5], dataType: .float64)
    }()

    private static func ladder(_ inference: LadderInference, draws: Int = 1) -> Ladder {
        var generator = RandomGenerator(seed: 3)
        let head = MultilayerPerceptron([4, 6, 5], activation: .tanh, using: &generator)
        let model = LadderNetwork(
            elements: 5, latentSizes: [4, 3, 2], hiddenSizes: [6, 5, 4],
            decoder: BernoulliDecoder(head), inference: inference, draws: draws, using: &generator)
        // Away from where biases and kinks are zero.
        let moved = model.replacingTensors(
            with: model.tensors.map { $0 + 0.1 * generator.normal($0.shape) })
        return moved.cast(to: .float64)
    }

    private static func pass(
        _ model: Ladder
    ) -> ForwardPass<LadderOutput<Independent<Bernoulli>>> {
        var context = PassContext.training(RandomGenerator(seed: 1))
        return model.pass(samples, in: &context)
    }

    @Test func layersDependOnThoseAbove() {
        let model = Self.ladder(.bidirectional)
        let variables = Self.pass(model).latentVariables
        #expect(variables.map { $0.code.shape } == [[3, 2], [3, 3], [3, 4]])
        // The posterior beneath the top is the product of what features say and of its prior: it is
        // never wider than the prior.
        for variable in variables.dropFirst() {
            let widths = [variable.posterior, variable.prior].map { $0.variance }
            #expect((widths[1] - widths[0]).min().scalar > 0)
        }
        let mean = abs(model.reconstruct(Self.samples) - 0.5).max().scalar
        #expect(mean > 0 && mean < 0.5)
    }

    /// Codes from below: the posterior of a layer knows the code beneath it, and nothing of that above.
    @Test func codesAreInferredUpwards() {
        let model = Self.ladder(.upward, draws: 2)
        let pass = Self.pass(model)
        #expect(pass.latentVariables.map { $0.code.shape } == [[6, 2], [6, 3], [6, 4]])
        let lowest = pass.latentVariables[2].posterior.mean
        #expect(lowest[0..<3].isIdentical(to: lowest[3..<6]))
        let top = pass.latentVariables[0].posterior.mean
        #expect(!top[0..<3].isIdentical(to: top[3..<6]))
        #expect(model.decode(model.encode(Self.samples)).shape == [3, 5])
    }

    @Test(arguments: [LadderInference.bidirectional, .upward])
    func boundsHaveRightGradients(inference: LadderInference) {
        let model = Self.ladder(inference, draws: 3)
        let objective = model.objective(
            Reconstruction() + FreeNats(0.1, of: .codes).objective + KullbackLeibler()
                + ImportanceWeightedBound())
        let check = gradientCheck(at: model, mode: .directional()) { model in
            objective(Self.pass(model)).total
        }
        #expect(check.passes, "\(check)")
    }

    /// Each layer has free nats of its own.
    @Test func layersHaveFreeNats() {
        let pass = Self.pass(Self.ladder(.bidirectional))
        let whole = KullbackLeibler()(pass).mean().scalar
        let layers = pass.latentVariables.map { $0.divergence.mean().scalar }
        let limit = layers[1] / 3
        let expected = [2.0, 3, 4].enumerated().map { max(limit * $1, layers[$0]) }.reduce(0, +)
        #expect(abs(FreeNats(limit, of: .codes)(pass)[0].scalar - expected) < 1e-12)
        #expect(abs(FreeNats(0, of: .codes)(pass)[0].scalar - whole) < 1e-12)
        #expect(FreeNats(100, of: .codes)(pass)[0].scalar == 900)
    }

    /// Estimates of the likelihood are above the bound and meet as draws grow.
    @Test(arguments: [LadderInference.bidirectional, .upward])
    func likelihoodsAreEstimated(inference: LadderInference) {
        let model = Self.ladder(inference)
        var generator = RandomGenerator(seed: 2)
        let batch = Batch(Self.samples)
        func estimate(_ draws: Int) -> Double {
            let logWeights = model.logWeights(of: batch, draws: draws, using: &generator)
            #expect(logWeights.shape == [draws, 3])
            return (logWeights.logSumExp(axes: [0]) - Foundation.log(Double(draws))).mean().scalar
        }
        let bound =
            (0..<200).map { _ in
                model.logLikelihood(of: batch, using: &generator).mean().scalar
            }.reduce(0, +) / 200
        let (one, other) = (estimate(20_000), estimate(20_000))
        #expect(bound < one && abs(one - other) < 0.1)
        #expect(model.sample(4, using: &generator).shape == [4, 5])
        #expect(model.decode(model.encode(Self.samples)).shape == [3, 5])
    }
}
