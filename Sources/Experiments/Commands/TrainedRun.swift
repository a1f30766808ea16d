import Autograd
import Datasets
import FileSupport
import Models

/// A run opened to be asked for more: its folder, its data and its trained model.
struct TrainedRun {
    let run: TrainingRun
    let data: RunData
    let experiment: Experiment
    let model: any Module
    /// What results must not be written over.
    private(set) var inputs: ProtectedFiles

    /// The run that the first operand names, with the data that it was trained on or that the
    /// options name.
    ///
    /// - Parameter splitsFile: whether a file that these name is learnt from in part, and tested on
    ///   in the other; else all of it is looked at.
    init(_ arguments: Arguments, splitsFile: Bool = false) throws {
        try arguments.applyThreads()
        let run = try TrainingRun.open(at: arguments.operand(0, "RUN"))
        var choice = try DataSelection(arguments, otherwise: run.configuration.data)
        let isOther = choice.isFile && choice.name != run.configuration.data.name
        if splitsFile {
            let asked = try arguments.selection()
            (choice.testShare, choice.label) = (asked.testShare, asked.label)
        } else if isOther {
            choice.testShare = 0
        }
        try self.init(run, splitting: choice)
    }

    /// A run with data of which a part is learnt from.
    ///
    /// - Throws: where what is selected of them is not for these.
    init(_ run: TrainingRun, splitting choice: DataSelection) throws {
        if let option = choice.asOptions.first?.option {
            guard choice.isFile, choice.name != run.configuration.data.name else {
                throw UsageError(
                    "--\(option.name): only for a file that the run was not trained on")
            }
            guard choice.label == nil || !run.isAboutTable else {
                throw UsageError(
                    "--\(CommandOption.label.name): labels are in the column that the run knows "
                        + "them by")
            }
        }
        try self.init(run, on: choice)
    }

    /// A run with the data that it was trained on, or others.
    init(_ run: TrainingRun, on data: DataSelection? = nil) throws {
        self.run = run
        let configuration = run.configuration
        let own = DataSelection(configuration.data.name, directory: configuration.data.directory)
        let choice = data ?? own
        inputs = ProtectedFiles()
        inputs.add(run)
        inputs.add(choice)
        self.data = try RunData(choice, of: run)
        let dataset = self.data.dataset
        if self.data.hasChanged {
            Program.complain(
                "\(dataset.name): has changed since the run in \(run.path) was trained on it")
        }
        for note in self.data.notes where !choice.isOfSameData(as: configuration.data) {
            Program.complain("\(dataset.name): \(note)")
        }
        experiment = try Experiment(configuration, on: dataset)
        model = try run.trained(experiment.program.model)
    }

    /// The means over examples of what the run's objective is made of, and of what else is measured.
    func metrics(
        on examples: Examples, monitor: ProgressMonitor<some Error>
    ) throws -> [String: Double] {
        func metrics<Program: TrainingProgram>(by program: Program) throws -> [String: Double] {
            // It is of the type of the program's own.
            guard let model = model as? Program.Model else {
                programmerError("TrainedRun", "a \(type(of: model)) is no \(Program.Model.self)")
            }
            return try experiment.metrics(
                of: model, by: program, on: examples, step: try run.history().last?.step ?? 0,
                monitor: monitor)
        }
        return try metrics(by: experiment.program)
    }

    /// The codes of examples, flattened: those of a model that has come to no good are refused.
    func finiteCodes(
        of examples: Examples, by encoder: any Encodes, monitor: ProgressMonitor<some Error>
    ) throws -> Tensor {
        let codes = try encoder.codes(of: examples, monitor: monitor).flattened()
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
            let codes = model is any Encodes ? "codes that it can decode" : "codes"
            throw unfit(codes, for: command)
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

extension TrainingRun {
    /// Whether its samples are the rows of a table, of which there are no pictures.
    var isAboutTable: Bool { configuration.samples.table != nil }
}
