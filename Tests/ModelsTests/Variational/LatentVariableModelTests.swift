import Autograd
import Datasets
import Foundation
import ModelTestSupport
import Models
import TestSupport
import Testing

/// Posteriors, priors and draws combined.
@Suite struct LatentVariableModelTests {
    /// Each posterior with each prior and a learned scale, under the importance-weighted bound, has the
    /// derivatives that differences say.
    @Test func anyPosteriorGoesWithAnyPrior() {
        var generator = RandomGenerator(seed: 12)
        let (size, latentSize, features) = (4, 3, 5)
        func body() -> MultilayerPerceptron {
            MultilayerPerceptron([size, features], outputActivation: .tanh, using: &generator)
        }
        func gaussian() -> GaussianEncoder<MultilayerPerceptron> {
            GaussianEncoder(
                body(), features: features, latentSize: latentSize, using: &generator)
        }
        let encoders: [any VariationalEncoder] = [
            gaussian(),
            FullCovarianceEncoder(base: gaussian(), features: features, using: &generator),
            FlowEncoder(
                base: gaussian(),
                flows: (0..<2).map { _ in
                    PlanarFlowNetwork(features: features, latentSize: latentSize, using: &generator)
                }),
            FlowEncoder(
                base: gaussian(),
                flows: [
                    RadialFlowNetwork(features: features, latentSize: latentSize, using: &generator)
                ]),
            FlowEncoder(
                base: gaussian(),
                flows: [false, true].map {
                    InverseAutoregressiveFlowNetwork(
                        features: features, latentSize: latentSize, hiddenSizes: [7],
                        isReversed: $0, using: &generator)
                }),
            MixtureEncoder(
                body(), features: features, components: 2, latentSize: latentSize,
                using: &generator),
        ]
        let priors: [any Prior] = [
            StandardNormalPrior(),
            MixturePrior(components: 3, latentSize: latentSize, using: &generator),
            VampPrior(pseudoInputs: generator.normal([3, size]), areShares: false),
        ]
        let samples = generator.normal([3, size], dataType: .float64)
        let head = MultilayerPerceptron([latentSize, size], using: &generator)
        func check(_ encoder: some VariationalEncoder, _ prior: some Prior) {
            let model = LatentVariableModel(
                encoder: encoder, prior: prior, decoder: GaussianDecoder(head, scale: .learned),
                draws: 4
            ).cast(to: .float64)
            let objective = model.objective(
                ImportanceWeightedBound(groups: 2) + 0.5 * KullbackLeibler())
            // Draws of directions are found by rejection: their derivative is that of the distribution,
            // not of the same random numbers.
            let isSmooth = !(encoder is HypersphericalEncoder<MultilayerPerceptron>)
            let check = gradientCheck(at: model, mode: .directional()) { model in
                var context = PassContext.training(RandomGenerator(seed: 1))
                return objective(model.pass(samples, in: &context)).total
            }
            #expect(
                check.passes || !isSmooth, "\(type(of: encoder)) with \(type(of: prior)): \(check)")
            // New samples and estimates of likelihoods have the right shapes.
            #expect(model.sample(2, using: &generator).shape == [2, size])
            let draws = model.logWeights(of: Batch(samples), draws: 4, using: &generator)
            #expect(draws.shape == [4, 3] && draws.allFinite)
            #expect(model.encode(samples).shape == [3, latentSize])
        }
        for encoder in encoders {
            for prior in priors { check(encoder, prior) }
        }
        let hyperspherical = HypersphericalEncoder(
            body(), features: features, latentSize: latentSize, using: &generator)
        check(hyperspherical, UniformDirectionPrior())
    }

    /// Codes of ±10⁴ and log-variances of ±10³, as an encoder may come to say, cost much but not
    /// infinitely much, and have slopes.
    @Test(arguments: [-1e4, 1e4], [-1e3, 1e3])
    func lossesStayFinite(mean: Double, logVariance: Double) {
        var generator = RandomGenerator(seed: 15)
        var encoder = GaussianEncoder(
            Dense(4, 5, using: &generator), features: 5, latentSize: 2, using: &generator)
        encoder.mean.bias = Tensor(repeating: mean, shape: [2])
        encoder.logVariance.bias = Tensor(repeating: logVariance, shape: [2])
        let samples = generator.uniform([3, 4])
        let priors: [any Prior] = [
            StandardNormalPrior(),
            MixturePrior(components: 3, latentSize: 2, using: &generator),
            VampPrior(pseudoInputs: generator.uniform([3, 4]), areShares: true),
        ]
        func check(_ prior: some Prior, _ decoder: some DecoderNetwork) {
            let model = LatentVariableModel(
                encoder: encoder, prior: prior, decoder: decoder, draws: 4)
            let objective = model.objective(
                Reconstruction() + KullbackLeibler() + FreeNats(0.1).objective
                    + ImportanceWeightedBound(groups: 2) + MaximumMeanDiscrepancy())
            var loss = 0.0
            let gradient = gradient(at: model) { model in
                var context = PassContext.training(RandomGenerator(seed: 1))
                let total = objective(model.pass(samples, in: &context)).total
                loss = stopGradient(total).scalar
                return total
            }
            #expect(
                loss.isFinite && gradient.tensors.allSatisfy(\.allFinite),
                "\(type(of: prior)): \(loss)")
        }
        let head = Dense(2, 4, using: &generator)
        for prior in priors {
            check(prior, BernoulliDecoder(head))
            check(prior, GaussianDecoder(head, scale: .learned))
            check(prior, LaplaceDecoder(head))
            check(prior, StudentTDecoder(head))
            check(prior, ContinuousBernoulliDecoder(head))
        }
    }

    /// A mixture of equal components is as one of them, and its shares add up to one.
    @Test func drawsOfAMixtureCountWithTheirWeights() {
        var generator = RandomGenerator(seed: 14)
        let encoder = MixtureEncoder(
            Dense(4, 5, using: &generator), features: 5, components: 3, latentSize: 2,
            using: &generator)
        let posterior = encoder(generator.normal([6, 4]))
        let draw = encoder.draw(2, from: posterior, using: &generator)
        #expect(draw.code.shape == [36, 2] && draw.draws.count == 6)
        let shares = exp(draw.draws.logShares ?? Tensor([0]))
        #expect(shares.shape == [6, 6])
        #expect(abs(shares.sum(axes: [0]) - 1).max().scalar < 1e-5)
        // The mean over the draws of what does not depend on the component is that.
        let ones = Tensor.ones([36])
        #expect(abs(draw.draws.mean(ones) - 1).max().scalar < 1e-5)
        #expect(abs(draw.draws.logMean(Tensor.zeros([36]))).max().scalar < 1e-5)
    }

    @Test func drawsThatDoNotDivideTrap() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            _ = Draws(3).logMean(Tensor.zeros([6]), groups: 2)
        }
        #expect(message(of: result).contains("3 draws do not divide into 2 groups"))
    }
}
