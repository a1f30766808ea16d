import Autograd
import Datasets
import Foundation
import ModelTestSupport
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
            encoder: DeterministicEncoder(
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
            func callAsFunction(_ pass: ForwardPass<Output>) -> Tensor {
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
}
