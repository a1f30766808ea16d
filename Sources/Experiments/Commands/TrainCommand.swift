import Autograd
import Datasets
import FileSupport
import Foundation
import Models

enum TrainCommand: Command {
    static let name = "train"
    static let summary = "Trains a recipe and writes the results to a folder"
    static let operands = ["RECIPE"]
    static let options: [CommandOption] =
        [.data, .dataDirectory, .schema, .label, .labels, .testShare, .normal, .hiddenShare]
        + CommandOption.ofImageFolders
        + [.parameters, .partial, .threads, .output, .resume, .quiet, .json]
    static let takesRecipeOptions = true
    static let details = """
        Every recipe also has options of its own: see tapestry help train RECIPE. The default data
        are those of the recipe, or else the bundled digits.
        Ctrl-C stops at the next batch and keeps the checkpoint; --resume --output DIR continues
        from there with bit-identical results. A finished run can be continued with more --epochs;
        other options that affect the result cannot change.
        """

    static func run(_ arguments: Arguments) throws {
        try arguments.applyThreads()
        if arguments.operands.isEmpty { try refuseStrangers(arguments) }
        let recipe = try Recipes.asked(arguments.operand(0, "RECIPE"))
        let (run, experiment) =
            try arguments.has(.resume)
            ? resume(recipe, arguments) : begin(recipe, arguments)

        let command = ["tapestry", name, recipe.name, "--resume", "--output", shellWord(run.path)]
        let work = LongWork(
            quiet: arguments.has(.quiet), resumedBy: command.joined(separator: " "))
        defer { work.end() }
        for note in experiment.configuration.dataNotes ?? [] {
            work.note("\(experiment.dataset.name): \(note)")
        }
        let summary = try experiment.train(in: run, work.monitor)
        work.end()
        if arguments.has(.json) {
            try StandardStreams.write(json: summary)
        } else {
            try StandardStreams.write(answer(summary))
        }
    }

    /// Throws for an option that no recipe has, as its supposed value may be the recipe's name.
    private static func refuseStrangers(_ arguments: Arguments) throws(UsageError) {
        let known = Set(Recipes.all.flatMap { $0.init().options.map(\.name) })
        guard let stranger = arguments.others.keys.sorted().first(where: { !known.contains($0) })
        else { return }
        throw UsageError(
            unknown: "option", "--" + stranger,
            known: (options.map(\.name) + known.sorted() + ["help"]).map { "--" + $0 })
    }

    // MARK: Runs

    private static func begin(
        _ standard: some Recipe, _ arguments: Arguments
    ) throws -> (TrainingRun, Experiment) {
        requireOwnNames(standard)
        let recipe = try choose(arguments, changing: standard)
        let start = arguments.string(.parameters).map {
            StartingParameters(
                path: DataSelection.absolute($0), isPartial: arguments.has(.partial))
        }
        if start == nil, arguments.has(.partial) {
            throw UsageError("--partial: only with --parameters PATH")
        }
        let selection = try DataSelection(
            arguments,
            otherwise: DataSelection(type(of: recipe).data ?? DataSelection.standard)
        ).selecting(arguments)
        let data = try RunData(
            selection, for: type(of: recipe), seed: UInt64(recipe.training.seed))
        let dataset = data.dataset
        let configuration = try TrainingRun.Configuration(
            recipe, on: dataset, selection, table: data.encoding.map(TableLayout.init),
            notes: data.notes, start: start)
        let experiment = try Experiment(configuration, on: dataset)
        _ = try experiment.beginning(experiment.program)
        let path = arguments.string(.output) ?? newFolder(for: recipe.name)
        var inputs = ProtectedFiles()
        inputs.add(selection)
        try inputs.refuse(writing: "\(path)/\(RunFile.report)")
        let run = try TrainingRun.create(at: path, configuration)
        try data.encoding?.write(to: run.file(RunFile.encoding))
        return (run, experiment)
    }

