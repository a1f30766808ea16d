import Autograd
import Datasets
import Foundation
import ModelTestSupport
import TestSupport
import Testing

@testable import Models

/// A model that is trained against a critic.
@Suite struct WithCriticTests {
    /// Codes that are the samples themselves, moved as one learns.
    private struct Moved: Trainable {
        struct Output: Sendable, HasCode { let code: Tensor }

        var offset = Tensor.zeros([2])

        func callAsFunction(_ batch: Batch, in context: inout PassContext) -> Output {
            Output(code: batch.input + offset)
        }

        mutating func visit(_ visitor: inout ModuleVisitor) { visitor("offset", &offset) }
    }

    /// Whose code's numbers are normal with a correlation.
    private static func samples(_ count: Int, correlation: Double) -> Tensor {
        var generator = RandomGenerator(seed: 7)
        let noise = generator.normal([count, 2])
        let first = noise[.all, 0..<1]
        let second =
            correlation * first
            + (1 - correlation * correlation).squareRoot() * noise[.all, 1..<2]
        return concatenated([first, second], axis: 1)
    }

    private static func program(
        seed: UInt64 = 1, learningRate: Double = 0
    ) -> WithCritic<Moved, IndependenceCritic, Adam, Adam> {
        var generator = RandomGenerator(seed: seed)
        let (model, critic) = (
            Moved(), IndependenceCritic(codeSize: 2, hiddenSizes: [32, 32], using: &generator)
        )
        return WithCritic(
            model, optimizer: Adam(for: model, learningRate: learningRate),
            critic, optimizer: Adam(for: critic, learningRate: 3e-3),
            objective: { critic in
                Objective(Term("totalCorrelation") { critic.logRatios($0.code) })
            },
            loss: { critic, own, other, context in
                critic.loss(of: own.code, other.code, using: &context.generator)
            })
    }

    /// Of normal numbers with correlation ρ the total correlation is −½ log(1 − ρ²).
    @Test func aCriticLearnsHowDependentNumbersAre() throws {
        let correlation = 0.9
        let samples = Examples(Self.samples(8000, correlation: correlation))
        var trainer = Trainer(Self.program(), plan: TrainingPlan(epochs: 12, batchSize: 200))
        try trainer.train(on: samples, heldOut: samples)
        let found = try #require(trainer.history.last?.heldOut["totalCorrelation"])
        let exact = -0.5 * log(1 - correlation * correlation)
        #expect(abs(found - exact) < 0.1, "\(found), exact \(exact)")
        // Better than by chance.
        let loss = try #require(trainer.history.last?.training["criticLoss"])
        #expect(loss < log(2) - 0.05)
    }

    /// Each number has the values that it had, in another order; numbers of a code part.
    @Test func numbersAreExchangedApart() {
        var generator = RandomGenerator(seed: 3)
        let codes = Tensor((0..<60).map { Float($0) }, shape: [20, 3])
        let exchanged = IndependenceCritic.exchanged(codes, using: &generator)
        for number in 0..<3 {
            let values = exchanged[.all, number].elements(as: Float.self)
            #expect(values.sorted() == codes[.all, number].elements(as: Float.self))
        }
        let together = (0..<20).count { row in
            let code = exchanged[row].elements(as: Float.self)
            return code[1] == code[0] + 1 && code[2] == code[0] + 2
        }
        #expect(together < 5)
    }

    /// The model follows the critic, and the critic sees no gradient of the model's own step.
    @Test func bothLearnAndNeitherTheOthersWay() throws {
        var program = Self.program(learningRate: 1e-2)
        let before = program
        let batch = Batch(Self.samples(64, correlation: 0.9))
        var step = Self.step(positions: 64)
        let losses = try program.step(batch, &step)
        #expect(losses.map(\.name) == ["loss", "totalCorrelation", "criticLoss"])
        #expect(!program.model.offset.isIdentical(to: before.model.offset))
        // The model's step goes along the gradient of the critic as it is after its own.
        let expected = gradient(at: before.model) { model in
            program.critic.logRatios(batch.input[0..<32] + model.offset).mean()
        }
        let (moved, slope) = (
            program.model.offset.elements(as: Float.self),
            expected.offset.elements(as: Float.self)
        )
        for (moved, slope) in zip(moved, slope) { #expect(moved * slope < 0) }
    }

    /// A step that fails leaves critic and model as they were.
    @Test func nothingChangesIfAPartFails() throws {
        var generator = RandomGenerator(seed: 1)
        let critic = IndependenceCritic(codeSize: 2, hiddenSizes: [8], using: &generator)
        var program = WithCritic(
            Moved(), optimizer: Adam(for: Moved()), critic, optimizer: Adam(for: critic),
            objective: { _ in Objective(Term("impossible") { log(0 * $0.code[.all, 0]) }) },
            loss: { critic, own, other, context in
                critic.loss(of: own.code, other.code, using: &context.generator)
            })
        let before = program.allTensors.map(\.tensor)
        var step = Self.step(positions: 8)
        #expect(throws: TrainingError.self) {
            try program.step(Batch(Self.samples(8, correlation: 0)), &step)
        }
        #expect(zip(before, program.allTensors).allSatisfy { $0.isIdentical(to: $1.tensor) })
    }

    /// The critic and its optimiser are in the checkpoint.
    @Test func resumesToTheLastBit() throws {
        let folder = TemporaryFolder()
        let samples = Examples(Self.samples(60, correlation: 0.5))
        func trainer(epochs: Int) -> Trainer<WithCritic<Moved, IndependenceCritic, Adam, Adam>> {
            Trainer(
                Self.program(learningRate: 1e-2), plan: TrainingPlan(epochs: epochs, batchSize: 16))
        }
        var (whole, first, second) = (trainer(epochs: 4), trainer(epochs: 2), trainer(epochs: 4))
        try whole.train(on: samples)
        try first.train(on: samples)
        try first.save(to: folder.file("checkpoint"))
        try second.resume(from: folder.file("checkpoint"))
        try second.train(on: samples)
        #expect(
            zip(whole.program.allTensors, second.program.allTensors).allSatisfy {
                $0.path == $1.path && $0.tensor.isIdentical(to: $1.tensor)
            })
        #expect(whole.program.allTensors.contains { $0.path.hasPrefix("criticOptimizer.") })
    }

    private static func step(positions: Int) -> TrainingStep {
        TrainingStep(
            number: 0, progress: 0, epoch: 1, batch: 1, positions: Array(0..<positions),
            learningRateFactor: 1, clipping: nil, exchange: nil,
            generator: RandomGenerator(seed: 5))
    }
}
