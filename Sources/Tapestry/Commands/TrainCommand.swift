import Autograd
import Datasets
import Foundation
import Models

enum TrainCommand: Command {
    static let name = "train"
    static let summary = "Trains a recipe and writes what comes of it into a folder"
    static let operands = ["RECIPE"]
    static let options: [Option] = [
        .data, .dataDirectory, .schema, .label, .labels, .testShare, .normal, .hiddenShare,
        .epochs, .batchSize, .learningRate, .optimizer, .weightDecay, .schedule, .latentSize,
        .hiddenSizes, .beta, .penalty, .activeComponents, .evaluatedComponents, .corruption,
        .regularizer, .projections, .initialization, .pretraining, .pretrainingEpochs,
        .gibbsSteps, .chains, .visibleUnits, .factor, .dropout, .rounds, .seed, .threads, .output,
        .resume,
        .quiet, .json,
    ]
    static var details: String {
        """
        Without options the recipe's own settings hold, and the data are its own: the bundled
        digits, or else --data as below.
        Ctrl-C stops at the next batch and keeps the checkpoint; --resume --output DIR goes on
        from there, to the same last bit. A finished run is gone on with by more --epochs; all
        else that decides on the result stays as it was.

        \(settingsOfRecipes)
        """
    }

    static func run(_ arguments: Arguments) throws {
        try arguments.applyThreads()
        let recipe = try Recipe.asked(arguments.operand(0, "RECIPE"))
        let (run, experiment) =
            try arguments.has(.resume)
            ? resume(recipe, arguments) : begin(recipe, arguments)

        let session = TrainingSession(experiment, in: run, isQuiet: arguments.has(.quiet))
        defer { session.end() }
        session.tell(experiment.configuration.dataNotes ?? [])
        var summary = try train(session.startingModel(), experiment, in: run, session)
        summary.run = run.path
        if arguments.has(.json) {
            try StandardStreams.write(json: summary)
        } else {
            try StandardStreams.write(answer(summary))
        }
    }

    // MARK: What is trained

    private static func begin(
        _ recipe: Recipe, _ arguments: Arguments
    ) throws -> (Run, Experiment) {
        var settings = try settings(arguments, changing: recipe.defaults, of: recipe)
        let choice = try DataChoice(
            arguments,
            otherwise: DataChoice(name: recipe.data ?? DataChoice.standard, directory: nil))
        let selection = try DataSelection(arguments)
        let data = try RunData(choice, for: recipe, selection, seed: settings.seed)
        let dataset = data.dataset
        if let encoding = data.encoding { settings.table = TableLayout(encoding) }
        let configuration = Run.Configuration(
            recipe: recipe.name, settings: settings, data: choice.name,
            dataDirectory: choice.directory, selection: selection,
            sampleShape: dataset.training.shape,
            columnNames: dataset.columnNames.isEmpty ? nil : dataset.columnNames,
            dataNotes: data.notes.isEmpty ? nil : data.notes,
            dataChecksum: dataset.training.checksumText, version: Program.version)
        let experiment = try Experiment(configuration, on: dataset)
        let path = arguments.string(.output) ?? newFolder(for: recipe)
        let run = try Run.create(at: path, configuration)
        try data.encoding?.write(to: run.file(RunFile.encoding))
        return (run, experiment)
    }

    private static func resume(
        _ recipe: Recipe, _ arguments: Arguments
    ) throws -> (Run, Experiment) {
        guard let path = arguments.string(.output) else {
            throw UsageError("--resume needs --output DIR, the run to go on with")
        }
        var run = try Run.resume(at: path)
        let configuration = run.configuration
        func refuse(_ asked: String, _ found: String) -> UsageError {
            UsageError("\(asked): the run in \(path) was begun with \(found)")
        }
        guard configuration.recipe == recipe.name else {
            throw refuse(recipe.name, configuration.recipe)
        }
        let begunOn = DataChoice(of: run)
        let data = try DataChoice(arguments, otherwise: begunOn)
        // The same data may have been moved.
        guard data.name == begunOn.name else {
            throw refuse("--data \(data.name)", begunOn.name)
        }
        let settings = try settings(arguments, changing: configuration.settings, of: recipe)
        for (asked, begun) in zip(settings.asOptions, configuration.settings.asOptions)
        where asked.option != .epochs && asked.value != begun.value {
            throw refuse("--\(asked.option.name) \(asked.value)", begun.value)
        }
        for (option, value) in try DataSelection(arguments)?.asOptions ?? []
        where configuration.selection?.asOptions.contains(where: { $0 == (option, value) })
            != true
        {
            throw refuse("--\(option.name) \(value)", "another")
        }
        let read = try RunData(data, of: run)
        let dataset = read.dataset
        guard dataset.training.shape == configuration.sampleShape else {
            throw FileError(
                path: dataset.name, expected: "samples of shape \(configuration.sampleShape)",
                found: "samples of shape \(dataset.training.shape)")
        }
        guard !read.hasChanged else {
            throw FileError(
                path: dataset.name, expected: "the samples that the run in \(path) was begun with",
                found: "others: some were changed, added, left out or put elsewhere")
        }
        let finished = try run.history().last?.epoch ?? 0
        guard settings.epochs >= finished else {
            throw UsageError(
                "--epochs \(settings.epochs): \(finished) epochs of the run in \(path) are done")
        }
        if settings != configuration.settings { run = try run.with(settings) }
        return (run, try Experiment(run.configuration, on: dataset))
    }

