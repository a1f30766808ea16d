import Datasets
import FileSupport
import Models

/// Training a single run.
extension TrainCommand {
    static func begin(
        _ standard: some Recipe, _ grid: Grid, _ arguments: Arguments
    ) throws -> (TrainingRun, Experiment) {
        let recipe = try standard.choosing(given: grid.single)
        let runs = try NewRuns(arguments, for: type(of: recipe))
        let data = try runs.read(for: recipe)
        let experiment = try runs.experiment(recipe, on: data)
        let path = arguments.string(.output) ?? newFolder(for: recipe.name)
        try runs.refuse(writing: ["\(path)/\(RunFile.report)"])
        return (try runs.create(experiment, on: data, at: path), experiment)
    }

    static func resume<R: Recipe>(
        _: R, _ texts: [String: String], at path: String, _ arguments: Arguments
    ) throws -> (TrainingRun, Experiment) {
        var run = try TrainingRun.resume(at: path)
        let work = ResumedWork(
            title: "the run in \(path)", recipe: run.configuration.recipe,
            data: run.configuration.data)
        let data = try work.data(arguments, for: R.self)
        let begun = try run.recipe(as: R.self)
        let recipe = try begun.choosing(given: texts)
        func lasting(_ recipe: R) -> [OptionDescription] {
            recipe.options.filter { $0.name != "epochs" }
        }
        try work.check(lasting(recipe), lasting(begun))
        let dataset = try run.samples(data)
        let finished = try run.history().last?.epoch ?? 0
        guard recipe.training.epochs >= finished else {
            throw UsageError(
                "--epochs \(recipe.training.epochs): the run in \(path) has finished "
                    + Format.count(finished, "epoch"))
        }
        if recipe != begun { run = try run.with(recipe) }
        return (run, try Experiment(run.configuration, on: dataset))
    }

    static func train(
        _ begun: (run: TrainingRun, experiment: Experiment), _ recipe: some Recipe,
        _ arguments: Arguments
    ) throws {
        let (run, experiment) = begun
        let work = work(recipe, in: run.path, arguments)
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

    private static func answer(_ summary: RunSummary) -> String {
        let path = summary.run ?? ""
        let diagnostics = summary.diagnostics.map { "Diagnostics:\n\(Metrics.lines($0))" } ?? ""
        return """

            On \(Format.count(summary.testSamples, "test sample")), after \
            \((summary.layers ?? []).description(epochs: summary.epochs)):
            \(Metrics.lines(summary.test))\(diagnostics)
            The run is in \(path); open \(path)/\(RunFile.report) in a browser.

            """
    }
}
