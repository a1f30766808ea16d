import Autograd
import Datasets
import Foundation
import Models

/// Trains classifiers that start from the encoder of a run, and the same from scratch.
struct FineTuning {
    /// All settings that affect the errors, except for the run and its data.
    struct Plan: Codable, Equatable {
        /// The numbers of labelled samples.
        var labels: [Int] = []
        /// The number of sample choices for each number of labels, and the seed of the first
        /// choice.
        var seeds = 3
        var seed: UInt64 = 0
        /// The minimum number of updates of a network.
        var steps = 2000
        /// The maximum number of samples per step.
        var batchSize = 100
        var learningRate = 1e-3
        /// The test fraction and the label column of a file that the run was not trained on; nil
        /// for the defaults.
        var testShare: Double?
        var label: String?

        static let seedCounts = 1...1000
        static let stepCounts = 1...10_000_000
        static let batchSizes = 1...1_000_000

        /// The pairs of networks to compare: one for each number of labels and each seed.
        var pairs: [(labels: Int, seed: UInt64)] {
            labels.flatMap { labels in
                (0..<seeds).map { (labels, seed + UInt64($0)) }
            }
        }
    }

    /// The initial state of the encoder.
    enum Start: String, Codable { case trained, scratch }

    /// One of the networks to train.
    struct Network: Codable, Hashable {
        var labels: Int
        var seed: UInt64
        var start: Start
    }

    let experiment: Experiment
    let model: any Encodes
    let data: LabelledClasses
    let plan: Plan

    /// The classification error on the test samples, from 0 to 1, after training on some of the
    /// training samples. The seed determines these samples, the initial weights and the order.
    ///
    /// - Parameters:
    ///   - checkpoint: the file from which training is resumed if it exists. It is written every
    ///     30 seconds, and when the monitor stops the work.
    ///   - monitor: receives the fraction of the training that is done.
    func error(
        of network: Network, checkpoint: String, monitor: ProgressMonitor<some Error>
    ) throws -> Double {
        var generator = RandomGenerator(seed: network.seed)
        let samples = data.training.balanced(network.labels, using: &generator)
        let fresh = experiment.recipe.program(
            for: experiment.configuration.samples, using: &generator)
        func error(from model: some Encodes) throws -> Double {
            let first = samples.batch(0..<1, as: model.dataType).input
            let classifier = Classifier(
                Encoding(model), count: model.encode(first).count, classes: data.count,
                using: &generator)
            var trainer = trainer(of: classifier, samples: samples.count, seed: network.seed)
            if FileManager.default.fileExists(atPath: checkpoint) {
                try trainer.resume(from: checkpoint)
            }
            return try train(&trainer, on: samples, checkpoint, monitor)
        }
        if network.start == .trained { return try error(from: model) }
        // The model has the same type as the trained one.
        guard let encoder = fresh.model as? any Encodes else {
            programmerError("FineTuning", "the recipe's model has no codes")
        }
        return try error(from: encoder)
    }

    private func trainer<Features: Layer>(
        of classifier: Classifier<Features>, samples: Int, seed: UInt64
    ) -> Trainer<SingleObjective<Classifier<Features>, Adam>> {
        let batches = (samples + plan.batchSize - 1) / plan.batchSize
        let epochs = (plan.steps + batches - 1) / batches
        return Trainer(
            classifier, objective: Objective(Classification()),
            optimizer: Adam(for: classifier, learningRate: plan.learningRate),
            plan: TrainingPlan(
                epochs: epochs, batchSize: plan.batchSize, seed: seed,
                schedule: .cosine(steps: epochs * batches)))
    }

    /// Trains to the end of the plan and returns the classification error on the test samples.
    private func train<Features: Layer>(
        _ trainer: inout Trainer<SingleObjective<Classifier<Features>, Adam>>,
        on samples: Examples, _ checkpoint: String, _ monitor: ProgressMonitor<some Error>
    ) throws -> Double {
        let (epochs, interval) = (trainer.plan.epochs, trainer.plan.checkpointInterval)
        do {
            // With few samples epochs are short: checkpoints are written by time, not by epoch.
            while !trainer.isFinished {
                let start = ContinuousClock.now
                var part = Double(trainer.history.count) / Double(epochs)
                let inner = ProgressMonitor<any Error>(
                    report: { event in
                        guard case .batch(let progress) = event else { return }
                        let epoch = Double(progress.batch) / Double(progress.batches)
                        part = (Double(progress.epoch - 1) + epoch) / Double(epochs)
                    },
                    check: {
                        try monitor.advance(to: part)
                        if (ContinuousClock.now - start) / .seconds(1) >= interval {
                            throw CheckpointDue()
                        }
                    })
                do {
                    try trainer.train(on: samples, monitor: inner)
                } catch is CheckpointDue {
                    try trainer.save(to: checkpoint)
                }
            }
            let metrics = try trainer.model.metrics(
                of: trainer.program.objective, on: data.test, batchSize: 500,
                monitor: ProgressMonitor(check: { try monitor.checkCancellation() }))
            // Sound: the metric exists, as the samples have labels.
            return metrics["classificationError"]!
        } catch {
            try trainer.save(to: checkpoint)
            throw error
        }
    }
}

/// Interrupts training to write a checkpoint.
private struct CheckpointDue: Error {}