    /// The settings with what the options say; refuses options that would change nothing.
    private static func settings(
        _ arguments: Arguments, changing base: Settings, of recipe: Recipe
    ) throws(UsageError) -> Settings {
        let settings = try arguments.settings(changing: base)
        let known = recipe.defaults.asOptions.map(\.option)
        for (option, _) in settings.asOptions where !known.contains(option) {
            throw UsageError("--\(option.name): the recipe \(recipe.name) has no use for it")
        }
        if settings.pretraining == .nothing, arguments.string(.pretrainingEpochs) != nil {
            throw UsageError(
                "--\(Option.pretrainingEpochs.name): no layer is trained alone without "
                    + "--\(Option.pretraining.name)")
        }
        if recipe.defaults.hiddenSizes.isEmpty, !settings.hiddenSizes.isEmpty {
            throw UsageError(
                "--\(Option.hiddenSizes.name): the recipe \(recipe.name) has no use for it")
        }
        do { try settings.validate() } catch { throw UsageError("\(error)") }
        return settings
    }

    /// The first of `runs/RECIPE-1`, `-2`, … that is not there.
    private static func newFolder(for recipe: Recipe) -> String {
        var number = 1
        while FileManager.default.fileExists(atPath: "runs/\(recipe.name)-\(number)") {
            number += 1
        }
        return "runs/\(recipe.name)-\(number)"
    }

    // MARK: Training

    private static func train<Model: AutoencoderModel>(
        _ model: Model, _ experiment: Experiment, in run: Run, _ session: TrainingSession
    ) throws -> RunSummary {
        var trainer = experiment.trainer(for: model)
        try session.train(
            &trainer, on: Samples(experiment.dataset.training.inputs),
            heldOut: Samples(experiment.dataset.test.inputs), in: run)
        session.end()
        return try conclude(trainer.model, trainer.history, experiment, in: run, session)
    }

    /// Writes the pictures, the summary and the page.
    private static func conclude(
        _ model: any AutoencoderModel, _ history: [EpochRecord], _ experiment: Experiment,
        in run: Run, _ session: TrainingSession
    ) throws -> RunSummary {
        let pictures = Pictures(of: model, on: experiment.dataset)
        let report = { (_: Double) in try session.goOn() }
        if !run.isAboutTable {
            try AtomicFile.write(
                pictures.reconstructions(count: 30, report: report).png,
                to: run.file(RunFile.reconstructions))
        }
        if model.hasCodes { try writePicturesOfCodes(pictures, experiment, in: run, report) }
        try AtomicFile.write(
            RunReport.lossChart(history).svg(width: 800, height: 480), to: run.file(RunFile.loss))

        // There is a record at least, as there is an epoch at least.
        let summary = RunSummary(
            experiment, history: history, last: history[history.count - 1],
            layers: try run.layers(), model: model)
        try session.goOn()
        try JSON.write(summary, to: run.file(RunFile.summary))
        // Of the folder as it is now: a run that somebody took apart meanwhile is no success.
        try RunReport(of: Run.open(at: run.path)).write()
        try session.goOn()
        return summary
    }

    private static func writePicturesOfCodes(
        _ pictures: Pictures, _ experiment: Experiment, in run: Run,
        _ report: (Double) throws -> Void
    ) throws {
        if !run.isAboutTable {
            try AtomicFile.write(
                pictures.samples(
                    count: 60, seed: experiment.settings.seed, report: report
                ).png,
                to: run.file(RunFile.samples))
            if let filters = pictures.filters(count: 100) {
                try AtomicFile.write(filters.png, to: run.file(RunFile.filters))
            }
        }
        try pictures.rates.write(to: run.file(RunFile.rates))
        try report(0.5)
        try pictures.latentMap.write(RunFile.latent, in: run)
        try report(0.9)
        if experiment.settings.latentSize == 2 {
            try pictures.principalMap.write(RunFile.principal, in: run)
        }
    }

    // MARK: Words

    private static func answer(_ summary: RunSummary) -> String {
        let path = summary.run ?? ""
        let measures = summary.measures.map { "Of the model:\n\(Metrics.lines($0))" } ?? ""
        return """

            On \(Format.count(summary.testSamples)) test samples, after \
            \((summary.layers ?? []).description(epochs: summary.epochs)):
            \(Metrics.lines(summary.test))\(measures)
            The run is in \(path); open \(path)/\(RunFile.report) in a browser.

            """
    }

    /// What each recipe does without options.
    private static var settingsOfRecipes: String {
        Recipe.all.map { recipe in
            let settings = recipe.defaults.asOptions.map { "--\($0.option.name) \($0.value)" }
            let data = recipe.data.map { ["--data \($0)"] } ?? []
            return "\(recipe.name): " + (data + settings).joined(separator: " ")
        }.joined(separator: "\n")
    }
}
