import Autograd
import Datasets
import Foundation
import ModelTestSupport
import Models
import TestSupport
import Testing

/// Models that are told something of each sample.
@Suite struct ConditionalModelTests {
    /// Samples of a linear Gaussian model, moved by what each of three classes adds: the likelihood of
    /// each class is that of the sample moved back.
    private struct MovedLinear {
        let linear = LinearGaussian()
        let moves: Tensor
        var samples: Tensor { linear.samples }
        let labels = Tensor([0, 2, 1, 1, 0, 2] as [Int32])

        init() {
            var generator = RandomGenerator(seed: 31)
            moves = generator.normal([3, LinearGaussian.size], dataType: .float64)
        }

        /// With the exact posterior of each sample, given its class.
        var model:
            ConditionalModel<
                FullCovarianceEncoder<Dense>, StandardNormalPrior, GaussianDecoder<Dense>
            >
        {
            var encoder = linear.exactEncoder
            let identity = Tensor.identity(LinearGaussian.size, dataType: .float64)
            encoder.base.body = Dense(
                weight: concatenated([identity, -moves.transposed()], axis: 1), bias: nil)
            let head = Dense(
                weight: concatenated([linear.weight, moves.transposed()], axis: 1),
                bias: linear.bias)
            return ConditionalModel(
                encoder: encoder,
                decoder: GaussianDecoder(head, scale: .fixed(LinearGaussian.deviation)),
                condition: .classes(3))
        }

        /// log p(x | y), `[samples, classes]`.
        var logLikelihoods: Tensor {
            stacked((0..<3).map { linear.logLikelihood(of: samples - moves[$0]) }, axis: 1)
        }
    }

    @Test func likelihoodsAreThoseGivenTheClass() {
        let moved = MovedLinear()
        let own = moved.logLikelihoods.gatheredAlong(axis: 1, at: moved.labels.expandingAxis(1))
        var generator = RandomGenerator(seed: 1)
        let batch = Batch(moved.samples, labels: moved.labels)
        let draws = moved.model.logWeights(of: batch, draws: 3, using: &generator)
        #expect(draws.shape == [3, 6])
        #expect(abs(draws - own.flattened(fromAxis: 0)).max().scalar < 1e-4)
        // The bound is exact where the posterior is, but for its own noise.
        let bound = moved.model.logLikelihood(of: batch, using: &generator)
        #expect(bound.shape == [6] && bound.allFinite)
    }

    /// Bayes' rule with exact likelihoods is exact.
    @Test func classesHaveTheirExactProbabilities() throws {
        let moved = MovedLinear()
        let prior = [1.0, 2, 5]
        let classified = try GenerativeClassification(
            of: moved.linear.source, by: moved.model, prior: prior, draws: 2)
        let joint = moved.logLikelihoods + Tensor(prior.map { log($0 / 8) })
        let expected = exp(joint - joint.logSumExp(axes: [1], keepingAxes: true))
        #expect(abs(classified.posterior - expected).max().scalar < 1e-4)
        #expect(abs(classified.logEvidence - joint.logSumExp(axes: [1])).max().scalar < 1e-4)
        #expect(classified.predictions.isIdentical(to: joint.argmax(axis: 1)))
        #expect(Set(classified.predictions.elements(as: Int32.self)).count > 1)
        // A class that never occurs is never the answer.
        let without = GenerativeClassification(
            logLikelihoods: moved.logLikelihoods, prior: [1, 0, 1])
        #expect(without.posterior[.all, 1].max().scalar == 0)
    }

    // MARK: Parts

    private static let (size, latentSize, features) = (4, 3, 5)

    private static func gaussian(
        _ generator: inout RandomGenerator
    ) -> GaussianEncoder<MultilayerPerceptron> {
        GaussianEncoder(
            MultilayerPerceptron([size + 2, features], outputActivation: .tanh, using: &generator),
            features: features, latentSize: latentSize, using: &generator)
    }

