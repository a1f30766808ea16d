import Autograd
import Datasets
import ModelTestSupport
import Models
import TestSupport
import Testing

@Suite struct ClassifierTests {
    /// Which of the four columns of ``bars(_:seed:)`` is bright.
    private func labels(_ count: Int) -> Tensor {
        Tensor((0..<count).map { Int32($0 % 4) })
    }

    private func trained(
        _ classifier: Classifier<MultilayerPerceptron>, on samples: Examples, epochs: Int
    ) throws -> [EpochRecord] {
        func train<Model: Trainable>(
            _ model: Model
        ) throws -> [EpochRecord] where Model.Output: HasLogits {
            var trainer = Trainer(
                model, objective: Objective(Classification()),
                optimizer: Adam(for: model, learningRate: 0.01),
                plan: TrainingPlan(epochs: epochs, batchSize: 10))
            try trainer.train(
                on: samples, heldOut: Examples(bars(40, seed: 9), labels: labels(40)))
            return trainer.history
        }
        return try train(classifier)
    }

    @Test func learnsClassesFromTargets() throws {
        var generator = RandomGenerator(seed: 1)
        let classifier = Classifier(
            MultilayerPerceptron([12, 8], outputActivation: .tanh, using: &generator), count: 8,
            classes: 4, using: &generator)
        let samples = Examples(bars(), labels: labels(50))
        let history = try trained(classifier, on: samples, epochs: 30)
        #expect(history[29].heldOut["classificationError"] == 0)
        #expect(try #require(history[29].heldOut["crossEntropy"]) < 0.1)
        // Labels that say nothing of the images cannot be learnt.
        let shuffled = Tensor((0..<50).map { Int32($0 * 7 / 12 % 4) })
        let other = try trained(
            classifier, on: Examples(bars(), labels: shuffled), epochs: 3)
        #expect(try #require(other[2].heldOut["classificationError"]) > 0.3)
    }

    @Test func standsOnAnAutoencoder() throws {
        let model = makeTrainer(plan: TrainingPlan(epochs: 1)).model
        var generator = RandomGenerator(seed: 1)
        let classifier = Classifier(
            Encoding(model), count: 2, classes: 4, using: &generator)
        let x = Examples(bars(5)).batch(0..<5).input
        #expect(classifier.features(x).isIdentical(to: model.encode(x)))
        #expect(classifier.logits(of: x).shape == [5, 4])
        let result = gradientCheck(at: classifier, mode: .directional()) { classifier in
            var context = PassContext.training(RandomGenerator(seed: 1))
            let batch = Batch(x.cast(to: .float64), labels: Tensor([0, 1, 2, 3, 0] as [Int32]))
            return Classification()(classifier.pass(batch, in: &context)).mean()
        }
        #expect(result.passes, "\(result)")
    }

    @Test func targetsAreScaledAsSamplesAre() {
        let pixels = Tensor([0, 255] as [UInt8], shape: [2, 1])
        let samples = Examples(pixels, targets: pixels, labels: Tensor([3, 7] as [Int32]))
        let batch = samples.batch(1..<2)
        #expect(batch.target.scalar == 1)
        #expect(batch.labels?.elements(as: Int32.self) == [7])
        #expect(Examples(pixels).batch(1..<2).labels == nil)
    }

    @Test func mistakesTrap() async {
        var result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { _ = Examples(.zeros([3, 2]), targets: .zeros([2])) }
        #expect(message(of: result).contains("inputs of shape [3, 2] with targets of shape [2]"))
        result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { _ = Batch(.zeros([3, 2]), labels: .zeros([2])) }
        #expect(message(of: result).contains("an input of shape [3, 2] with labels of shape [2]"))
    }
}
