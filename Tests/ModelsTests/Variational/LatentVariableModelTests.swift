import Autograd
import Datasets
import Foundation
import ModelTestSupport
import Models
import TestSupport
import Testing

/// Bounds, posteriors and priors, on a model whose likelihood is known: x = W z + b + σ ε with standard
/// normal z and ε, probabilistic principal components.
@Suite struct LatentVariableModelTests {
    private static let deviation = 0.6
    private static let latentSize = 2
    private static let size = 5

    private struct Linear {
        let decoder: GaussianDecoder<Dense>
        let samples: Tensor
        private let weight: Tensor
        private let bias: Tensor

        init() {
            var generator = RandomGenerator(seed: 21)
            weight = generator.normal([size, latentSize], dataType: .float64)
            bias = generator.normal([size], dataType: .float64)
            decoder = GaussianDecoder(Dense(weight: weight, bias: bias), scale: .fixed(deviation))
            samples =
                matmul(
                    generator.normal([6, latentSize], dataType: .float64), weight,
                    transposingRight: true)
                + bias + deviation * generator.normal([6, size], dataType: .float64)
        }

        /// Of each sample: of a normal distribution with mean b and covariance W Wᵀ + σ².
        var logLikelihood: Tensor {
            let covariance =
                matmul(weight, weight, transposingRight: true)
                + deviation * deviation * Tensor.identity(size, dataType: .float64)
            return MultivariateNormal(
                mean: bias, choleskyFactor: choleskyFactor(of: covariance)
            ).logProbability(of: samples)
        }

        /// The exact posterior, with mean M⁻¹ Wᵀ (x − b) and covariance σ² M⁻¹, M = Wᵀ W + σ².
        var exactEncoder: FullCovarianceEncoder<Dense> {
            let variance = deviation * deviation
            let m =
                matmul(weight, weight, transposingLeft: true)
                + variance * Tensor.identity(latentSize, dataType: .float64)
            let inverse = solve(m, Tensor.identity(latentSize, dataType: .float64))
            let map = matmul(inverse, weight, transposingRight: true)
            let factor = choleskyFactor(of: variance * inverse)
            var encoder = LatentVariableModelTests.encoder(seed: 3)
            encoder.base.mean = Dense(
                weight: map, bias: -matmul(map, bias.expandingAxis(1)).flattened(fromAxis: 0))
            encoder.base.logVariance = Dense(
                weight: Tensor.zeros([latentSize, size], dataType: .float64),
                bias: 2 * log(factor.diagonal()))
            encoder.below = Dense(
                weight: Tensor.zeros([1, size], dataType: .float64), bias: factor[1, 0..<1])
            return encoder
        }
    }

    /// An encoder whose body does nothing.
    private static func encoder(seed: UInt64) -> FullCovarianceEncoder<Dense> {
        var generator = RandomGenerator(seed: seed)
        let body = Dense(weight: Tensor.identity(size), bias: nil)
        return FullCovarianceEncoder(
            base: GaussianEncoder(
                body, features: size, latentSize: latentSize, using: &generator),
            features: size, using: &generator
        ).cast(to: .float64)
    }

    /// With the exact posterior every draw has the same weight, p(x).
    @Test func theExactPosteriorGivesTheExactLikelihood() throws {
        let linear = Linear()
        let model = LatentVariableModel(encoder: linear.exactEncoder, decoder: linear.decoder)
        var generator = RandomGenerator(seed: 1)
        let logWeights = model.logWeights(
            of: Batch(linear.samples), draws: 3, using: &generator)
        #expect(logWeights.shape == [3, 6])
        #expect(abs(logWeights - linear.logLikelihood).max().scalar < 1e-4)
        let bound = model.logLikelihood(of: Batch(linear.samples), using: &generator)
        #expect(bound.shape == [6])
    }