    /// Posteriors and priors of ordinary models serve, and so does a prior of conditions; derivatives are
    /// what differences say.
    @Test func anyPosteriorGoesWithAnyPrior() {
        var generator = RandomGenerator(seed: 12)
        let encoders: [any VariationalEncoder] = [
            Self.gaussian(&generator),
            FlowEncoder(
                base: Self.gaussian(&generator),
                flows: (0..<2).map { _ in
                    PlanarFlowNetwork(
                        features: Self.features, latentSize: Self.latentSize, using: &generator)
                }),
            MixtureEncoder(
                MultilayerPerceptron(
                    [Self.size + 2, Self.features], outputActivation: .tanh, using: &generator),
                features: Self.features, components: 2, latentSize: Self.latentSize,
                using: &generator),
        ]
        let priors: [any ConditionalPrior] = [
            StandardNormalPrior(),
            MixturePrior(components: 3, latentSize: Self.latentSize, using: &generator),
            VampPrior(pseudoInputs: generator.normal([3, Self.size + 2]), areShares: false),
            ConditionalNormalPrior(
                conditions: 2, hiddenSize: 6, latentSize: Self.latentSize, using: &generator),
        ]
        let samples = generator.normal([3, Self.size], dataType: .float64)
        let head = MultilayerPerceptron([Self.latentSize + 2, Self.size], using: &generator)
        let batch = Batch(samples, labels: Tensor([1, 0, 1] as [Int32]))
        func check(_ encoder: some VariationalEncoder, _ prior: some ConditionalPrior) {
            let built = ConditionalModel(
                encoder: encoder, prior: prior, decoder: GaussianDecoder(head, scale: .learned),
                condition: .classes(2), draws: 4
            ).cast(to: .float64)
            let model = built.replacingTensors(
                with: built.tensors.map {
                    $0 + 0.1 * generator.normal($0.shape, dataType: .float64)
                }
            )
            let objective = model.objective(
                ImportanceWeightedBound(groups: 2) + 0.5 * KullbackLeibler())
            let check = gradientCheck(at: model, mode: .directional()) { model in
                var context = PassContext.training(RandomGenerator(seed: 1))
                return objective(model.pass(batch, in: &context)).total
            }
            #expect(check.passes, "\(type(of: encoder)) with \(type(of: prior)): \(check)")
            let labels = Tensor([0, 1] as [Int32])
            #expect(model.sample(2, given: labels, using: &generator).shape == [2, Self.size])
            let draws = model.logWeights(of: batch, draws: 4, using: &generator)
            #expect(draws.shape == [4, 3] && draws.allFinite)
            #expect(model.encode(batch).shape == [3, Self.latentSize])
            #expect(model.reconstruct(batch).shape == [3, Self.size])
        }
        for encoder in encoders {
            for prior in priors { check(encoder, prior) }
        }
    }

    /// A learned prior begins as the standard normal one, for every condition.
    @Test func theConditionalPriorBeginsStandard() throws {
        var generator = RandomGenerator(seed: 13)
        let encoder = Self.gaussian(&generator)
        let prior = ConditionalNormalPrior(
            conditions: 2, latentSize: Self.latentSize, using: &generator)
        var context = PassContext.evaluation
        let codes = generator.normal([2, Self.latentSize])
        let own = prior(for: encoder, given: Tensor.identity(2), in: &context)
        let standard = StandardNormalPrior()(for: encoder, in: &context)
        let difference = own.logProbability(of: codes) - standard.logProbability(of: codes)
        #expect(own.shape == [2, Self.latentSize] && abs(difference).max().scalar < 1e-5)
    }

    /// Codes move between the priors of conditions so that they are as many deviations from the mean.
    @Test func codesMoveWithTheirPrior() {
        var generator = RandomGenerator(seed: 17)
        let encoder = Self.gaussian(&generator)
        let built = ConditionalNormalPrior(
            conditions: 2, latentSize: Self.latentSize, using: &generator)
        let prior = built.replacingTensors(
            with: built.tensors.map { $0 + 0.3 * generator.normal($0.shape) })
        let decoder = GaussianDecoder(
            MultilayerPerceptron([Self.latentSize + 2, Self.size], using: &generator),
            scale: .learned)
        let model = ConditionalModel(
            encoder: encoder, prior: prior, decoder: decoder, condition: .classes(2))
        let codes = generator.normal([4, Self.latentSize])
        let (first, second) = (Tensor([0, 0, 1, 1] as [Int32]), Tensor([1, 0, 0, 1] as [Int32]))
        let moved = model.moved(codes, from: first, to: second)
        #expect(abs(moved[0] - codes[0]).max().scalar > 0.01)
        #expect(abs(model.moved(moved, from: second, to: first) - codes).max().scalar < 1e-5)
        var context = PassContext.evaluation
        func spread(_ codes: Tensor, _ labels: Tensor) -> Tensor {
            let prior = prior(for: encoder, given: oneHot(labels, depth: 2), in: &context)
            return (codes - prior.mean) / sqrt(prior.variance)
        }
        #expect(abs(spread(moved, second) - spread(codes, first)).max().scalar < 1e-4)
        // One prior for all conditions: codes stay.
        let shared = ConditionalModel(encoder: encoder, decoder: decoder, condition: .classes(2))
        #expect(shared.moved(codes, from: first, to: second).isIdentical(to: codes))
    }

    /// Samples of two classes differ with the same draws, and so do codes of a sample.
    @Test func conditionsMatter() throws {
        let data = DataDescription(sampleShape: [3, 4], classes: 2)
        var generator = RandomGenerator(seed: 14)
        let recipe = try ConditionalAutoencoder().small(latentSize: 2, hiddenSizes: [8])
        let built = recipe.program(for: data, using: &generator).model
        let model = try #require(built as? any Generates & Encodes & Reconstructs & DecodesGiven)
        let samples = (0..<2).map { label in
            var generator = RandomGenerator(seed: 1)
            let labels = Tensor([Int32(label), Int32(label)])
            return model.sample(2, given: labels, using: &generator)
        }
        #expect(abs(samples[0] - samples[1]).min().scalar > 0)
        let image = generator.uniform([1, 3, 4])
        let codes = (0..<2).map { model.encode(Batch(image, labels: Tensor([Int32($0)]))) }
        #expect(abs(codes[0] - codes[1]).max().scalar > 1e-3)
        #expect(!(built is any Decodes) && built is any EstimatesLikelihood)
        // What is decoded under a class is what is reconstructed of it.
        let labels = Tensor([1] as [Int32])
        let decoded = model.decode(codes[1], given: labels)
        #expect(decoded.isIdentical(to: model.reconstruct(Batch(image, labels: labels))))
    }

