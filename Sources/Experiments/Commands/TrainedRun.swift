import Autograd
import Datasets
import FileSupport
import Models

/// A trained run: its folder, its data and its trained model.
struct TrainedRun {
    let run: TrainingRun
    let data: RunData
    let experiment: Experiment
    private(set) var model: any Module
    /// Draws symbols for the model to decode, if one has been trained in the run's folder.
    private(set) var prior: (any DrawsPixels)?
    /// The files that results must not overwrite.
    private(set) var inputs: ProtectedFiles

    /// The run that the first operand names, with the data that it was trained on or the data that
    /// the options name.
    ///
    /// - Parameter splitsFile: whether a file that the options name is split into training and test
    ///   samples; otherwise all of it is used.
    init(_ arguments: Arguments, splitsFile: Bool = false) throws {
        try arguments.applyThreads()
        let run = try TrainingRun.named(arguments.operand(0, "RUN"))
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

    /// A run with data that are split into training and test samples.
    ///
    /// - Throws: if the selection does not apply to the data.
    init(_ run: TrainingRun, splitting choice: DataSelection) throws {
        if let option = choice.asOptions.first?.option {
            guard choice.isFile, choice.name != run.configuration.data.name else {
                throw UsageError(
                    "--\(option.name): only for a file that the run was not trained on")
            }
            guard choice.label == nil || !run.isAboutTable else {
                throw UsageError(
                    "--\(CommandOption.label.name): the label column of a table is that of the run")
            }
        }
        try self.init(run, on: choice)
    }

    /// A run with the data that it was trained on, or other data.
    init(_ run: TrainingRun, on data: DataSelection? = nil) throws {
        self.run = run
        let configuration = run.configuration
        let own = DataSelection(configuration.data.name, directory: configuration.data.directory)
        let choice = data ?? own
        inputs = ProtectedFiles()
        inputs.add(run)
        inputs.add(choice)
        let read = try RunData(choice, of: run)
        let dataset = read.dataset
        if read.hasChanged {
            Program.complain(
                "\(dataset.name): has changed since the run in \(run.path) was trained on it")
        }
        for note in read.notes where !choice.isOfSameData(as: configuration.data) {
            Program.complain("\(dataset.name): \(note)")
        }
        experiment = try Experiment(configuration, on: dataset)
        self.data = try read.numbered(for: experiment)
        model = try run.trained(experiment.program.model)
        prior = try (model as? any HasCodebook).flatMap { try $0.prior(in: run, on: dataset) }
    }

    /// What samples are drawn from: the model, or what draws symbols for it.
    var generator: any Module { prior ?? model }

    /// The same with a model that chooses symbols as options say, if they say so; throws if it chooses
    /// none.
    func choosingSymbols(_ arguments: Arguments, for command: String) throws -> TrainedRun {
        guard let choice = try SymbolChoice(arguments) else { return self }
        var chosen = self
        if var prior {
            prior.choice = choice
            chosen.prior = prior
        } else if var model = model as? any DrawsPixels {
            model.choice = choice
            chosen.model = model
        } else {
            throw unfit("pixels that it draws one by one", for: command)
        }
        return chosen
    }

    /// The seed that it was trained with.
    var seed: UInt64 { UInt64(experiment.recipe.training.seed) }

    /// The means over examples of the terms of the run's objective, and of its other metrics.
    func metrics(
        on examples: Examples, monitor: ProgressMonitor<some Error>
    ) throws -> [String: Double] {
        func metrics<Program: TrainingProgram>(by program: Program) throws -> [String: Double] {
            var program = program
            try run.load(program: &program)
            // The model has the type of the program's model.
            guard let model = model as? Program.Model else {
                programmerError("TrainedRun", "\(type(of: model)) is not \(Program.Model.self)")
            }
            return try experiment.metrics(
                of: model, by: program, on: examples, step: try run.history().last?.step ?? 0,
                monitor: monitor)
        }
        return try metrics(by: experiment.program)
    }

    /// The codes of examples, flattened. Throws if a code is not finite.
    func finiteCodes(
        of examples: Examples, by encoder: any Encodes, monitor: ProgressMonitor<some Error>
    ) throws -> Tensor {
        let codes = try encoder.codes(of: examples, monitor: monitor).flattened()
        if let row = codes.firstRowNotFinite {
            throw FileError(
                path: experiment.dataset.name, expected: "samples with finite codes",
                found: "a code that is not finite in row \(examples.origin(of: row) + 1): leave it "
                    + "out, or scale large values")
        }
        return codes
    }

    /// The model if it can encode samples; throws an error that names the command otherwise.
    func encoder(for command: String) throws(FileError) -> any Encodes {
        guard let encoder = model as? any Encodes else { throw unfit("codes", for: command) }
        return encoder
    }

    /// The model if it can encode and decode samples; throws otherwise.
    func autoencoder(for command: String) throws(FileError) -> any Encodes & Decodes {
        guard let autoencoder = model as? any Encodes & Decodes else {
            let codes = model is any Encodes ? "codes that it can decode" : "codes"
            throw unfit(codes, for: command)
        }
        return autoencoder
    }

    /// The model if it can reconstruct samples; throws otherwise.
    func reconstructor(for command: String) throws(FileError) -> any Reconstructs {
        guard let model = model as? any Reconstructs else {
            throw unfit("reconstructions", for: command)
        }
        return model
    }

    /// The error that the model lacks what a command requires, with the commands that it supports.
    func unfit(_ part: String, for command: String) -> FileError {
        FileError(
            path: run.path, expected: "a model with \(part), as \(command) requires",
            found: "one of the recipe \(run.configuration.recipe), which has none: it supports "
                + model.servingCommands(ofTable: run.isAboutTable).joined(separator: ", "))
    }

    /// The options of commands that train on a part of a file and test on the rest.
    static let splitOptions: [CommandOption] = [.label, .testShare] + options

    /// The options for the data, the number of threads and progress.
    static let options: [CommandOption] = [.data, .dataDirectory, .threads, .quiet]
}

extension TrainedRun {
    /// Whether pictures go from one draw of a code to another, as no code of a sample is known.
    var interpolatesDraws: Bool { model.interpolatesDraws }
}

extension Module {
    /// Whether its codes can be drawn and decoded, but no sample encoded.
    fileprivate var interpolatesDraws: Bool {
        self is any Decodes & HasPriorCodes && !(self is any Encodes)
    }

