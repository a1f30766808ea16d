import Autograd
import Datasets
import FileSupport
import Foundation
import Models

enum FineTuneCommand: Command {
    static let name = "finetune"
    static let summary =
        "Fine-tunes the encoder as a classifier, compared with training from scratch"
    static let operands = ["RUN"]
    static let labels = CommandOption(
        "labels", "N", "number of labelled training samples, balanced by class (default: all)")
    static let curve = CommandOption(
        "curve", nil, "use 100, 600, 1000 and 3000 labels, as far as available")
    static let seeds = CommandOption(
        "seeds", "N", "number of repetitions, each with other samples (default: 3)")
    static let steps = CommandOption(
        "steps", "N", "updates of each network, rounded up to whole epochs (default: 2000)")
    static let batchSize = CommandOption("batch-size", "N", "samples per step (default: 100)")
    static let learningRate = CommandOption(
        "learning-rate", "X", "learning rate of the optimiser (default: 0.001)")
    static let folder = CommandOption(
        "output", "DIR", "the output folder (default: finetune, finetune-2, … in the run's folder)")
    static let resume = CommandOption(
        "resume", nil, "resume the interrupted fine-tuning in the folder")
    static let options: [CommandOption] =
        [labels, curve, seeds, steps, batchSize, learningRate, .seed, folder, resume]
        + TrainedRun.splitOptions + [.json]
    static let details = """
        Adds a classification layer to the encoder and trains all of it on labelled samples; trains
        the same network from scratch for comparison. Writes errors.csv, errors.svg, errors.png,
        summary.json and report.html.
        Ctrl-C stops at the next batch and keeps the finished networks and a checkpoint in the
        folder; --resume continues from there with bit-identical results. Existing results are never
        overwritten. A resumed fine-tuning keeps its options; they need not be given again. If --data
        names another file than the run was trained on, a tenth of its samples (or --test-share) is
        held out for testing.
        """

    static func run(_ arguments: Arguments) throws {
        if arguments.has(curve), arguments.string(labels) != nil {
            throw UsageError("--curve: it sets the numbers of labels; leave out --labels")
        }
        try arguments.applyThreads()
        var plan = try plan(arguments, changing: FineTuning.Plan())
        let run = try TrainingRun.named(arguments.operand(0, "RUN"))
        let path = arguments.string(folder) ?? newFolder(in: run)
        guard (try? TrainingRun.open(at: path)) == nil else {
            throw FileError(
                path: path, expected: "a folder for the result of a fine-tuning",
                found: "a run, whose summary and report would be lost")
        }
        guard !FineTuningProgress.isFinished(in: path) else {
            throw FileError(
                path: path,
                expected: arguments.has(resume)
                    ? "an interrupted fine-tuning" : "a folder without a result",
                found: "a finished fine-tuning: choose another --\(folder.name)")
        }
        let begun =
            arguments.has(resume)
            ? try FineTuningProgress(resuming: path, of: run.checkpointPath) : nil
        let data = try DataSelection(
            arguments, otherwise: begun?.data ?? run.configuration.data)
        // The same data may have been moved to another directory.
        if let begun, data.name != begun.data.name {
            throw contradiction("--data \(data.name)", begun.data.name, in: path)
        }

        if let begun { plan = try Self.plan(arguments, changing: begun.plan) }
        var split = data
        (split.testShare, split.label) = (plan.testShare, plan.label)
        let trained = try TrainedRun(run, splitting: split)
        let encoder = try trained.encoder(for: name)
        if encoder is any Conditional {
            throw trained.unfit("codes that do not depend on labels", for: name)
        }
        try trained.inputs.refuse(writing: FineTuningResult.files.map { "\(path)/\($0)" })
        let classes = try LabelledClasses(of: trained.experiment.dataset)
        if let begun {
            plan.labels = try labels(arguments, of: classes, trained) ?? begun.plan.labels
            try check(plan, against: begun.plan, in: path, arguments)
        } else {
            plan.labels =
                try labels(arguments, of: classes, trained) ?? [classes.sizes.upperBound]
        }
        var progress =
            try begun
            ?? FineTuningProgress(plan, of: run.checkpointPath, on: data, in: path)
        let tuning = FineTuning(
            experiment: trained.experiment, model: encoder, data: classes, plan: plan)
        let errors = try errors(of: tuning, &progress, run, arguments)
        let result = FineTuningResult(
            run: run.path, recipe: trained.run.configuration.recipe, data: data.name,
            testSamples: classes.test.count, plan: plan, errors: errors,
            command: commandLine(plan, of: run, on: data))
        try result.write(to: path)
        progress.finish()
        try answer(result, in: path, arguments)
    }

    // MARK: Settings

    /// The first of `finetune`, `finetune-2`, … in the run's folder that contains no result.
    private static func newFolder(in run: TrainingRun) -> String {
        var path = run.file("finetune")
        var number = 2
        while FineTuningProgress.isFinished(in: path) {
            path = run.file("finetune-\(number)")
            number += 1
        }
        return path
    }

