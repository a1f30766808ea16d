import Autograd
import Datasets
import ModelTestSupport
import TestSupport
import Testing

@testable import Models

/// Recipes that learn from samples of which few have labels.
@Suite struct FewLabelsTests {
    private func samples(_ count: Int, labelled: Int) -> Examples {
        let labels = (0..<count).map { $0 % 7 == 3 && $0 / 7 < labelled ? Int32($0 % 2) : -1 }
        return Examples(bars(count), labels: Tensor(labels))
    }

    private func recipe(share: Double) throws -> SemiSupervisedAutoencoder {
        try SemiSupervisedAutoencoder().choosing(["labelled-share": "\(share)"])
    }

    @Test func labelledSamplesAreRepeated() throws {
        let samples = samples(1000, labelled: 20)
        for (share, repeats) in [(0.0, 1), (0.02, 1), (0.1, 5), (0.5, 49), (0.9, 441)] {
            let positions = try recipe(share: share).epoch(of: samples)
            let counts = Dictionary(grouping: positions) { $0 }.mapValues(\.count)
            #expect(counts.count == 1000, "every sample takes part")
            for (position, count) in counts {
                let isLabelled = position % 7 == 3 && position / 7 < 20
                #expect(count == (isLabelled ? repeats : 1))
            }
        }
        // Where none is to be repeated, or has a label.
        #expect(try recipe(share: 0.5).epoch(of: self.samples(50, labelled: 0)) == Array(0..<50))
        let all = Examples(bars(9), labels: Tensor([Int32](repeating: 0, count: 9)))
        #expect(try recipe(share: 0.5).epoch(of: all) == Array(0..<9))
        #expect(try recipe(share: 0.5).epoch(of: Examples(bars(9))) == Array(0..<9))
    }

    private static let data = DataDescription(sampleShape: [12], classesOfSome: 2)