    /// Numbers are told in standard deviations from their mean, and have slopes.
    @Test func numbersAreStandardised() throws {
        var generator = RandomGenerator(seed: 15)
        let decoder = GaussianDecoder(
            MultilayerPerceptron([Self.latentSize + 1, 6, 4], using: &generator), scale: .learned)
        let encoder = GaussianEncoder(
            MultilayerPerceptron([Self.size + 1, 5], outputActivation: .relu, using: &generator),
            features: 5, latentSize: Self.latentSize, using: &generator)
        let model = ConditionalModel(
            encoder: encoder, decoder: decoder,
            condition: .number(mean: 1_600_000_000, deviation: 2))
        let code = generator.normal([1, Self.latentSize])
        let told = Tensor([1_600_000_003.0])
        let expected = decoder(
            concatenated([code, Tensor([1.5 as Float], shape: [1, 1])], axis: 1))
        #expect(abs(model.decode(code, given: told) - expected.mean).max().scalar < 1e-6)
        let slope = gradient(at: told) { model.decode(code, given: $0).sum() }
        #expect(slope.scalar != 0)
        let numbers = ConditionNumbers(mean: 1_600_000_000, deviation: 2)
        let data = DataDescription(sampleShape: [4], classes: 3, number: numbers)
        #expect(data.condition == model.condition)
    }

    /// Scaled, with convolutions, and with both priors.
    @Test(arguments: [["network": "convolutional", "channels": "3,5"], ["network": "dense"]])
    func theRecipeTakesTheOptionsOfOthers(options: [String: String]) throws {
        var generator = RandomGenerator(seed: 16)
        let images = 100 * generator.normal([12, 8, 8]) + 300
        let labels = Tensor((0..<12).map { Int32($0 % 3) })
        let examples = Examples(images, labels: labels)
        let data = DataDescription(
            Dataset(
                name: "noise", training: examples, test: examples, classNames: ["a", "b", "c"],
                source: ""))
        for prior in ["normal", "conditional"] {
            let recipe = try ConditionalAutoencoder().small(latentSize: 2, hiddenSizes: [6])
                .choosing(options.merging(["prior": prior, "sigma": "0.5", "beta": "2"]) { $1 })
            #expect(recipe.requirement(of: data) == nil)
            let program = recipe.program(for: data, using: &generator)
            let model = try #require(
                program.model as? any Generates & EstimatesLikelihood & DecodesGiven & Encodes)
            let batch = examples.batch(0..<12)
            #expect(model.encode(batch).shape == [12, 2])
            let made = model.sample(12, given: labels, using: &generator)
            #expect(made.shape == [12, 8, 8] && abs(made.mean().scalar - 300) < 100)
            let decoded = model.decode(model.encode(batch), given: labels)
            #expect(abs(decoded.mean().scalar - 300) < 100)
            let draws = model.logWeights(of: batch, draws: 2, using: &generator)
            // The density of numbers whose unit is a hundred times as small.
            #expect(draws.mean().scalar < -64 * log(100.0))
        }
    }

    @Test func whatIsNotToldTraps() async {
        var result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var generator = RandomGenerator(seed: 1)
            let data = DataDescription(sampleShape: [3, 4], classes: 2)
            let built = ConditionalAutoencoder().program(for: data, using: &generator).model
            _ = (built as? any Encodes)?.encode(generator.uniform([2, 3, 4]))
        }
        #expect(message(of: result).contains("a batch of 2 without what a model is told"))
        result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var generator = RandomGenerator(seed: 1)
            let data = DataDescription(sampleShape: [3, 4], classes: 2)
            let built = ConditionalAutoencoder().program(for: data, using: &generator).model
            _ = (built as? any Generates)?.sample(2, using: &generator)
        }
        #expect(message(of: result).contains("2 samples with conditions of shape []"))
    }

    @Test func dataNeedConditions() {
        let recipe = ConditionalAutoencoder()
        #expect(
            recipe.requirement(of: DataDescription(sampleShape: [4]))?.contains("label") == true)
        let one = DataDescription(sampleShape: [4], classes: 1)
        #expect(recipe.requirement(of: one)?.contains("two classes") == true)
        var data = DataDescription(sampleShape: [4], classes: 2)
        #expect(recipe.requirement(of: data) == nil)
        data.number = ConditionNumbers(mean: 0, deviation: 0)
        #expect(throws: OptionError.self) { try data.validate(for: recipe) }
    }
}