    private static func plan(
        _ arguments: Arguments, changing base: FineTuning.Plan
    ) throws(UsageError) -> FineTuning.Plan {
        var plan = base
        plan.seeds =
            try arguments.integer(seeds, in: FineTuning.Plan.seedCounts) ?? base.seeds
        plan.seed = try arguments.seed() ?? base.seed
        plan.steps = try arguments.integer(steps, in: FineTuning.Plan.stepCounts) ?? base.steps
        plan.batchSize =
            try arguments.integer(batchSize, in: FineTuning.Plan.batchSizes) ?? base.batchSize
        plan.learningRate =
            try arguments.number(learningRate, expected: "a number above 0") { $0 > 0 }
            ?? base.learningRate
        let selection = try arguments.selection()
        plan.testShare = selection.testShare ?? base.testShare
        plan.label = selection.label ?? base.label
        return plan
    }

    /// The numbers of labels that the options give; nil if they give none.
    private static func labels(
        _ arguments: Arguments, of classes: LabelledClasses, _ trained: TrainedRun
    ) throws -> [Int]? {
        guard arguments.has(curve) else {
            return try arguments.integer(labels, in: classes.sizes).map { [$0] }
        }
        let counts = [100, 600, 1000, 3000].filter { classes.sizes ~= $0 }
        guard !counts.isEmpty else {
            throw FileError(
                path: trained.experiment.dataset.name,
                expected: "at least 100 labelled training samples",
                found: "\(classes.training.count)")
        }
        return counts
    }

    /// Throws if the options would change the result of the fine-tuning that is resumed.
    private static func check(
        _ plan: FineTuning.Plan, against begun: FineTuning.Plan, in path: String,
        _ arguments: Arguments
    ) throws(UsageError) {
        guard plan.labels == begun.labels else {
            let asked = arguments.has(curve) ? "--curve" : "--labels \(plan.labels[0])"
            let counts = begun.labels.map { "\($0)" }.joined(separator: ", ")
            throw contradiction(asked, "\(counts) labels", in: path)
        }
        for (asked, known) in zip(plan.asOptions, begun.asOptions)
        where asked.value != known.value {
            throw contradiction(
                "--\(asked.option.name) \(asked.value ?? "")", known.value ?? "none", in: path)
        }
    }

    private static func contradiction(
        _ asked: String, _ found: String, in path: String
    ) -> UsageError {
        UsageError("\(asked): the fine-tuning in \(path) was started with \(found)")
    }

    private static func commandLine(
        _ plan: FineTuning.Plan, of run: TrainingRun, on data: DataSelection
    ) -> String {
        var words = ["tapestry", name, run.path]
        if !data.isOfSameData(as: run.configuration.data) {
            words += ["--\(CommandOption.data.name)", data.name]
            if let directory = data.directory {
                words += ["--\(CommandOption.dataDirectory.name)", directory]
            }
        }
        words +=
            plan.labels.count > 1
            ? ["--\(curve.name)"] : ["--\(labels.name)", "\(plan.labels[0])"]
        for (option, value) in plan.asOptions {
            if let value { words += ["--\(option.name)", value] }
        }
        return words.map(shellWord).joined(separator: " ")
    }

    // MARK: Results

    private static func answer(
        _ result: FineTuningResult, in path: String, _ arguments: Arguments
    ) throws {
        if arguments.has(.json) {
            try StandardStreams.write(json: result)
        } else {
            try StandardStreams.write("\(result.text)\(path)/\(RunFile.report)\n")
        }
    }

    /// The errors of all networks: known errors are reused, the other networks are trained.
    private static func errors(
        of tuning: FineTuning, _ progress: inout FineTuningProgress, _ run: TrainingRun,
        _ arguments: Arguments
    ) throws -> [FineTuningResult.Errors] {
        var command = ["tapestry", name, run.path, "--\(resume.name)"]
        if let given = arguments.string(folder) { command += ["--\(folder.name)", given] }
        let work = LongWork(
            quiet: arguments.has(.quiet),
            resumedBy: command.map(shellWord).joined(separator: " "))
        defer { work.end() }
        let pairs = tuning.plan.pairs
        return try pairs.map { labels, seed in
            let title = "\(Format.count(labels, "label")), seed \(seed)"
            func error(_ start: FineTuning.Start) throws -> Double {
                let network = FineTuning.Network(labels: labels, seed: seed, start: start)
                if let known = progress.error(of: network) { return known }
                work.begin("\(title), \(start.rawValue)")
                work.state =
                    "interrupted after \(progress.finished) of \(2 * pairs.count) networks"
                let error = try tuning.error(
                    of: network, checkpoint: progress.checkpoint(of: network),
                    monitor: work.monitor)
                try progress.record(error, of: network)
                return error
            }
            let found = FineTuningResult.Errors(
                labels: labels, seed: seed, trained: try error(.trained),
                scratch: try error(.scratch))
            work.note(
                "\(title): error \(Format.percentage(found.trained)), from scratch "
                    + Format.percentage(found.scratch))
            return found
        }
    }
}

extension FineTuning.Plan {
    /// The options, except for the numbers of labels, with the values of this plan.
    fileprivate var asOptions: [(option: CommandOption, value: String?)] {
        [
            (FineTuneCommand.seeds, "\(seeds)"), (.seed, "\(seed)"),
            (FineTuneCommand.steps, "\(steps)"), (FineTuneCommand.batchSize, "\(batchSize)"),
            (FineTuneCommand.learningRate, "\(learningRate)"),
            (.testShare, testShare.map { "\($0)" }),
            (.label, label),
        ]
    }
}
