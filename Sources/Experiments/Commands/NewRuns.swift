import Autograd
import Datasets
import Models

/// What new runs begin with: the data, and the initial parameters if they are not drawn at random.
struct NewRuns {
    let data: DataSelection
    let start: StartingParameters?
    /// After every so many epochs the model is kept; nil if none is.
    let keptEvery: Int?

    init(data: DataSelection, start: StartingParameters?, keptEvery: Int? = nil) {
        (self.data, self.start, self.keptEvery) = (data, start, keptEvery)
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
        keptEvery = try arguments.integer(.keepEvery, in: 1...1_000_000)
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
            notes: read.notes, start: start, keptEvery: keptEvery)
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