    private func trainer(epochs: Int) throws -> Trainer<
        SingleObjective<
            Scaled<
                ClassVariableModel<
                    GaussianEncoder<Sequential>, StandardNormalPrior,
                    ChosenDecoder<MultilayerPerceptron>
                >
            >, ChosenOptimizer
        >
    > {
        let recipe = try SemiSupervisedAutoencoder().choosing([
            "hidden-sizes": "6", "latent-size": "2", "labelled-share": "0.3", "batch-size": "20",
        ])
        var generator = RandomGenerator(seed: 5)
        let program = recipe.program(for: Self.data, using: &generator)
        return Trainer(
            try #require(
                program
                    as? SingleObjective<
                        Scaled<
                            ClassVariableModel<
                                GaussianEncoder<Sequential>, StandardNormalPrior,
                                ChosenDecoder<MultilayerPerceptron>
                            >
                        >,
                        ChosenOptimizer
                    >), plan: TrainingPlan(epochs: epochs, batchSize: 20, seed: 3))
    }

    /// Training of batches that are mixed is repeated, and resumed within an epoch, to the last bit.
    @Test func mixingIsReproducible() throws {
        let samples = samples(100, labelled: 6)
        let source = Selection(try recipe(share: 0.3).epoch(of: samples), of: samples)
        #expect(source.count == 94 + 42)
        var whole = try trainer(epochs: 3)
        try whole.train(on: source, heldOut: samples)
        var again = try trainer(epochs: 3)
        try again.train(on: source, heldOut: samples)
        func tensors(_ model: some Module) -> [Tensor] { model.allTensors.map(\.tensor) }
        #expect(
            zip(tensors(whole.model), tensors(again.model)).allSatisfy { $0.isIdentical(to: $1) })
        try withTemporaryDirectory { folder in
            let path = folder.appending(path: "state.safetensors").path
            var broken = try trainer(epochs: 3)
            var asked = 0
            let monitor = ProgressMonitor {
                asked += 1
                return asked > 10
            }
            #expect(throws: CancellationError.self) {
                try broken.train(on: source, heldOut: samples, monitor: monitor)
            }
            try broken.save(to: path)
            var resumed = try trainer(epochs: 3)
            try resumed.resume(from: path)
            try resumed.train(on: source, heldOut: samples)
            #expect(
                zip(tensors(whole.model), tensors(resumed.model)).allSatisfy {
                    $0.isIdentical(to: $1)
                })
            #expect(whole.history.withoutTimes == resumed.history.withoutTimes)
        }
    }

    /// Errors are those of the samples with a label, however they are spread over batches.
    @Test func errorsAreOfSamplesWithLabels() throws {
        var trainer = try trainer(epochs: 1)
        let samples = samples(100, labelled: 6)
        try trainer.train(on: samples, heldOut: samples)
        let labels = try #require(samples.labels).elements(as: Int32.self)
        let predicted = trainer.model.logits(of: samples.batch(0..<100)).argmax()
            .elements(as: Int32.self)
        let wrong = (0..<100).count { labels[$0] >= 0 && labels[$0] != predicted[$0] }
        let error = try #require(trainer.history[0].heldOut["classificationError"])
        #expect(abs(error - Double(wrong) / 6) < 1e-12)
    }

    /// From fifty labels of handwritten digits and many digits without one more is learned than from
    /// these fifty alone by the same classifier.
    @Test func samplesWithoutLabelsHelp() throws {
        let digits = try Dataset.named("digits8x8").keepingLabels(50, seed: 1)
        let data = DataDescription(digits)
        #expect(data.classes == nil && data.classesOfSome == 10)
        let recipe = try SemiSupervisedAutoencoder().choosing([
            "hidden-sizes": "64", "latent-size": "4", "learning-rate": "0.01", "epochs": "100",
            "batch-size": "100", "classification": "1",
        ])
        var generator = RandomGenerator(seed: 2)
        let epoch = Selection(recipe.epoch(of: digits.training), of: digits.training)
        func train(_ program: some TrainingProgram) throws -> Double {
            var trainer = Trainer(program, plan: recipe.training.plan(samples: epoch.count))
            try trainer.train(on: epoch, heldOut: digits.test)
            return try #require(trainer.record?.heldOut["classificationError"])
        }
        let error = try train(recipe.program(for: data, using: &generator))
        let alone = try classifierAlone(on: digits)
        #expect(error < alone - 0.02, "\(error) beside \(alone)")
    }

    /// The error of the same classifier that learned from the labelled samples alone.
    private func classifierAlone(on digits: Dataset) throws -> Double {
        var generator = RandomGenerator(seed: 2)
        let body = MultilayerPerceptron(
            [64, 64], outputActivation: .softplus, using: &generator)
        let classifier = Classifier(body, count: 64, classes: 10, using: &generator)
        var trainer = Trainer(
            classifier, objective: Objective(Classification()),
            optimizer: Adam(for: classifier, learningRate: 0.003),
            plan: TrainingPlan(epochs: 300, batchSize: 50))
        try trainer.train(on: digits.training.labelled, heldOut: digits.test)
        return try #require(trainer.record?.heldOut["classificationError"])
    }

    /// What is learned before is not changed after.
    @Test func featuresStay() throws {
        let recipe = try StackedSemiSupervisedAutoencoder().choosing([
            "hidden-sizes": "6", "latent-size": "2", "upper-sizes": "5", "batch-size": "20",
            "weight-decay": "0.1",
        ])
        var generator = RandomGenerator(seed: 7)
        let stage = recipe.stages(for: Self.data, using: &generator)[0]
        let features = try #require(stage.program.model as? any AutoencoderModel)
        let program = recipe.assemble([features], for: Self.data)
        let samples = samples(60, labelled: 5)
        func train(_ program: some TrainingProgram) throws -> any Module {
            var trainer = Trainer(program, plan: TrainingPlan(epochs: 2, batchSize: 20))
            try trainer.train(on: samples)
            return trainer.model
        }
        let trained = try train(program)
        let state = trained.allTensors.filter { $0.path.hasPrefix("features.") }
        #expect(state.map(\.tensor.shape) == features.allTensors.map(\.tensor.shape))
        #expect(
            zip(state, features.allTensors).allSatisfy { $0.tensor.isIdentical(to: $1.tensor) })
        #expect(
            zip(trained.parameters, program.model.parameters).allSatisfy {
                !$0.tensor.isIdentical(to: $1.tensor) || $0.path.hasSuffix("bias")
            })
        let model = try #require(trained as? any Encodes & Reconstructs & Generates & Classifies)
        let input = samples.batch(0..<3).input
        #expect(model.encode(input).shape == [3, 2] && model.reconstruct(input).shape == [3, 12])
        #expect(model.logits(of: input).shape == [3, 2])
        #expect(model.sample(4, using: &generator).shape == [4, 12])
    }

    @Test func labelsAreRequired() throws {
        for recipe in Recipes.zoo.map({ $0.init() })
        where recipe is any FewLabelsRecipe && !(recipe is any NumberRecipe) {
            for classes in [nil, 1] {
                let data = DataDescription(sampleShape: [3, 4], classes: classes)
                #expect(
                    recipe.requirement(of: data)
                        == "training samples with labels of at least two classes")
            }
            let some = DataDescription(sampleShape: [3, 4], classesOfSome: 2)
            #expect(recipe.requirement(of: some) == nil)
        }
    }

    // MARK: The term

    private struct Output: HasLogits { let logits: Tensor }

    @Test func classificationIsTheMeanOverLabelledSamples() throws {
        var generator = RandomGenerator(seed: 8)
        let logits = generator.normal([5, 3], dataType: .float64)
        func value(_ labels: [Int32]?, weights: [Double]? = nil) -> Double {
            var context = PassContext.evaluation
            let batch = Batch(
                logits, labels: labels.map { Tensor($0) }, weights: weights.map { Tensor($0) })
            let pass = ForwardPass(Output(logits: logits), of: batch, in: &context)
            return Objective(LabelledClassification<Output>())(pass).total.scalar
        }
        let losses = (0..<5).map { row in
            (0..<3).map { -logSoftmax(logits)[row, $0].scalar }
        }
        #expect(abs(value([-1, 2, -1, 0, -1]) - (losses[1][2] + losses[3][0]) / 2) < 1e-12)
        let weighted = value([-1, 2, -1, 0, -1], weights: [5, 3, 5, 1, 5])
        #expect(abs(weighted - (3 * losses[1][2] + losses[3][0]) / 4) < 1e-12)
        #expect(value([-1, -1, -1, -1, -1]) == 0 && value(nil) == 0)
        var metric = ClassificationError<Output>()
        #expect(metric.value.isNaN)
        var context = PassContext.evaluation
        let batch = Batch(logits, labels: Tensor([-1, 2, -1, 0, -1] as [Int32]))
        metric.add(ForwardPass(Output(logits: logits), of: batch, in: &context))
        let predicted = logits.argmax().elements(as: Int32.self)
        let wrong = (predicted[1] == 2 ? 0 : 0.5) + (predicted[3] == 0 ? 0 : 0.5)
        #expect(metric.value == wrong)
    }
}