    /// With another posterior the estimate comes as close as the draws allow, and the bounds are in
    /// order.
    @Test func theEstimateOfALikelihoodConverges() throws {
        let linear = Linear()
        var encoder = linear.exactEncoder
        encoder.base.logVariance.bias = encoder.base.logVariance.bias.map { $0 + 0.7 }
        encoder.below = encoder.below.map {
            Dense(weight: $0.weight, bias: $0.bias.map { $0 * 0.2 })
        }
        let model = LatentVariableModel(encoder: encoder, decoder: linear.decoder)
        let exact = linear.logLikelihood
        func estimate(_ draws: Int) throws -> LikelihoodEstimate {
            try LikelihoodEstimate(
                of: SingleType(linear.samples), by: model, draws: draws, seed: 5)
        }
        let few = try estimate(2)
        let many = try estimate(100_000)
        #expect(abs(Tensor(many.values) - exact).max().scalar < 1e-2)
        #expect(abs(many.mean - exact.mean().scalar) < 3e-3)
        #expect(few.mean < many.mean)
        let deviation = (square(exact - exact.mean()).sum() / 5).scalar.squareRoot()
        #expect(abs(many.standardError - deviation / 6.0.squareRoot()) < 0.01)
    }

    /// Without an encoder codes are led from the prior to the posterior.
    @Test func annealedEstimatesAgreeWithTheExactLikelihood() throws {
        let linear = Linear()
        let model = LatentVariableModel(encoder: Self.encoder(seed: 4), decoder: linear.decoder)
        var plan = AnnealedImportanceSampling.Plan()
        (plan.chains, plan.temperatures) = (64, 300)
        let estimate = try AnnealedImportanceSampling(
            of: linear.samples, by: model, plan, seed: 3)
        #expect(abs(Tensor(estimate.values) - linear.logLikelihood).max().scalar < 0.2)
        #expect(abs(estimate.mean - linear.logLikelihood.mean().scalar) < 0.03)
        #expect(0.3...0.95 ~= estimate.acceptance)
        // With few distributions it is too low.
        plan.temperatures = 2
        let rough = try AnnealedImportanceSampling(
            of: linear.samples, by: model, plan, seed: 3)
        #expect(rough.mean < estimate.mean - 0.1)
    }

    /// A source whose numbers keep their type.
    private struct SingleType: DataSource {
        let samples: Tensor
        init(_ samples: Tensor) { self.samples = samples }
        var count: Int { samples.shape[0] }
        var sampleShape: [Int] { Array(samples.shape.dropFirst()) }
        func batch(at positions: [Int], as dataType: DataType) -> Batch {
            Batch(samples.gathered(at: Tensor(positions.map { Int32($0) })))
        }
    }

    private static func value<Model: Trainable>(
        _ term: any ObjectiveTerm<Model.Output>, _ model: Model, _ input: Tensor
    ) -> Tensor {
        var context = PassContext.training(RandomGenerator(seed: 8))
        return term(model.pass(input, in: &context))
    }

    @Test func boundsAreOrderedAndMeetAtOneDraw() {
        let linear = Linear()
        var model = LatentVariableModel(
            encoder: Self.encoder(seed: 4), decoder: linear.decoder, draws: 64)
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
        let linear = Linear()
        var generator = RandomGenerator(seed: 6)
        let prior = MixturePrior(components: 3, latentSize: latentSize, using: &generator)
        return (
            Model(
                encoder: encoder(seed: 4), prior: prior.cast(to: .float64), decoder: linear.decoder,
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
        let linear = Linear()
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

    // MARK: Parts combined

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

    /// With components that are all the exact posterior every estimate is the exact likelihood.
    @Test func estimatesWithMixturesAreNotTooHigh() throws {
        let linear = Linear()
        var generator = RandomGenerator(seed: 2)
        // A posterior of four wide components around the exact mean.
        let exact = linear.exactEncoder
        var encoder = MixtureEncoder(
            Dense(weight: Tensor.identity(Self.size), bias: nil), features: Self.size,
            components: 4, latentSize: Self.latentSize, using: &generator
        ).cast(to: .float64)
        let mean = exact.base.mean
        encoder.mean = Dense(
            weight: concatenated(Array(repeating: mean.weight, count: 4)),
            bias: concatenated(Array(repeating: mean.bias ?? mean.weight, count: 4)))
        encoder.logVariance = Dense(
            weight: Tensor.zeros([4 * Self.latentSize, Self.size], dataType: .float64),
            bias: Tensor(repeating: -1, shape: [4 * Self.latentSize], dataType: .float64))
        let model = LatentVariableModel(encoder: encoder, decoder: linear.decoder)
        let estimate = try LikelihoodEstimate(
            of: SingleType(linear.samples), by: model, draws: 20_000, seed: 5)
        #expect(abs(Tensor(estimate.values) - linear.logLikelihood).max().scalar < 0.1)
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
