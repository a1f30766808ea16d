import Autograd
import Datasets
import ModelTestSupport
import Models
import TestSupport
import Testing

@Suite struct ObjectiveTests {
    /// A tiny variational autoencoder in double precision, and three samples for it.
    private static func tiny() -> (model: TestModel, input: Tensor) {
        var generator = RandomGenerator(seed: 11)
        let body = MultilayerPerceptron(
            [4, 3], outputActivation: .tanh, using: &generator)
        let model = LatentVariableModel(
            encoder: GaussianEncoder(body, features: 3, latentSize: 2, using: &generator),
            decoder: BernoulliDecoder(
                MultilayerPerceptron([2, 3, 4], activation: .tanh, using: &generator)))
        return (model.cast(to: .float64), generator.uniform([3, 4], dataType: .float64))
    }

    private static func pass<Model: AutoencoderModel>(
        of model: Model, _ input: Tensor
    ) -> ForwardPass<Model.Output> {
        var context = PassContext.training(RandomGenerator(seed: 1))
        return model.pass(input, in: &context)
    }

    // MARK: Sums of terms

    @Test func totalIsTheWeightedSumOfMeansOverSamples() throws {
        let (model, input) = Self.tiny()
        let pass = Self.pass(of: model, input)
        let objective = model.objective(
            Reconstruction() + 4 * KullbackLeibler() + 0.5 * (L1OfCodes() + L2OfCodes()))
        #expect(objective.parts.map(\.weight) == [1, 4, 0.5, 0.5])
        let value = objective(pass)
        #expect(
            value.terms.map(\.name)
                == ["negativeLogLikelihood", "kullbackLeibler", "l1OfCodes", "l2OfCodes"])
        let means = [
            -pass.likelihood.logProbability(of: input).mean().scalar,
            pass.latentVariables[0].divergence.mean().scalar,
            abs(pass.code).sum(axes: [1]).mean().scalar,
            square(pass.code).sum(axes: [1]).mean().scalar,
        ]
        for (term, mean) in zip(value.terms, means) {
            #expect(abs(term.value.scalar - mean) < 1e-12, "\(term.name)")
        }
        let total = means[0] + 4 * means[1] + 0.5 * means[2] + 0.5 * means[3]
        #expect(abs(value.total.scalar - total) < 1e-12)
    }

    /// A model that draws its pixels black or white anew for each pass.
    private struct Binarising<Model: Trainable>: Trainable {
        var model: Model

        func prepared(_ batch: Batch, in context: inout PassContext) -> Batch {
            let draws = context.generator.uniform(
                batch.input.shape, dataType: batch.input.dataType)
            let pixels = (draws .< batch.input).cast(to: batch.input.dataType)
            return Batch(pixels, labels: batch.labels)
        }

        func callAsFunction(_ batch: Batch, in context: inout PassContext) -> Model.Output {
            model(batch, in: &context)
        }

        mutating func visit(_ visitor: inout ModuleVisitor) { visitor("model", &model) }
    }

    /// Terms and metrics are told of the target that the model prepared.
    @Test func aModelMayChangeItsTarget() throws {
        let (tiny, grey) = Self.tiny()
        let model = Binarising(model: tiny)
        var context = PassContext.training(RandomGenerator(seed: 3))
        let pass = model.pass(grey, in: &context)
        #expect(Set(pass.target.elements(as: Double.self)) == [0, 1])
        let objective = model.objective(Reconstruction())
        let expected = -pass.likelihood.logProbability(of: pass.target).mean().scalar
        #expect(objective(pass).total.scalar == expected)
        let metrics = try model.metrics(of: objective, on: Examples(grey), seed: 3)
        var evaluation = PassContext.evaluation(RandomGenerator(seed: 3))
        let again = model.pass(grey, in: &evaluation)
        #expect(
            metrics["squaredError"]
                == meanSquaredError(again.likelihood.mean, again.target).scalar)
    }

    @Test func lossesDoNotDependOnTheBatchSizeAndSumOverDimensions() {
        let prediction = Tensor([1.0, 2, 3, 5, 5, 5], shape: [2, 3])
        let target = Tensor.zeros(like: prediction)
        #expect(meanSquaredError(prediction, target).scalar == 44.5)
        #expect(meanAbsoluteError(prediction, target).scalar == 10.5)
        let repeated = concatenated([prediction, prediction])
        #expect(meanSquaredError(repeated, .zeros(like: repeated)).scalar == 44.5)
        let logits = Tensor.zeros([2, 3], dataType: .float64)
        let cross = meanBinaryCrossEntropy(logits: logits, targets: logits)
        #expect(abs(cross.scalar - 3 * 0.6931471805599453) < 1e-12)
        let labels = Tensor([0, 2] as [Int32])
        #expect(
            abs(meanCrossEntropy(logits: logits, labels: labels).scalar - 1.0986122886681098)
                < 1e-12)
    }

    @Test func termsOfWeightZeroAreOnlyReported() {
        let (model, input) = Self.tiny()
        let objective = model.objective(Reconstruction() + 0 * Reconstruction(.squaredError))
        let (value, slope) = valueWithGradient(at: model) {
            objective(Self.pass(of: $0, input)).total
        }
        let alone = valueWithGradient(at: model) {
            Objective(Reconstruction())(Self.pass(of: $0, input)).total
        }
        #expect(value.isIdentical(to: alone.value))
        #expect(zip(slope.tensors, alone.gradient.tensors).allSatisfy { $0.isIdentical(to: $1) })
        let pass = Self.pass(of: model, input)
        #expect(
            objective(pass).terms[1].value.scalar
                == meanSquaredError(pass.likelihood.mean, input).scalar)
    }

    @Test func reportedTermsOutliveTheScope() {
        let (model, input) = Self.tiny()
        var terms: [(name: String, value: Tensor)] = []
        _ = gradient(at: model) { model in
            let value = (Reconstruction() + KullbackLeibler())(Self.pass(of: model, input))
            terms = value.terms
            return value.total
        }
        #expect((terms[0].value + terms[1].value).scalar.isFinite)
    }

    @Test func crossEntropyIsTheLogLossOfDiscreteLikelihoods() {
        let (model, input) = Self.tiny()
        let pass = Self.pass(of: model, input)
        #expect(CrossEntropy()(pass).isIdentical(to: Reconstruction()(pass)))
        let direct = binaryCrossEntropy(
            logits: log(pass.likelihood.mean) - log(1 - pass.likelihood.mean), targets: input)
        #expect(
            abs(CrossEntropy()(pass) - direct.sum(axes: [1])).max().scalar < 1e-12)
    }

    @Test func targetsMayDifferFromInputs() {
        let (model, input) = Self.tiny()
        let target = 1 - input
        var context = PassContext.training(RandomGenerator(seed: 1))
        let pass = model.pass(input, target: target, in: &context)
        let expected = squaredError(pass.likelihood.mean, target)
        #expect(Reconstruction(.squaredError)(pass).isIdentical(to: expected))
    }

    @Test func mistakesTrap() async {
        var result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            let model = Self.tiny().model
            _ = model.objective(Reconstruction() + 2 * Reconstruction())
        }
        #expect(message(of: result).contains("two terms have the name \"negativeLogLikelihood\""))
        result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { _ = meanSquaredError(.zeros([2, 3]), .zeros([2, 1])) }
        #expect(message(of: result).contains("a prediction of shape [2, 3]"))
    }

    /// A weight may follow the steps of training, and samples may count differently.
    @Test func weightsFollowStepsAndSamples() {
        let (model, input) = Self.tiny()
        let objective = model.objective(
            Reconstruction() + Schedule.warmUp(steps: 3) * (2 * KullbackLeibler()))
        func value(step: Int, weights: Tensor? = nil) -> ObjectiveValue {
            var context = PassContext.training(RandomGenerator(seed: 1), step: step)
            return objective(model.pass(Batch(input, weights: weights), in: &context))
        }
        for (step, factor) in [(0, 0.25), (1, 0.5), (3, 1), (100, 1)] {
            let value = value(step: step)
            let terms = value.terms.map(\.value.scalar)
            #expect(abs(value.total.scalar - (terms[0] + 2 * factor * terms[1])) < 1e-12)
        }
        let weighted = value(step: 3, weights: Tensor([0, 0, 3.0]))
        var context = PassContext.training(RandomGenerator(seed: 1), step: 3)
        let pass = model.pass(input, in: &context)
        #expect(
            abs(weighted.terms[0].value.scalar - Reconstruction()(pass)[2].scalar) < 1e-12)
    }

    @Test func termsAndWeightsAreWrittenAsOneLikes() {
        let (model, input) = Self.tiny()
        let pass = Self.pass(of: model, input)
        let named = model.objective(
            Reconstruction() + KullbackLeibler() * 2
                + 0.5 * Schedule.constant * Term("spread") { square($0.code).sum(axes: [1]) })
        let same = model.objective(
            Reconstruction() + 2 * KullbackLeibler() + 0.5 * L2OfCodes())
        #expect(named(pass).total.isIdentical(to: same(pass).total))
        #expect(named(pass).terms[2].name == "spread")
    }

    // MARK: Derivatives of whole objectives

    private static let objectives: [Objective<TestModel.Output>] = [
        Reconstruction() + 4 * KullbackLeibler(),
        Reconstruction(.squaredError) + 0.3 * L1OfCodes() + 0.2 * L2OfCodes(),
        CrossEntropy() + 0.1 * JacobianPenalty(),
        CrossEntropy() + 0.1 * JacobianPenalty(projections: 2),
    ]

    @Test(arguments: objectives.indices) func gradientsOfObjectives(index: Int) {
        let (model, input) = Self.tiny()
        let objective = Self.objectives[index]
        let check = gradientCheck(at: model) { objective(Self.pass(of: $0, input)).total }
        #expect(check.passes, "\(check)")
        let second = gradientCheck(at: model, order: 2, mode: .directional()) {
            objective(Self.pass(of: $0, input)).total
        }
        #expect(second.passes, "\(second)")
    }

    @Test(arguments: [GaussianDecoder<MultilayerPerceptron>.Scale.learned, .predicted])
    func gradientsWithGaussianDecoders(scale: GaussianDecoder<MultilayerPerceptron>.Scale) {
        var generator = RandomGenerator(seed: 12)
        let outputs = scale == .predicted ? 8 : 4
        let model = Autoencoder(
            encoder: DeterministicEncoder(MultilayerPerceptron([4, 2], using: &generator)),
            decoder: GaussianDecoder(
                MultilayerPerceptron([2, 3, outputs], activation: .tanh, using: &generator),
                scale: scale))
        let input = generator.normal([3, 4], dataType: .float64)
        let check = gradientCheck(at: model, order: 2) {
            Objective(Reconstruction())(Self.pass(of: $0, input)).total
        }
        #expect(check.passes, "\(check)")
    }

    // MARK: The Jacobian penalty

    /// An autoencoder whose encoder is one sigmoid layer, in double precision.
    private static func sigmoidLayer() -> (
        model: Autoencoder<
            DeterministicEncoder<MultilayerPerceptron>, BernoulliDecoder<MultilayerPerceptron>
        >,
        input: Tensor
    ) {
        var generator = RandomGenerator(seed: 13)
        let model = Autoencoder(
            encoder: DeterministicEncoder(
                MultilayerPerceptron([6, 5], outputActivation: .sigmoid, using: &generator)),
            decoder: BernoulliDecoder(MultilayerPerceptron([5, 6], using: &generator)))
        return (model.cast(to: .float64), generator.normal([4, 6], dataType: .float64))
    }

    /// Σⱼ hⱼ² (1 − hⱼ)² ‖wⱼ‖² for a layer h = σ(W x + b) (Rifai et al., 2011, equation 3).
    private static func closedForm(
        _ encoder: DeterministicEncoder<MultilayerPerceptron>, _ input: Tensor
    ) -> Tensor {
        let h = encoder(input).mean
        let weight = encoder.body.layers[0].weight
        return (square(h * (1 - h)) * square(weight).sum(axes: [1])).sum(axes: [1])
    }

    @Test func jacobianPenaltyEqualsClosedForm() {
        let (model, input) = Self.sigmoidLayer()
        let penalty = JacobianPenalty()(Self.pass(of: model, input))
        let expected = Self.closedForm(model.encoder, input)
        #expect(penalty.shape == [4])
        #expect(expected.min().scalar > 0.01)
        #expect(abs(penalty - expected).max().scalar < 1e-10)
    }

    @Test func jacobianPenaltyIsEstimatedWithoutBias() {
        let (model, input) = Self.sigmoidLayer()
        let pass = Self.pass(of: model, input)
        let projections = 2000
        let estimate = JacobianPenalty(projections: projections)(pass)
        let exact = Self.closedForm(model.encoder, input)
        // Five of the greatest standard deviations that the estimate can have.
        let bound = 5 * (2 / Double(projections)).squareRoot()
        #expect((abs(estimate - exact) / exact).max().scalar < bound)
        // The same pass is estimated with the same numbers, another with others.
        let single = JacobianPenalty<
            Autoencoder<
                DeterministicEncoder<MultilayerPerceptron>, BernoulliDecoder<MultilayerPerceptron>
            >
                .Output
        >(
            projections: 1)
        #expect(single(pass).isIdentical(to: single(pass)))
        var context = PassContext.training(RandomGenerator(seed: 1))
        let passes = (0..<2).map { _ in model.pass(input, in: &context) }
        #expect(!single(passes[0]).isIdentical(to: single(passes[1])))
        #expect(abs(single(passes[0]) - exact).max().scalar > 1e-6)
    }

    @Test func gradientOfJacobianPenaltyEqualsThatOfClosedForm() {
        let (model, input) = Self.sigmoidLayer()
        let found = gradient(at: model) { JacobianPenalty()(Self.pass(of: $0, input)).mean() }
        let expected = gradient(at: model) { Self.closedForm($0.encoder, input).mean() }
        for (index, (found, expected)) in zip(found.tensors, expected.tensors).enumerated() {
            #expect(abs(found - expected).max().scalar < 1e-10, "parameter \(index)")
        }
        #expect(abs(found.encoder.body.layers[0].weight).max().scalar > 0.001)
    }

    @Test func jacobianPenaltyEqualsTheJacobian() {
        // For an encoder of several layers, of a distribution, against one sample at a time.
        let (model, input) = Self.tiny()
        let penalty = JacobianPenalty()(Self.pass(of: model, input))
        for sample in 0..<3 {
            let matrix = jacobian(at: input[sample..<sample + 1]) { model.encode($0) }
            #expect(abs(penalty[sample].scalar - square(matrix).sum().scalar) < 1e-12)
        }
    }
}
