import Autograd
import Datasets
import Foundation
import ModelTestSupport
import Testing

@testable import Models

@Suite struct EarlyStoppingTests {
    private let samples = Examples(bars())

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

    @Test func earlyStoppingWithoutHeldOutSamplesIsRefusedAtOnce() throws {
        var trainer = makeTrainer(
            plan: TrainingPlan(epochs: 2, earlyStopping: EarlyStopping(patience: 1)))
        let error = #expect(throws: TrainingError.self) { try trainer.train(on: samples) }
        #expect(
            error?.description
                == "early stopping watches loss on held-out samples, but there are none")
        #expect(trainer.history.isEmpty)
    }
}
