import Autograd
import Models
import Testing

@Suite struct ClassifierTests {
    /// Which of the four columns of ``bars(_:seed:)`` is bright.
    private func labels(_ count: Int) -> Tensor {
        Tensor((0..<count).map { Int32($0 % 4) })
    }

    private func trained(
        _ classifier: some Trainable, on samples: Samples, epochs: Int
    ) throws -> [EpochRecord] {
        func train<Model: Trainable>(_ model: Model) throws -> [EpochRecord] {
            var trainer = Trainer(
                model, objective: Objective(Reconstruction(.crossEntropy)),
                optimizer: Adam(for: model, learningRate: 0.01),
                plan: TrainingPlan(epochs: epochs, batchSize: 10))
            try trainer.train(
                on: samples, heldOut: Samples(bars(40, seed: 9), targets: labels(40)))
            return trainer.history
        }
        return try train(classifier)
    }

    @Test func learnsClassesFromTargets() throws {
        var generator = RandomGenerator(seed: 1)
        let classifier = Classifier(
            MultilayerPerceptron([12, 8], outputActivation: .tanh, using: &generator), count: 8,
            classes: 4, using: &generator)
        let samples = try Samples(bars(), targets: labels(50))
        let history = try trained(classifier, on: samples, epochs: 30)
        #expect(history[29].heldOut["classificationError"] == 0)
        #expect(try #require(history[29].heldOut["crossEntropy"]) < 0.1)
        // Labels that say nothing of the pictures cannot be learnt.
        let shuffled = Tensor((0..<50).map { Int32($0 * 7 / 12 % 4) })
        let other = try trained(
            classifier, on: Samples(bars(), targets: shuffled), epochs: 3)
        #expect(try #require(other[2].heldOut["classificationError"]) > 0.3)
    }

    @Test func standsOnAnAutoencoder() throws {
        let model = makeTrainer(plan: TrainingPlan(epochs: 1)).model
        var generator = RandomGenerator(seed: 1)
        let classifier = Classifier(
            Encoding(model), count: 2, classes: 4, using: &generator)
        let x = Samples.pixels(bars(5))
        #expect(classifier.features(x).isIdentical(to: model.encode(x)))
        #expect(classifier(x).shape == [5, 4])
        let result = gradientCheck(at: classifier, mode: .directional()) { classifier in
            var context = Context.training(RandomGenerator(seed: 1))
            let pass = classifier.pass(
                x.cast(to: .float64), target: Tensor([0, 1, 2, 3, 0] as [Int32]), in: &context)
            return Reconstruction(.crossEntropy)(pass).mean()
        }
        #expect(result.passes, "\(result)")
    }

    @Test func targetsAreScaledAsSamplesAre() throws {
        let pixels = Tensor([0, 255] as [UInt8], shape: [2, 1])
        let samples = try Samples(pixels, targets: pixels)
        #expect(samples.targets([1], as: .float32)?.scalar == 1)
        #expect(try Samples(pixels).targets([1], as: .float32) == nil)
        let classes = try Samples(pixels, targets: Tensor([3, 7] as [Int32]))
        #expect(classes.targets([1], as: .float32)?.elements(as: Int32.self) == [7])
    }

    @Test func mistakesTrap() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { _ = try Samples(.zeros([3, 2]), targets: .zeros([2])) }
        #expect(message(of: result).contains("samples of shape [3, 2] with targets of shape [2]"))
    }
}

extension Samples {
    fileprivate static func pixels(_ values: Tensor) -> Tensor {
        try! Samples(values).batch(0..<values.shape[0], as: .float32)
    }
}
