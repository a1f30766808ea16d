import Autograd
import ModelTestSupport
import TestSupport
import Testing

@testable import Models

/// What models say of their decoders is what they decode.
@Suite struct DescribesDecoderTests {
    private static func numbers(_ x: Tensor) -> [Double] {
        x.cast(to: .float64).elements(as: Double.self)
    }

    private static func agree(_ made: Tensor, _ expected: Tensor) -> Bool {
        made.shape == expected.shape
            && closeness(of: numbers(made), to: numbers(expected), tolerance: 1e-5).passes
    }

    @Test(arguments: VariantTests.Variant.all)
    func stepsDecode(_ variant: VariantTests.Variant) throws {
        let model = try variant.tiny().model
        var generator = RandomGenerator(seed: 8)
        let input = generator.uniform([5] + variant.shape(side: 6))
        guard let encoder = model as? any Encodes,
            model is any Decodes || model is any DescribesDecoder,
            // The rows of tables are no pictures.
            !["table", "table-vae", "conditional-table-vae"].contains(variant.recipe.name)
        else { return }
        let described = try #require(model as? any DescribesDecoder)
        let batch = Batch.labelled(input)
        let codes = encoder.encode(batch)
        let steps = try #require(described.decoderSteps)
        guard let given = described as? any DecodesGiven else {
            let decoder = try #require(model as? any Decodes)
            #expect(Self.agree(steps(codes), decoder.decode(codes)))
            return
        }
        let labels = try #require(batch.labels)
        let told = concatenated(
            [codes.flattened(), given.condition.numbers(labels, as: codes.dataType)], axis: 1)
        #expect(Self.agree(steps(told), given.decode(codes, given: labels)))
    }

    @Test(arguments: [
        ["likelihood": "continuous-bernoulli"], ["likelihood": "discretized-logistic"],
        ["likelihood": "gaussian"], ["likelihood": "gaussian", "sigma": "predicted"],
        ["likelihood": "gaussian", "sigma": "optimal"], ["likelihood": "laplace"],
        ["likelihood": "student-t"], ["network": "convolutional", "channels": "4,6"],
        [
            "network": "convolutional", "channels": "4,6", "likelihood": "gaussian",
            "sigma": "predicted",
        ],
    ])
    func everyLikelihoodAndNetwork(options: [String: String]) throws {
        try check("vae", options, sampleShape: [3, 9, 7])
    }

    @Test(arguments: [
        [:], ["skips": "true"], ["angle": "none"],
        ["angle": "normal", "angle-deviation": "0.5", "shift": "0.3", "resizing": "0.4"],
        ["angle": "none", "shift": "0"],
        ["latent-size": "3", "decoder-sizes": "8,8,8", "skips": "true"],
    ])
    func everyPose(options: [String: String]) throws {
        try check(
            "rvae", options.merging(["decoder-sizes": "8,8"]) { own, _ in own },
            sampleShape: [5, 6])
        try check(
            "rvae", options.merging(["decoder-sizes": "8,8"]) { own, _ in own },
            sampleShape: [3, 5, 6])
    }

    private func check(
        _ recipe: String, _ options: [String: String], sampleShape: [Int]
    ) throws {
        var generator = RandomGenerator(seed: 9)
        let recipe = try Recipes.named(recipe).choosing(
            options.merging(["hidden-sizes": "8"]) { own, _ in own })
        let model = recipe.program(
            for: DataDescription(sampleShape: sampleShape), using: &generator
        ).model
        let described = try #require(model as? any DescribesDecoder)
        let codes = try #require(model as? any Encodes).encode(
            generator.uniform([4] + sampleShape))
        let steps = try #require(described.decoderSteps)
        let decoder = try #require(model as? any Decodes)
        #expect(Self.agree(steps(codes), decoder.decode(codes)))
        #expect(described.codeNames.count < codes.shape[1])
    }

    @Test func aPoseNamesItsNumbers() {
        #expect(PoseLayout(angle: .none).names == [])
        let layout = PoseLayout(angle: .circular, shiftDeviation: 0.1, scaleDeviation: 0.2)
        #expect(layout.names == ["angle", "shift to the right", "shift down", "size"])
        #expect(layout.names.count == layout.count)
    }

    @Test func samplesKeepTheirUnits() throws {
        var generator = RandomGenerator(seed: 10)
        let scale = SampleScale(
            shift: Tensor([5.0, -1, 0], shape: [3, 1, 1]).cast(to: .float32),
            unit: Tensor([2.0, 3, 0.5], shape: [3, 1, 1]).cast(to: .float32))
        let model = Scaled(
            Autoencoder(
                encoder: DeterministicEncoder(MultilayerPerceptron([12, 2], using: &generator)),
                decoder: GaussianDecoder(
                    MultilayerPerceptron([2, 12], outputShape: [3, 2, 2], using: &generator))),
            by: scale)
        let codes = generator.normal([4, 2])
        let steps = try #require(model.decoderSteps)
        #expect(Self.agree(steps(codes), model.decode(codes)))
    }

    /// Where each class has codes of its own, the description moves codes as the model does.
    @Test func codesAreMovedAsByTheModel() throws {
        var generator = RandomGenerator(seed: 11)
        var prior = ConditionalNormalPrior(
            conditions: 3, hiddenSize: 4, latentSize: 2, using: &generator)
        prior.visitTensors { $0 += generator.normal($0.shape) }
        let told = oneHot(Tensor([Int32(0), 1, 2]), depth: 3, dataType: .float32)
        let others = oneHot(Tensor([Int32(2), 0, 1]), depth: 3, dataType: .float32)
        let codes = generator.normal([3, 2])
        let scale = try #require(prior.scale)
        let deviations = exp(0.5 * (scale.logVariance(others) - scale.logVariance(told)))
        let moved = scale.mean(others) + (codes - scale.mean(told)) * deviations
        var context = PassContext.evaluation
        #expect(Self.agree(moved, prior.moved(codes, from: told, to: others, in: &context)))
    }

    @Test func whatIsOfUnknownKindHasNoDescription() {
        var generator = RandomGenerator(seed: 12)
        let square = ActivationFunction("square") { $0 * $0 }
        let head = MultilayerPerceptron([2, 3, 4], activation: square, using: &generator)
        #expect(BernoulliDecoder(head).steps == nil)
        #expect(
            CategoricalDecoder(MultilayerPerceptron([2, 4], using: &generator), classes: 2).steps
                == nil)
        #expect(
            StudentTDecoder(MultilayerPerceptron([2, 4], using: &generator), degreesOfFreedom: 1)
                .steps
                == nil)
    }
}
