import Autograd
import Datasets
import Foundation
import Testing

@testable import Models

@Suite struct TrainerTests {
    private let samples = Examples(bars())

    @Test func itLearns() throws {
        var trainer = makeTrainer(plan: TrainingPlan(epochs: 30, batchSize: 16))
        let heldOut = Examples(bars(20, seed: 4))
        let before = try trainer.program.metrics(on: heldOut)
        #expect(try trainer.train(on: samples, heldOut: heldOut) == .completed)
        let after = try #require(trainer.history.last?.heldOut)
        #expect(trainer.history.map(\.epoch) == Array(1...30))
        #expect(after["loss"]! < 0.7 * before["loss"]!)
        #expect(after["squaredError"]! < 0.7 * before["squaredError"]!)
        #expect(trainer.history.last!.training["loss"]! < trainer.history[0].training["loss"]!)
    }

    // MARK: Metrics

    @Test func metricsAreMeansOverExamples() throws {
        // Without randomness: the batches must not matter, the last and short one counts less.
        var generator = RandomGenerator(seed: 1)
        let model = Autoencoder(
            encoder: PointEncoder(MultilayerPerceptron([12, 3], using: &generator)),
            decoder: BernoulliDecoder(MultilayerPerceptron([3, 12], using: &generator)))
        let objective = model.objective(Reconstruction() + 2 * L2OfCodes())
        let whole = try model.metrics(of: objective, on: samples, batchSize: 50)
        let parts = try model.metrics(of: objective, on: samples, batchSize: 7)
        #expect(Set(whole.keys) == ["loss", "negativeLogLikelihood", "l2OfCodes", "squaredError"])
        for (name, value) in whole { #expect(abs(parts[name]! - value) < 1e-5 * abs(value)) }

        var told: [Double] = []
        let monitor = ProgressMonitor { event in
            if case .advanced(let part, _) = event { told.append(part) }
        }
        let again = try model.metrics(of: objective, on: samples, batchSize: 50, monitor: monitor)
        #expect(again == whole)
        _ = try model.metrics(of: objective, on: samples, batchSize: 20, monitor: monitor)
        #expect(told == [1, 0.4, 0.8, 1])

        let x = samples.batch(0..<50).input
        let error = (model.reconstruct(x) - x).elements(as: Float.self)
            .reduce(0.0) { $0 + Double($1 * $1) }
        #expect(abs(whole["squaredError"]! - error / 50) < 1e-5)
        let sum = whole["negativeLogLikelihood"]! + 2 * whole["l2OfCodes"]!
        #expect(abs(whole["loss"]! - sum) < 1e-4)
    }

    @Test func theEvidenceLowerBoundIsUnweighted() throws {
        let model = makeTrainer(plan: TrainingPlan(epochs: 1)).model
        let objective = model.objective(Reconstruction() + 7 * KullbackLeibler())
        let metrics = try model.metrics(of: objective, on: samples, seed: 3)
        #expect(
            metrics["elbo"] == -(metrics["negativeLogLikelihood"]! + metrics["kullbackLeibler"]!))
        #expect(try metrics == model.metrics(of: objective, on: samples, seed: 3))
        #expect(try metrics != model.metrics(of: objective, on: samples, seed: 4))

        let squared = model.objective(Reconstruction(.squaredError) + KullbackLeibler())
        let others = try model.metrics(of: squared, on: samples, seed: 3)
        #expect(others["elbo"] == nil)
        #expect(others["squaredError"] == metrics["squaredError"])
    }

    @Test func withoutSettingsTheTrainingLossIsTheObjective() throws {
        var trainer = makeTrainer(plan: TrainingPlan(epochs: 1, batchSize: 50))
        let before = trainer.program
        try trainer.train(on: samples)
        let record = trainer.history[0]
        // The order of the samples decides who gets which noise, and so only about the same.
        let loss = try before.metrics(on: samples)["loss"]!
        #expect(abs(record.training["loss"]! - loss) < 0.05 * loss)
        #expect(record.heldOut.isEmpty)
        #expect(record.step == 1)
    }