    /// The commands that support the model, of the rows of a table or of other samples.
    fileprivate func servingCommands(ofTable: Bool) -> [String] {
        let codes = ["embed", "map", "probe", "finetune", "score", "spectrum"]
        let isAutoencoder = self is any Encodes & Decodes
        return ["evaluate"] + (self is any Reconstructs ? ["reconstruct"] : [])
            + (self is any Generates || isAutoencoder && !ofTable ? ["sample"] : [])
            + (isAutoencoder ? ["decode"] : [])
            + (interpolatesDraws && !ofTable ? ["interpolate"] : [])
            + (isAutoencoder && !ofTable ? ["interpolate", "morph", "edit", "surroundings"] : [])
            + (self is any HasCodebook ? ["codes"] : [])
            + (self is any DrawsPixels && !ofTable ? ["complete"] : [])
            + (ofTable && self is any Completes ? ["impute"] : [])
            + (self is any Encodes ? codes : self is any Scores ? ["score"] : [])
            + (self is any HasJointDensity & EstimatesLikelihood ? ["estimates"] : [])
            + (self is any Encodes & DecodesGiven ? ["transfer"] : [])
            + (self is any Conditional & EstimatesLikelihood ? ["classify"] : [])
            + (self is any HasPoses ? ["poses"] : [])
            + (self is any Restores ? ["apply"] : [])
    }
}

extension TrainingRun {
    /// Whether its samples are the rows of a table, which cannot be drawn.
    var isAboutTable: Bool { configuration.samples.table != nil }
}