    private static func resume<R: Recipe>(
        _ standard: R, _ arguments: Arguments
    ) throws -> (TrainingRun, Experiment) {
        guard let path = arguments.string(.output) else {
            throw UsageError("--resume needs --output DIR, the run to resume")
        }
        if arguments.string(.parameters) != nil {
            throw UsageError("--parameters: a resumed run has its own")
        }
        var run = try TrainingRun.resume(at: path)
        let configuration = run.configuration
        func refuse(_ asked: String, _ found: String) -> UsageError {
            UsageError("\(asked): the run in \(path) was started with \(found)")
        }
        guard R.isCalled(configuration.recipe) else {
            throw refuse(R.name, configuration.recipe)
        }
        let data = try DataSelection(arguments, otherwise: configuration.data)
        // The same data may have been moved to another directory.
        guard data.name == configuration.data.name else {
            throw refuse("--data \(data.name)", configuration.data.name)
        }
        let begun = try run.recipe(as: R.self)
        let recipe = try choose(arguments, changing: begun)
        for (asked, known) in zip(recipe.options, begun.options)
        where asked.name != "epochs" && asked.text != known.text {
            throw refuse("--\(asked.name) \(asked.text)", known.text)
        }
        for (option, value) in try arguments.selection().asOptions
        where !configuration.data.asOptions.contains(where: { $0 == (option, value) }) {
            throw refuse("--\(option.name) \(value)", "another value")
        }
        let read = try RunData(data, of: run)
        let dataset = read.dataset
        guard dataset.training.shape == configuration.samples.sampleShape else {
            throw FileError(
                path: dataset.name,
                expected: "samples of shape \(configuration.samples.sampleShape)",
                found: "samples of shape \(dataset.training.shape)")
        }
        guard !read.hasChanged else {
            throw FileError(
                path: dataset.name,
                expected: "the samples that the run in \(path) was started with",
                found: "others: some were changed, added, removed or reordered")
        }
        let finished = try run.history().last?.epoch ?? 0
        guard recipe.training.epochs >= finished else {
            throw UsageError(
                "--epochs \(recipe.training.epochs): the run in \(path) has finished \(finished) "
                    + "epochs")
        }
        if recipe != begun { run = try run.with(recipe) }
        return (run, try Experiment(run.configuration, on: dataset))
    }

    /// The recipe with the values of its options.
    private static func choose<R: Recipe>(
        _ arguments: Arguments, changing recipe: R
    ) throws(UsageError) -> R {
        do {
            return try recipe.choosing(arguments.others)
        } catch {
            switch error {
            case .unknown(let name, let known):
                let isOfOthers = Recipes.all.contains { other in
                    other.init().options.contains { $0.name == name }
                }
                guard !isOfOthers else {
                    let alternative =
                        nearest(to: name, in: known).map { "did you mean --\($0)?" }
                        ?? "it has " + known.map { "--" + $0 }.joined(separator: ", ")
                    throw UsageError(
                        "--\(name): the recipe \(R.name) has no such option; \(alternative)")
                }
                throw UsageError(
                    unknown: "option", "--" + name,
                    known: (options.map(\.name) + known + ["help"]).map { "--" + $0 })
            case .unfit(let name, let expected, let found):
                throw UsageError("--\(name) \(found): expected \(expected)")
            }
        }
    }

    /// The first of `runs/RECIPE-1`, `-2`, … that does not exist.
    private static func newFolder(for recipe: String) -> String {
        var number = 1
        while FileManager.default.fileExists(atPath: "runs/\(recipe)-\(number)") {
            number += 1
        }
        return "runs/\(recipe)-\(number)"
    }

    // MARK: Output

    private static func answer(_ summary: RunSummary) -> String {
        let path = summary.run ?? ""
        let diagnostics = summary.diagnostics.map { "Diagnostics:\n\(Metrics.lines($0))" } ?? ""
        return """

            On \(Format.count(summary.testSamples)) test samples, after \
            \((summary.layers ?? []).description(epochs: summary.epochs)):
            \(Metrics.lines(summary.test))\(diagnostics)
            The run is in \(path); open \(path)/\(RunFile.report) in a browser.

            """
    }
}

/// Traps if a recipe has an option with the name of an option of the command, which would hide it.
func requireOwnNames(_ recipe: some Recipe) {
    let known = Set(TrainCommand.options.map(\.name))
    if let option = recipe.options.first(where: { known.contains($0.name) }) {
        programmerError(
            "Recipe",
            "\(type(of: recipe)) has an option --\(option.name), like tapestry train: give it "
                + "another name")
    }
}
