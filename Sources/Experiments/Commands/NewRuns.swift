import Autograd
import Datasets
import Models

/// What new runs begin with: the data, and the initial parameters if they are not drawn at random.
struct NewRuns {
    let data: DataSelection
    let start: StartingParameters?

    init(data: DataSelection, start: StartingParameters?) {
        (self.data, self.start) = (data, start)
    }

    /// What the options of `tapestry train` name.
    init(_ arguments: Arguments, for recipe: any Recipe.Type) throws {
        start = arguments.string(.parameters).map {
            StartingParameters(
                path: DataSelection.absolute($0), isPartial: arguments.has(.partial))
        }
        if start == nil, arguments.has(.partial) {
            throw UsageError("--partial: only with --parameters PATH")
        }
        data = try DataSelection(
            arguments, otherwise: DataSelection(recipe.data ?? DataSelection.standard)
        ).selecting(arguments)
    }

    /// Whether runs with different seeds have different samples.
    var dependOnSeed: Bool {
        data.testShare != nil || data.hidden != nil || data.labelsKept != nil
    }

    /// Reads the data of a recipe's run.
    func read(for recipe: some Recipe) throws -> RunData {
        try RunData(data, for: type(of: recipe), seed: UInt64(recipe.training.seed))
    }

    /// The experiment of a run. Throws if the recipe does not suit the data, or the initial
    /// parameters the recipe.
    func experiment(_ recipe: some Recipe, on read: RunData) throws -> Experiment {
        let configuration = try TrainingRun.Configuration(
            recipe, on: read.dataset, data, table: read.encoding.map(TableLayout.init),
            notes: read.notes, start: start)
        let experiment = try Experiment(configuration, on: read.dataset)
        _ = try experiment.beginning(experiment.program)
        return experiment
    }

    /// Starts the run of an experiment in a folder that is new or empty.
    func create(_ experiment: Experiment, on read: RunData, at path: String) throws -> TrainingRun {
        let run = try TrainingRun.create(at: path, experiment.configuration)
        try read.encoding?.write(to: run.file(RunFile.encoding))
        return run
    }

    /// Throws if results would overwrite the data, or would be among them.
    func refuse(writing paths: [String]) throws(UsageError) {
        var inputs = ProtectedFiles()
        inputs.add(data)
        try inputs.refuse(writing: paths)
    }
}
