import Autograd
import Datasets
import Foundation
import Models

enum FineTuneCommand: Command {
    static let name = "finetune"
    static let summary = "Trains a trained encoder on to tell classes, beside one from scratch"
    static let operands = ["RUN"]
    static let labels = Option(
        "labels", "N", "how many labelled training samples, as many of each class (default: all)")
    static let curve = Option(
        "curve", nil, "for 100, 600, 1000 and 3000 labels, as far as there are")
    static let seeds = Option("seeds", "N", "how many times, each with other samples (default: 3)")
    static let steps = Option(
        "steps", "N", "updates of each network, and to the end of an epoch (default: 2000)")
    static let folder = Option(
        "output", "DIR", "where to write (default: finetune in the run's folder)")
    static let options: [Option] =
        [labels, curve, seeds, steps, .batchSize, .learningRate, .seed, folder]
        + TrainedRun.options + [.quiet, .json]
    static let details = """
        A layer with a number for each class is put on the encoder, and all of it is trained on
        labelled samples; so is the same network with fresh weights. Writes errors.csv, errors.svg,
        errors.png, summary.json and report.html.
        """

    static func run(_ arguments: Arguments) throws {
        if arguments.has(curve), arguments.string(labels) != nil {
            throw UsageError("--curve has its own numbers of labels: leave out --labels")
        }
        let repetitions = try arguments.integer(seeds, in: 1...1000) ?? 3
        var plan = FineTuning.Plan()
        plan.steps = try arguments.integer(steps, in: 1...10_000_000) ?? plan.steps
        plan.batchSize = try arguments.integer(.batchSize, in: 1...1_000_000) ?? plan.batchSize
        plan.learningRate =
            try arguments.number(.learningRate, expected: "a number above 0") { $0 > 0 }
            ?? plan.learningRate
        let firstSeed = try arguments.seed() ?? 0

        let trained = try TrainedRun(arguments)
        try trained.requireCodes(for: name)
        let dataset = trained.experiment.dataset
        let classes = try LabelledClasses(of: dataset)
        let available = dataset.training.count
        let counts: [Int]
        if arguments.has(curve) {
            counts = [100, 600, 1000, 3000].filter { classes.count...available ~= $0 }
            guard !counts.isEmpty else {
                throw FileError(
                    path: dataset.name, expected: "100 labelled training samples at least",
                    found: "\(available)")
            }
        } else {
            counts = [try arguments.integer(labels, in: classes.count...available) ?? available]
        }

        let work = LongWork(quiet: arguments.has(.quiet))
        defer { work.end() }
        let tuning = FineTuning(
            experiment: trained.experiment, model: trained.model, classes: classes.count,
            plan: plan)
        var errors: [FineTuningResult.Errors] = []
        for count in counts {
            for repetition in 0..<repetitions {
                let seed = firstSeed + UInt64(repetition)
                let title = "\(Format.count(count)) labels, seed \(seed)"
                func error(_ start: FineTuning.Start) throws -> Double {
                    work.begin("\(title), \(start.rawValue)")
                    return try tuning.error(count, start, seed: seed) { try work.tell($0) }
                }
                let found = FineTuningResult.Errors(
                    labels: count, seed: seed, trained: try error(.trained),
                    scratch: try error(.scratch))
                work.note(
                    "\(title): error \(Format.percentage(found.trained)), from scratch "
                        + Format.percentage(found.scratch))
                errors.append(found)
            }
        }
        work.end()
        let result = FineTuningResult(
            run: trained.run.path, recipe: trained.experiment.recipe.name, data: dataset.name,
            testSamples: dataset.test.count, plan: plan, errors: errors)
        let path = arguments.string(folder) ?? trained.run.file("finetune")
        try result.write(to: path)
        if arguments.has(.json) {
            try StandardStreams.write(json: result)
        } else {
            try StandardStreams.write("\(result.text)\(path)/\(RunFile.report)\n")
        }
    }
}

/// Trains classifiers on the encoder of a run.
struct FineTuning {
    struct Plan: Codable {
        /// Updates of a network, at least.
        var steps = 2000
        /// Samples a step, at most.
        var batchSize = 100
        var learningRate = 1e-3
    }

    /// What the encoder is before it is trained to tell classes.
    enum Start: String { case trained, scratch }

    let experiment: Experiment
    let model: any AutoencoderModel
    let classes: Int
    let plan: Plan

    /// The part of the test samples that get another class than theirs, after training on some
    /// of the training samples. The seed decides on these, the fresh weights and the order.
    func error(
        _ labels: Int, _ start: Start, seed: UInt64, report: (Double) throws -> Void
    ) throws -> Double {
        var generator = RandomGenerator(seed: seed)
        let samples = experiment.dataset.training.balanced(labels, using: &generator)
        let settings = experiment.settings
        let shape = experiment.dataset.training.shape
        let fresh = experiment.recipe.build(settings, shape, &generator).model
        func train(_ model: some AutoencoderModel) throws -> Double {
            let first = samples[[0]].scaled().cast(to: model.tensorType)
            let classifier = Classifier(
                Encoding(model), count: model.encode(first).count, classes: classes,
                using: &generator)
            return try self.train(classifier, on: samples, seed: seed, report)
        }
        let chosen = start == .trained ? model : fresh
        return try train(chosen)
    }

    private func train<Features: Layer>(
        _ classifier: Classifier<Features>, on examples: Examples, seed: UInt64,
        _ report: (Double) throws -> Void
    ) throws -> Double {
        let batches = (examples.count + plan.batchSize - 1) / plan.batchSize
        let epochs = (plan.steps + batches - 1) / batches
        let objective = Objective(Reconstruction(.crossEntropy))
        var trainer = Trainer(
            classifier, objective: objective,
            optimizer: Adam(for: classifier, learningRate: plan.learningRate),
            plan: TrainingPlan(
                epochs: epochs, batchSize: plan.batchSize, seed: seed,
                schedule: .cosine(steps: epochs * batches)))
        var interruption: (any Error)?
        var fraction = 0.0
        try trainer.train(
            on: Samples(examples.inputs, targets: examples.labels!),
            report: { event in
                guard case .batch(let progress) = event else { return }
                let done = (progress.epoch - 1) * batches + progress.batch
                fraction = Double(done) / Double(epochs * batches)
            },
            isCancelled: {
                do { try report(fraction) } catch { interruption = error }
                return interruption != nil
            })
        if let interruption { throw interruption }
        let test = experiment.dataset.test
        let metrics = trainer.model.metrics(
            of: objective, on: try Samples(test.inputs, targets: test.labels!), batchSize: 500)
        return metrics?["classificationError"] ?? 1
    }
}
