import Autograd
import Datasets
import Models

/// A run opened to be asked for more: its folder, its data and its trained model.
struct TrainedRun {
    let run: Run
    let data: RunData
    let experiment: Experiment
    let model: any Module
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
            run, on: DataSelection(arguments, otherwise: run.configuration.data),
            otherFile: otherFile)
    }

    /// A run with the data that it was trained on, or others.
    init(
        _ run: Run, on data: DataSelection? = nil, otherFile: RunData.OtherFile = .whole
    ) throws {
        self.run = run
        let configuration = run.configuration
        let choice = data ?? configuration.data
        inputs = ProtectedFiles()
        inputs.add(run)
        inputs.add(choice)
        self.data = try RunData(choice, of: run, otherFile: otherFile)
        let dataset = self.data.dataset
        guard dataset.training.shape == configuration.samples.sampleShape else {
            throw FileError(
                path: dataset.name,
                expected:
                    "samples of shape \(configuration.samples.sampleShape), as in \(run.path)",
                found: "samples of shape \(dataset.training.shape)")
        }
        if self.data.hasChanged {
            Program.complain(
                "\(dataset.name): has changed since the run in \(run.path) was trained on it")
        }
        for note in dataset.notes where !choice.isOfSameData(as: configuration.data) {
            Program.complain("\(dataset.name): \(note)")
        }
        experiment = try Experiment(configuration, on: dataset)
        model = try run.trained(experiment.program.model)
    }

    /// The means over examples of what the run's objective is made of, and of what else is measured.
    func metrics(
        on examples: Examples, report: (Double) throws -> Void
    ) throws -> [String: Double] {
        func metrics<Program: TrainingProgram>(by program: Program) throws -> [String: Double] {
            // It is of the type of the program's own.
            guard let model = model as? Program.Model else {
                programmerError("TrainedRun", "a \(type(of: model)) is no \(Program.Model.self)")
            }
            return try experiment.metrics(
                of: model, by: program, on: examples, step: try run.history().last?.step ?? 0,
                report: report)
        }
        return try metrics(by: experiment.program)
    }

    /// The codes of examples, flattened: those of a model that has come to no good are refused.
    func finiteCodes(
        of examples: Examples, by encoder: any Encodes, report: (Double) throws -> Void
    ) throws -> Tensor {
        let codes = try encoder.codes(of: examples, report: report).flattened()
        if let row = codes.firstRowNotFinite {
            throw FileError(
                path: experiment.dataset.name, expected: "samples whose codes are finite",
                found:
                    "one in row \(examples.origin(of: row) + 1) whose code is not: leave it out, or "
                    + "scale what is so large")
        }
        return codes
    }

    /// The model, if it has codes, as a command needs them.
    func encoder(for command: String) throws(FileError) -> any Encodes {
        guard let encoder = model as? any Encodes else { throw unfit("codes", for: command) }
        return encoder
    }

    /// The model, if it makes samples of codes and codes of samples.
    func autoencoder(for command: String) throws(FileError) -> any Encodes & Decodes {
        guard let autoencoder = model as? any Encodes & Decodes else {
            throw unfit("codes", for: command)
        }
        return autoencoder
    }

    /// The model, if it makes something of samples that can be compared with them.
    func reconstructor(for command: String) throws(FileError) -> any Reconstructs {
        guard let model = model as? any Reconstructs else {
            throw unfit("reconstructions", for: command)
        }
        return model
    }

    /// That the model cannot do what a command asks of it, and which commands fit.
    func unfit(_ part: String, for command: String) -> FileError {
        FileError(
            path: run.path, expected: "a model with \(part), as \(command) needs them",
            found: "one of the recipe \(run.configuration.recipe), which has none: it serves "
                + model.servingCommands.joined(separator: ", "))
    }

    /// The options of commands that learn from a part of a file, and test on the other.
    static let splitOptions: [CommandOption] = [.label, .testShare] + options

    /// The options that say which data, how to compute and what is told.
    static let options: [CommandOption] = [.data, .dataDirectory, .threads, .quiet]
}

extension Module {
    /// The commands that can be asked of a run of the model.
    fileprivate var servingCommands: [String] {
        let codes = ["embed", "map", "probe", "finetune", "score", "spectrum"]
        let isAutoencoder = self is any Encodes & Decodes
        return ["evaluate"] + (self is any Reconstructs ? ["reconstruct"] : [])
            + (self is any Generates || isAutoencoder ? ["sample"] : [])
            + (isAutoencoder ? ["interpolate"] : [])
            + (self is any Encodes ? codes : self is any Scores ? ["score"] : [])
            + (self is any Restores ? ["apply"] : [])
    }
}

extension Run {
    /// Whether its samples are the rows of a table, of which there are no pictures.
    var isAboutTable: Bool { configuration.samples.table != nil }
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