    // MARK: Batches

    @Test func everySampleIsSeenOnceAnEpoch() throws {
        var trainer = makeTrainer(plan: TrainingPlan(epochs: 2, batchSize: 14))
        var seen: [[Int]] = []
        let monitor = ProgressMonitor { event in
            guard case .batch(let progress) = event else { return }
            seen.append([progress.epoch, progress.batch, progress.samples])
            #expect(progress.batches == 4 && progress.samplesPerEpoch == 50)
            #expect(
                progress.means.map(\.name) == ["loss", "negativeLogLikelihood", "kullbackLeibler"])
        }
        try trainer.train(on: samples, monitor: monitor)
        let epoch = [[1, 14], [2, 28], [3, 42], [4, 50]]
        #expect(seen == epoch.map { [1] + $0 } + epoch.map { [2] + $0 })
        #expect(trainer.history.map(\.step) == [4, 8])
    }

    @Test func theOrderComesFromTheSeedAndTheEpoch() {
        func orders(_ seed: UInt64) -> [[Int]] {
            var state = TrainingState(generator: RandomGenerator(seed: seed), batchSize: 1)
            return (0..<3).map { _ in
                let order = state.orderOfEpoch(of: 20)
                #expect(state.orderOfEpoch(of: 20) == order, "while the epoch lasts")
                state.finishEpoch(
                    EpochRecord(
                        epoch: 1, step: 0, learningRate: nil, training: [:], heldOut: [:],
                        seconds: 0))
                return order
            }
        }
        #expect(orders(1) == orders(1))
        #expect(Set(orders(1) + orders(2)).count == 6)
        #expect(orders(1).allSatisfy { $0.sorted() == Array(0..<20) })
    }

    @Test func pixelsAreScaledAndNumbersKept() throws {
        let pixels = Examples(Tensor([0, 51, 255, 102] as [UInt8], shape: [2, 2]))
        #expect(pixels.batch(at: [1], as: .float32).input.elements(as: Float.self) == [1, 0.4])
        #expect(pixels.batch(at: [1, 0], as: .float64).input.elements() == [1, 0.4, 0, 0.2])
        let numbers = Examples(Tensor([-1, 300] as [Float], shape: [2, 1]))
        #expect(numbers.batch(at: [1], as: .float32).input.elements(as: Float.self) == [300])
        #expect(numbers.shape == [1] && numbers.count == 2)
    }

    @Test func aDataSetSmallerThanABatchWorks() throws {
        var trainer = makeTrainer(plan: TrainingPlan(epochs: 2, batchSize: 128))
        try trainer.train(on: Examples(bars(3)), heldOut: Examples(bars(1)))
        #expect(trainer.history.map(\.step) == [1, 2])
    }

    /// Fifty samples in batches of 7: the last batch would have one.
    @Test func anIncompleteBatchCanBeLeftOut() throws {
        var generator = RandomGenerator(seed: 1)
        let model = Autoencoder(
            encoder: PointEncoder(
                Sequential {
                    Dense(12, 4, using: &generator)
                    BatchNormalization(4)
                }),
            decoder: BernoulliDecoder(MultilayerPerceptron([4, 12], using: &generator)))
        var trainer = Trainer(
            model, objective: Objective(Reconstruction()), optimizer: Adam(for: model),
            plan: TrainingPlan(epochs: 2, batchSize: 7, dropsIncompleteBatch: true))
        let monitor = ProgressMonitor { event in
            guard case .batch(let progress) = event else { return }
            #expect(progress.batches == 7 && progress.samplesPerEpoch == 49)
        }
        try trainer.train(on: samples, monitor: monitor)
        #expect(trainer.history.map(\.step) == [7, 14])
    }

    @Test func aLoneIncompleteBatchIsKept() throws {
        var trainer = makeTrainer(
            plan: TrainingPlan(epochs: 1, batchSize: 64, dropsIncompleteBatch: true))
        try trainer.train(on: samples)
        #expect(trainer.history.map(\.step) == [1])
        var complete = makeTrainer(
            plan: TrainingPlan(epochs: 1, batchSize: 25, dropsIncompleteBatch: true))
        try complete.train(on: samples)
        #expect(complete.history.map(\.step) == [2])
    }

    // MARK: The plan

    @Test func zeroEpochsEvaluateOnly() throws {
        var trainer = makeTrainer(plan: TrainingPlan(epochs: 0))
        let before = trainer.model
        #expect(try trainer.train(on: samples, heldOut: samples) == .completed)
        #expect(isIdentical(trainer.model, before))
        #expect(trainer.history.map(\.epoch) == [0])
        #expect(trainer.history[0].heldOut["elbo"] != nil)
        try trainer.train(on: samples, heldOut: samples)
        #expect(trainer.history.count == 1)
    }

    @Test func theScheduleMultipliesTheLearningRate() throws {
        let schedule = Schedule { step in step < 3 ? 1 : 0 }
        var trainer = makeTrainer(
            plan: TrainingPlan(epochs: 3, batchSize: 25, schedule: schedule), learningRate: 0.5)
        var models: [TestModel] = []
        for epochs in 1...3 {
            var part = makeTrainer(
                plan: TrainingPlan(epochs: epochs, batchSize: 25, schedule: schedule),
                learningRate: 0.5)
            try part.train(on: samples)
            models.append(part.model)
        }
        try trainer.train(on: samples)
        #expect(trainer.history.map(\.learningRate) == [0.5, 0, 0])
        #expect(!isIdentical(models[0], models[1]))
        #expect(isIdentical(models[1], models[2]))
    }

    /// One step of plain gradient descent with learning rate 1 moves by the gradient itself.
    @Test(arguments: [GradientClipping.globalNorm(0.5), .magnitude(0.01)])
    func gradientsAreClipped(_ clipping: GradientClipping) throws {
        let model = makeTrainer(plan: TrainingPlan(epochs: 1)).model
        func step(_ clipping: GradientClipping?) throws -> [Double] {
            var trainer = Trainer(
                model, objective: Reconstruction() + KullbackLeibler(),
                optimizer: SGD(for: model, learningRate: 1),
                plan: TrainingPlan(epochs: 1, clipping: clipping))
            try trainer.train(on: samples)
            return zip(trainer.model.tensors, model.tensors).flatMap { after, before in
                (after - before).cast(to: .float64).elements(as: Double.self)
            }
        }
        let (free, clipped) = (try step(nil), try step(clipping))
        let norm = free.reduce(0) { $0 + $1 * $1 }.squareRoot()
        for (free, clipped) in zip(free, clipped) {
            let expected =
                switch clipping {
                case .globalNorm(let limit): free * limit / norm
                case .magnitude(let limit): min(max(free, -limit), limit)
                }
            #expect(abs(clipped - expected) < 1e-5)
        }
        #expect(norm > 1)
    }

    /// Where processes share the work, gradients are made one before anybody looks at them.
    @Test func gradientsAreExchangedFirst() throws {
        struct Mending: GradientExchange {
            func callAsFunction<Gradients: Differentiable>(
                _ gradients: inout Gradients, _ losses: inout [(name: String, value: Double)]
            ) throws {
                gradients.visitTensors { $0 = Tensor.ones(like: $0) }
                losses = losses.map { ($0.name, 7) }
            }
        }
        let model = makeTrainer(plan: TrainingPlan(epochs: 1)).model
        var trainer = Trainer(
            model, objective: Reconstruction() + KullbackLeibler(),
            optimizer: SGD(for: model, learningRate: 1), plan: TrainingPlan(epochs: 1))
        trainer.exchange = Mending()
        // What is not finite in this process alone is no reason to stop.
        try trainer.train(on: Examples(Tensor(repeating: 1e37, shape: [3, 12])))
        #expect(trainer.history[0].training["loss"] == 7)
        for (after, before) in zip(trainer.model.tensors, model.tensors) {
            #expect(after.isIdentical(to: before - 1))
        }
    }

    /// Terms are told how far the training is, in evaluations too.
    @Test func passesKnowHowFarTrainingIs() throws {
        struct Progress<Output: HasCode>: ObjectiveTerm {
            var name: String { "progress" }
            func callAsFunction(_ pass: Pass<Output>) -> Tensor {
                0 * pass.code.sum(axes: [1]) + (pass.progress + Double(pass.step))
            }
        }
        let model = makeTrainer(plan: TrainingPlan(epochs: 1)).model
        var trainer = Trainer(
            model, objective: Reconstruction() + 0 * Progress(), optimizer: Adam(for: model),
            plan: TrainingPlan(epochs: 2, batchSize: 25))
        try trainer.train(on: samples, heldOut: samples)
        let training = trainer.history.map { $0.training["progress"]! }
        let heldOut = trainer.history.map { $0.heldOut["progress"]! }
        #expect(abs(training[0] - (0 + 1.25) / 2) < 1e-6 && abs(training[1] - 3.125) < 1e-6)
        #expect(abs(heldOut[0] - 2.5) < 1e-6 && abs(heldOut[1] - 5) < 1e-6)
    }

    /// An area under a curve is no mean over samples.
    @Test func metricsOfTheWholeEvaluation() throws {
        var generator = RandomGenerator(seed: 4)
        let classifier = Classifier(Flatten(), count: 12, classes: 2, using: &generator)
        let examples = Examples(bars(40), labels: Tensor((0..<40).map { Int32($0 % 2) }))
        let program = SingleObjective(
            classifier, objective: Objective(Classification()), optimizer: Adam(for: classifier),
            metrics: [AreaUnderCurve()])
        var trainer = Trainer(program, plan: TrainingPlan(epochs: 30, batchSize: 8))
        let before = try program.metrics(of: classifier, on: examples, batchSize: 7)
        try trainer.train(on: examples, heldOut: examples)
        let area = try #require(trainer.history.last?.heldOut["areaUnderCurve"])
        #expect(area > 0.95 && before["areaUnderCurve"]! < area)
        let parts = try trainer.program.metrics(of: trainer.model, on: examples, batchSize: 7)
        #expect(parts["areaUnderCurve"] == area)
    }

    @Test func earlyStoppingKeepsTheBestModel() throws {
        // On noise of other bars training soon makes held-out data worse.
        let stopping = EarlyStopping(metric: "elbo", better: .higher, patience: 2)
        var trainer = makeTrainer(
            plan: TrainingPlan(epochs: 500, batchSize: 4, earlyStopping: stopping),
            learningRate: 0.05)
        let heldOut = Examples(bars(30, seed: 8).reversed(axis: 1))
        #expect(try trainer.train(on: Examples(bars(4)), heldOut: heldOut) == .stoppedEarly)
        let values = trainer.history.map { $0.heldOut["elbo"]! }
        let best = values.indices.max { values[$0] < values[$1] }!
        #expect(values.count == best + 1 + 2)
        let kept = try trainer.program.metrics(of: trainer.model, on: heldOut, batchSize: 4)
        #expect(kept["elbo"] == values[best] && trainer.record?.epoch == best + 1)
        #expect(try trainer.train(on: Examples(bars(4)), heldOut: heldOut) == .stoppedEarly)
        #expect(trainer.history.count == values.count)
    }

    @Test func anUnknownMetricIsNamed() throws {
        var trainer = makeTrainer(
            plan: TrainingPlan(epochs: 2, earlyStopping: EarlyStopping(metric: "los", patience: 1)))
        let error = #expect(throws: TrainingError.self) {
            try trainer.train(on: samples, heldOut: samples)
        }
        #expect(error?.description.contains("watches los, which is not computed") == true)
        #expect(error?.description.contains("elbo, kullbackLeibler, loss") == true)
    }

    // MARK: What is not finite

    @Test(arguments: [Float.nan, .infinity])
    func aSampleThatIsNotFiniteIsNamed(_ value: Float) {
        for position in [0, 5, 69, 4000] {
            var elements = [Float](repeating: 0.5, count: 4001 * 100)
            elements[position * 100 + 3] = value
            elements[4000 * 100 + 99] = value
            let samples = Examples(Tensor(elements, shape: [4001, 100]))
            var trainer = makeTrainer(inputs: 100, plan: TrainingPlan(epochs: 1))
            #expect(throws: TrainingError.sampleNotFinite(index: position)) {
                try trainer.train(on: samples)
            }
        }
    }

    @Test func noSamplesAreRefused() {
        var trainer = makeTrainer(plan: TrainingPlan(epochs: 1))
        let none = Examples(.zeros([0, 12]))
        #expect(throws: TrainingError.noSamples) { try trainer.train(on: none) }
        #expect(throws: TrainingError.noSamples) { try trainer.train(on: samples, heldOut: none) }
    }

    /// A trainer of a model whose loss overflows with the squares of its samples.
    private func squaringTrainer() -> Trainer<some TrainingProgram> {
        var generator = RandomGenerator(seed: 1)
        let model = Autoencoder(
            encoder: PointEncoder(MultilayerPerceptron([12, 3], using: &generator)),
            decoder: BernoulliDecoder(MultilayerPerceptron([3, 12], using: &generator)))
        return Trainer(
            model, objective: Reconstruction(.squaredError) + L2OfCodes(),
            optimizer: Adam(for: model), plan: TrainingPlan(epochs: 1, batchSize: 2))
    }

    @Test func theOperationThatMadeTheLossNotFiniteIsNamed() throws {
        var trainer = squaringTrainer()
        let error = #expect(throws: TrainingError.self) {
            try trainer.train(on: Examples(Tensor(repeating: 1e30, shape: [8, 12])))
        }
        guard case .lossNotFinite(let epoch, let batch, let operation) = error else {
            Issue.record("\(error!)")
            return
        }
        #expect(epoch == 1 && batch == 1)
        #expect(operation?.isDerivative == false)
        let name = try #require(operation).description
        #expect(
            error?.description
                == "epoch 1, batch 1: the loss is not finite; the first value that was not is "
                + "that of \(name): try a smaller learning rate, or scale what in the data is far "
                + "from 1")
    }

    /// One sample is so large that its square overflows.
    @Test func theSampleThatMadeTheLossNotFiniteIsNamed() throws {
        var elements = [Float](repeating: 0.5, count: 8 * 12)
        elements[40] = -1e30
        let absurd = Examples(Tensor(elements, shape: [8, 12]))
        let element = SampleElement(sample: 3, element: 4, value: Double(Float(-1e30)))
        var trainer = squaringTrainer()
        #expect(
            throws: TrainingError.sampleWithoutLoss(epoch: 1, element)
        ) { try trainer.train(on: absurd) }
        // What was learned before is still whole.
        #expect(trainer.model.parameters.allSatisfy { $0.tensor.allFinite })

        // A score of held-out samples exists for absurd ones, too.
        var other = squaringTrainer()
        try other.train(on: Examples(Tensor.ones([4, 12])), heldOut: absurd)
        #expect(other.history[0].heldOut["loss"] == .infinity)
    }

    /// Early stopping may watch samples that are neither trained on nor tested on.
    @Test func earlyStoppingWatchesValidationSamples() throws {
        var trainer = makeTrainer(
            plan: TrainingPlan(
                epochs: 500, batchSize: 4, earlyStopping: EarlyStopping(patience: 2)),
            learningRate: 0.05)
        let validation = Examples(bars(30, seed: 8).reversed(axis: 1))
        let outcome = try trainer.train(
            on: Examples(bars(4)), heldOut: samples, validation: validation)
        #expect(outcome == .stoppedEarly)
        let losses = try trainer.history.map { try #require($0.validation?["loss"]) }
        #expect(losses.count == losses.indices.min { losses[$0] < losses[$1] }! + 1 + 2)
        #expect(losses.last != trainer.history.last?.heldOut["loss"])
    }

    @Test func theFirstElementOutOfRangeIsFound() throws {
        let samples = Examples(Tensor(rows: [[0, 1], [0.5, 1.5], [-2, 0.0]]))
        #expect(
            samples.firstElement(outside: 0...1)
                == SampleElement(sample: 1, element: 1, value: 1.5))
        #expect(samples.firstElement(outside: -2...2) == nil)
        #expect(Examples(bars()).firstElement(outside: 0...1) == nil)
        #expect(
            Examples(Tensor([UInt8(0), 51, 255], shape: [3, 1])).firstElement(outside: 0...0.5)
                == SampleElement(sample: 2, element: 0, value: 1))
    }

    @Test func earlyStoppingWithoutHeldOutSamplesIsRefusedAtOnce() throws {
        var trainer = makeTrainer(
            plan: TrainingPlan(epochs: 2, earlyStopping: EarlyStopping(patience: 1)))
        let error = #expect(throws: TrainingError.self) { try trainer.train(on: samples) }
        #expect(
            error?.description
                == "early stopping watches loss on held-out samples, and none are held out")
        #expect(trainer.history.isEmpty)
    }

    /// All samples make one batch, however large a batch may be.
    @Test func aBatchMayBeOfAnySize() throws {
        var (trainer, whole) = (
            makeTrainer(plan: TrainingPlan(epochs: 2, batchSize: .max, seed: 1)),
            makeTrainer(plan: TrainingPlan(epochs: 2, batchSize: samples.count, seed: 1))
        )
        try trainer.train(on: samples, heldOut: samples)
        try whole.train(on: samples, heldOut: samples)
        #expect(isIdentical(trainer.model, whole.model))
    }

    /// The mean of √|code|, whose derivative at 0 is infinite.
    private struct RootOfCodes<Output: HasCode>: ObjectiveTerm {
        var name: String { "rootOfCodes" }
        func callAsFunction(_ pass: Pass<Output>) -> Tensor { sqrt(pass.code).sum(axes: [1]) }
    }

    @Test func theParameterWhoseGradientIsNotFiniteIsNamed() throws {
        var generator = RandomGenerator(seed: 1)
        let zeros = Initializer { shape, _, _, _ in Tensor.zeros(shape) }
        let model = Autoencoder(
            encoder: PointEncoder(Dense(12, 3, initializer: zeros, using: &generator)),
            decoder: BernoulliDecoder(MultilayerPerceptron([3, 12], using: &generator)))
        var trainer = Trainer(
            model, objective: Reconstruction() + RootOfCodes(), optimizer: Adam(for: model),
            plan: TrainingPlan(epochs: 1))
        let error = #expect(throws: TrainingError.self) { try trainer.train(on: samples) }
        guard case .gradientNotFinite(1, 1, let parameter, let operation) = error else {
            Issue.record("\(error!)")
            return
        }
        #expect(parameter == "encoder.body.weight")
        #expect(operation?.operation == "sqrt")
        #expect(operation?.isDerivative == true)
        #expect(isIdentical(trainer.model, model))
    }

    @Test func aParameterThatIsNotFiniteIsNamed() throws {
        var model = makeTrainer(plan: TrainingPlan(epochs: 1)).model
        model.decoder.head.layers[1].bias = Tensor(repeating: .nan, shape: [12])
        var trainer = Trainer(
            model, objective: Reconstruction() + KullbackLeibler(), optimizer: Adam(for: model),
            plan: TrainingPlan(epochs: 1))
        #expect(
            throws: TrainingError.parameterNotFinite(
                epoch: 1, batch: 1, parameter: "decoder.head.layers.1.bias")
        ) { try trainer.train(on: samples) }
    }
}
