import Autograd
import Datasets
import Foundation
import ModelTestSupport
import Models
import TestSupport
import Testing

/// The order of bounds, and their gradients.
@Suite struct BoundTests {
    private static func value<Model: Trainable>(
        _ term: any ObjectiveTerm<Model.Output>, _ model: Model, _ input: Tensor
    ) -> Tensor {
        var context = PassContext.training(RandomGenerator(seed: 8))
        return term(model.pass(input, in: &context))
    }

    @Test func boundsAreOrderedAndMeetAtOneDraw() {
        let linear = LinearGaussian()
        var model = LatentVariableModel(
            encoder: LinearGaussian.encoder(seed: 4), decoder: linear.decoder, draws: 64)
        func bound(groups: Int) -> Tensor {
            Self.value(ImportanceWeightedBound(groups: groups), model, linear.samples)
        }
        let bounds = [64, 16, 4, 1].map { -bound(groups: $0) } + [linear.logLikelihood]
        for (looser, closer) in zip(bounds, bounds.dropFirst().prefix(3)) {
            #expect((closer - looser).min().scalar > 0)
        }
        #expect(bounds[3].mean().scalar < bounds[4].mean().scalar)
        // In groups of one draw it is the mean of log p(x, z) − log q(z | x).
        var context = PassContext.training(RandomGenerator(seed: 8))
        let output = model.pass(linear.samples, in: &context).output
        let mean = output.draws.mean(output.logWeights(of: linear.samples))
        #expect(closeness(of: bounds[0], to: mean, tolerance: 1e-12).passes)
        model.draws = 1
        let single = Self.value(ImportanceWeightedBound(), model, linear.samples)
        context = PassContext.training(RandomGenerator(seed: 8))
        let one = model.pass(linear.samples, in: &context).output
        #expect(
            closeness(of: single, to: -one.logWeights(of: linear.samples), tolerance: 1e-12).passes)
    }

    // MARK: Gradients of bounds

    private typealias Model = LatentVariableModel<
        FullCovarianceEncoder<Dense>, MixturePrior, GaussianDecoder<Dense>
    >

    private static func model(draws: Int) -> (model: Model, samples: Tensor) {
        let linear = LinearGaussian()
        var generator = RandomGenerator(seed: 6)
        let prior = MixturePrior(
            components: 3, latentSize: LinearGaussian.latentSize, using: &generator)
        return (
            Model(
                encoder: LinearGaussian.encoder(seed: 4), prior: prior.cast(to: .float64),
                decoder: linear.decoder,
                draws: draws), linear.samples
        )
    }

    private static func gradients(
        of term: some ObjectiveTerm<Model.Output>, draws: Int, seed: UInt64 = 8
    ) -> Model {
        let (model, samples) = model(draws: draws)
        return gradient(at: model) { model in
            var context = PassContext.training(RandomGenerator(seed: seed))
            return term(model.pass(samples, in: &context)).mean()
        }
    }

    private static func distance(_ one: some Module, _ other: some Module) -> Double {
        zip(one.tensors, other.tensors).map { abs($0 - $1).max().scalar }.max() ?? 0
    }

    /// Decoder and prior have the gradient of the plain bound, the encoder another estimate of the same:
    /// equal in the mean, with less noise.
    @Test func theDoublyReparameterizedGradientIsUnbiased() {
        let plain = Self.gradients(of: ImportanceWeightedBound(), draws: 8)
        let doubly = Self.gradients(of: DoublyReparameterizedBound(), draws: 8)
        #expect(Self.distance(plain.decoder, doubly.decoder) < 1e-12)
        #expect(Self.distance(plain.prior, doubly.prior) < 1e-12)
        #expect(Self.distance(plain.encoder, doubly.encoder) > 1e-3)
        let (model, samples) = Self.model(draws: 8)
        #expect(
            closeness(
                of: Self.value(ImportanceWeightedBound(), model, samples),
                to: Self.value(DoublyReparameterizedBound(), model, samples), tolerance: 1e-12
            ).passes)

        func means(_ term: some ObjectiveTerm<Model.Output>) -> (mean: Tensor, deviation: Tensor) {
            let draws = (0..<400).map { seed in
                Self.gradients(of: term, draws: 8, seed: UInt64(seed)).encoder.base.mean.weight
            }
            let all = stacked(draws)
            let mean = all.mean(axes: [0])
            return (mean, sqrt(square(all - mean).mean(axes: [0])))
        }
        let (one, other) = (means(ImportanceWeightedBound()), means(DoublyReparameterizedBound()))
        let error = (one.deviation + other.deviation) / 400.0.squareRoot()
        #expect((abs(one.mean - other.mean) / error).max().scalar < 4)
    }

    /// Where the encoder is exact the gradient through the codes vanishes for every draw, while the plain
    /// one does so only in the mean.
    @Test func theDoublyReparameterizedGradientHasNoNoiseAtTheOptimum() {
        let linear = LinearGaussian()
        let model = LatentVariableModel(
            encoder: linear.exactEncoder, decoder: linear.decoder, draws: 8)
        func size(_ objective: Objective<VariationalOutput<Independent<Normal>>>) -> Double {
            let gradients = gradient(at: model) { model in
                var context = PassContext.training(RandomGenerator(seed: 8))
                return objective(model.pass(linear.samples, in: &context)).total
            }
            return abs(gradients.encoder.base.mean.weight).max().scalar
        }
        #expect(size(DoublyReparameterizedBound().objective) < 1e-4)
        #expect(size(ImportanceWeightedBound().objective) > 1e-2)
    }

    @Test func thePartialBoundHasAGradientForEachPart() {
        let whole = Self.gradients(of: ImportanceWeightedBound(), draws: 8)
        let grouped = Self.gradients(of: ImportanceWeightedBound(groups: 4), draws: 8)
        let partial = Self.gradients(of: PartiallyImportanceWeightedBound(groups: 4), draws: 8)
        #expect(Self.distance(partial.decoder, whole.decoder) < 1e-12)
        #expect(Self.distance(partial.prior, whole.prior) < 1e-12)
        #expect(Self.distance(partial.encoder, grouped.encoder) < 1e-12)
        #expect(Self.distance(whole.encoder, grouped.encoder) > 1e-3)
    }
}
