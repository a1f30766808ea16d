import Autograd
import Datasets
import Foundation
import ModelTestSupport
import Models
import TestSupport
import Testing

@Suite struct LadderTests {
    private static let (model, samples):
        (LadderNetwork<BernoulliDecoder<MultilayerPerceptron>>, Tensor) = {
            var generator = RandomGenerator(seed: 3)
            let head = MultilayerPerceptron([4, 6, 5], activation: .tanh, using: &generator)
            let model = LadderNetwork(
                elements: 5, latentSizes: [4, 3, 2], hiddenSizes: [6, 5, 4],
                decoder: BernoulliDecoder(head), using: &generator)
            // Away from where biases and kinks are zero.
            let moved = model.replacingTensors(
                with: model.tensors.map { $0 + 0.1 * generator.normal($0.shape) })
            return (moved.cast(to: .float64), generator.uniform([3, 5], dataType: .float64))
        }()

    private static func pass(
        _ model: LadderNetwork<BernoulliDecoder<MultilayerPerceptron>> = model
    ) -> ForwardPass<LadderOutput<Independent<Bernoulli>>> {
        var context = PassContext.training(RandomGenerator(seed: 1))
        return model.pass(samples, in: &context)
    }

    @Test func layersDependOnThoseAbove() {
        let variables = Self.pass().latentVariables
        #expect(variables.map { $0.code.shape } == [[3, 2], [3, 3], [3, 4]])
        // The posterior beneath the top is the product of what features say and of its prior: it is
        // never wider than the prior.
        for variable in variables.dropFirst() {
            let widths = [variable.posterior, variable.prior].map { $0.variance }
            #expect((widths[1] - widths[0]).min().scalar > 0)
        }
        let mean = abs(Self.model.reconstruct(Self.samples) - 0.5).max().scalar
        #expect(mean > 0 && mean < 0.5)
    }

    @Test func theBoundHasRightGradients() {
        let objective = Self.model.objective(
            Reconstruction() + FreeNats(0.1).objective + KullbackLeibler())
        let check = gradientCheck(at: Self.model, mode: .directional()) { model in
            objective(Self.pass(model)).total
        }
        #expect(check.passes, "\(check)")
    }

    /// Estimates of the likelihood are above the bound and meet as draws grow.
    @Test func likelihoodsAreEstimated() {
        var generator = RandomGenerator(seed: 2)
        let batch = Batch(Self.samples)
        func estimate(_ draws: Int) -> Double {
            let logWeights = Self.model.logWeights(of: batch, draws: draws, using: &generator)
            #expect(logWeights.shape == [draws, 3])
            return (logWeights.logSumExp(axes: [0]) - Foundation.log(Double(draws))).mean().scalar
        }
        let bound =
            (0..<200).map { _ in
                Self.model.logLikelihood(of: batch, using: &generator).mean().scalar
            }.reduce(0, +) / 200
        let (one, other) = (estimate(20_000), estimate(20_000))
        #expect(bound < one && abs(one - other) < 0.1)
        #expect(Self.model.sample(4, using: &generator).shape == [4, 5])
        #expect(Self.model.decode(Self.model.encode(Self.samples)).shape == [3, 5])
    }
}
