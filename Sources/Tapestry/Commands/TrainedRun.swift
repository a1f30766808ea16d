import Autograd
import Datasets
import Models

/// A run opened to be asked for more: its folder, its data and its trained model.
struct TrainedRun {
    let run: Run
    let data: RunData
    let experiment: Experiment
    let model: any AutoencoderModel
    /// What results must not be written over.
    private(set) var inputs: ProtectedFiles

    /// The run that the first operand names, with the data that it was trained on or that the
    /// options name.
    ///
    /// - Parameter otherFile: what is done with a file that these name.
    init(_ arguments: Arguments, otherFile: RunData.OtherFile) throws {
        try arguments.applyThreads()
        let run = try Run.open(at: arguments.operand(0, "RUN"))
        try self.init(
            run, on: DataChoice(arguments, otherwise: DataChoice(of: run)), otherFile: otherFile)
    }

    /// A run with the data that it was trained on, or others.
    init(
        _ run: Run, on data: DataChoice? = nil, otherFile: RunData.OtherFile = .whole
    ) throws {
        self.run = run
        let configuration = run.configuration
        let choice = data ?? DataChoice(of: run)
        inputs = ProtectedFiles()
        inputs.add(run)
        inputs.add(choice)
        self.data = try RunData(choice, of: run, otherFile: otherFile)
        let dataset = self.data.dataset
        guard dataset.training.shape == configuration.sampleShape else {
            throw FileError(
                path: dataset.name,
                expected: "samples of shape \(configuration.sampleShape), as in \(run.path)",
                found: "samples of shape \(dataset.training.shape)")
        }
        if self.data.hasChanged {
            Program.complain(
                "\(dataset.name): has changed since the run in \(run.path) was trained on it")
        }
        for note in dataset.notes where choice != DataChoice(of: run) {
            Program.complain("\(dataset.name): \(note)")
        }
        experiment = try Experiment(configuration, on: dataset)
        model = try run.trained(experiment.initialModel)
    }

    /// The codes of examples, flattened: those of a model that has come to no good are refused.
    func finiteCodes(
        of examples: Examples, report: (Double) throws -> Void
    ) throws -> Tensor {
        let codes = try model.codes(of: examples, report: report).flattened()
        guard codes.allFinite else {
            throw FileError(
                path: run.checkpointPath, expected: "a model whose codes are finite",
                found: "codes with an element that is infinite or not a number")
        }
        return codes
    }

    /// Refuses a run whose model has no codes of its own, on behalf of a command that shows them.
    func requireCodes(for command: String) throws(FileError) {
        guard model.hasCodes else {
            throw FileError(
                path: run.path, expected: "a model with codes, as \(command) shows them",
                found: "one of the recipe \(experiment.recipe.name), which has none: see tapestry "
                    + "help apply")
        }
    }

    /// The options of commands that learn from a part of a file, and test on the other.
    static let splitOptions: [Option] = [.label, .testShare] + options

    /// The options that say which data, how to compute and what is told.
    static let options: [Option] = [.data, .dataDirectory, .threads, .quiet]
}

extension Run {
    /// The trained model alone, without the data.
    func model() throws -> any AutoencoderModel { try trained(Blueprint(configuration).model) }

    /// A model of the run's recipe as the run has trained it.
    func trained<Model: AutoencoderModel>(_ model: Model) throws -> Model {
        guard hasCheckpoint else {
            throw FileError(
                path: checkpointPath, expected: "the checkpoint of a run that is under way",
                found: "none")
        }
        var model = model
        try load(into: &model)
        return model
    }
}

extension AutoencoderModel {
    /// Whether what the model makes of samples in between is its own, and not just a picture.
    var hasCodes: Bool { !(self is any PictureRestorer) }
}

extension Run {
    /// Whether its samples are the rows of a table, of which there are no pictures.
    var isAboutTable: Bool { configuration.settings.table?.columns.isEmpty == false }
}

/// Which half of a data set.
enum DatasetPart: String, CaseIterable {
    case training, test

    init(_ arguments: Arguments) throws(UsageError) {
        guard let name = arguments.string(.part) else {
            self = .test
            return
        }
        guard let part = DatasetPart(rawValue: name) else {
            throw UsageError(unknown: "part", name, known: Self.allCases.map(\.rawValue))
        }
        self = part
    }

    func examples(of dataset: Dataset) -> Examples {
        self == .training ? dataset.training : dataset.test
    }
}
