import Autograd
import Datasets
import Foundation
import ModelTestSupport
import Testing

@testable import Models

@Suite struct EvaluationTests {
    private let samples = Examples(bars())

    @Test func metricsAreMeansOverExamples() throws {
        // Without randomness: the batches must not matter, the last and short one counts less.
        var generator = RandomGenerator(seed: 1)
        let model = Autoencoder(
            encoder: DeterministicEncoder(MultilayerPerceptron([12, 3], using: &generator)),
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
}
