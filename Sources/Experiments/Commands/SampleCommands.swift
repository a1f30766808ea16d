import Autograd
import Datasets
import FileSupport
import Models

/// A command that makes samples with the model of a run: a picture of them, or their numbers.
private protocol SampleMaking: Command {
    /// The picture in the run's folder, which is written if no output is named.
    static var file: String { get }
    static func picture(
        of trained: TrainedRun, _ arguments: Arguments, monitor: ProgressMonitor<some Error>
    ) throws -> Picture
    static func samples(
        of trained: TrainedRun, _ arguments: Arguments, monitor: ProgressMonitor<some Error>
    ) throws -> MadeSamples
    /// A page about samples that are rows of a table, and a line about them; nil if there is none.
    static func report(
        on samples: Tensor, of trained: TrainedRun, _ arguments: Arguments, in path: String,
        monitor: ProgressMonitor<some Error>
    ) throws -> MadeRowsReport?
}

extension SampleMaking {
    static func report(
        on samples: Tensor, of trained: TrainedRun, _ arguments: Arguments, in path: String,
        monitor: ProgressMonitor<some Error>
    ) throws -> MadeRowsReport? { nil }

    static func run(_ arguments: Arguments) throws {
        let given = try arguments.outputPath(.samplesFile, endingIn: SampleFile.endings)
        let trained = try TrainedRun(arguments).choosingSymbols(arguments, for: name)
        let usual = trained.run.isAboutTable ? RunFile.table(insteadOf: file) : file
        let file = try SampleFile(given ?? trained.run.file(usual), for: trained)
        let pagePath = RunFile.page(beside: file.path)
        var inputs = trained.inputs
        for operand in arguments.operands.dropFirst() { inputs.add(operand) }
        try inputs.refuse(writing: file.path, pagePath)
        let work = LongWork(quiet: arguments.has(.quiet))
        defer { work.end() }
        work.begin(name)
        if file.isPicture {
            let png = try picture(of: trained, arguments, monitor: work.monitor).png
            try work.conclude()
            try AtomicFile.write(png, to: file.path)
        } else {
            let samples = try samples(of: trained, arguments, monitor: work.monitor)
            let report = try report(
                on: samples.values, of: trained, arguments, in: file.path, monitor: work.monitor)
            let html = report?.page.html()
            try work.conclude()
            try file.write(samples)
            if let report, let html {
                try AtomicFile.write(html, to: pagePath)
                try StandardStreams.write(report.privacy.map { "\($0)\n" } ?? "")
                try StandardStreams.write("\(file.path)\n\(pagePath)\n")
                return
            }
        }
        try StandardStreams.write("\(file.path)\n")
    }
}

/// Samples as a model makes them, `[count, …]`, and what it was told of each, if anything.
struct MadeSamples {
    let values: Tensor
    let told: Tensor?

    init(_ values: Tensor, told: Tensor? = nil) { (self.values, self.told) = (values, told) }
}

extension CommandOption {
    fileprivate static let samplesFile = CommandOption(
        "output", "PATH",
        "the output file: a picture (.png), an array (.npy) or a table (.csv, .tsv) (default: a "
            + "picture, or for a table a table, in the run's folder)")
}

private let numbersDetails = """
    Pixels are numbers from 0 to 1, other numbers have the units of the data. A table of rows has the
    columns that they are learned by, and last what a model was told of each; an array has the elements
    that the model sees.
    """

enum ReconstructCommand: SampleMaking {
    static let name = "reconstruct"
    static let summary = "Draws test samples and their reconstructions, or writes the latter"
    static let operands = ["RUN"]
    static let count = CommandOption(
        "count", "N", "number of samples (default: 30 in a picture, else all)")
    static let options = [count, .samplesFile] + TrainedRun.options
    static let details = numbersDetails
    fileprivate static let file = RunFile.reconstructions

    fileprivate static func picture(
        of trained: TrainedRun, _ arguments: Arguments, monitor: ProgressMonitor<some Error>
    ) throws -> Picture {
        try Pictures(of: trained.model, on: trained.experiment.dataset).reconstructions(
            by: trained.reconstructor(for: name), count: arguments.count(count, otherwise: 30),
            monitor: monitor)
    }

    fileprivate static func samples(
        of trained: TrainedRun, _ arguments: Arguments, monitor: ProgressMonitor<some Error>
    ) throws -> MadeSamples {
        let dataset = trained.experiment.dataset
        let count = try arguments.integer(count, in: 1...max(1, dataset.test.count))
        let values = try trained.reconstructor(for: name).reconstructions(
            of: Pictures(of: trained.model, on: dataset)
                .testExamples(count ?? dataset.test.count),
            monitor: monitor)
        return MadeSamples(values)
    }
}

enum DecodeCommand: SampleMaking {
    static let name = "decode"
    static let summary = "Decodes codes to samples, as a picture or as numbers"
    static let operands = ["RUN", "CODES"]
    static let options = [.samplesFile] + TrainedRun.options
    static let details = """
        CODES is a file as tapestry embed writes it: .npy, an array [samples, components], or .csv
        or .tsv, a table in which a column called label counts for nothing.
        """ + "\n" + numbersDetails
    fileprivate static let file = RunFile.decoded

    fileprivate static func picture(
        of trained: TrainedRun, _ arguments: Arguments, monitor: ProgressMonitor<some Error>
    ) throws -> Picture {
        let decoded = try samples(of: trained, arguments, monitor: monitor).values
        guard decoded.shape[0] <= 10_000 else {
            throw FileError(
                path: try arguments.operand(1, "CODES"), expected: "at most 10000 codes to draw",
                found: "\(decoded.shape[0]): --output can name a .npy file for them")
        }
        return SampleTiles(trained.experiment.dataset.test).picture(of: decoded, columns: 10)
    }

    fileprivate static func samples(
        of trained: TrainedRun, _ arguments: Arguments, monitor: ProgressMonitor<some Error>
    ) throws -> MadeSamples {
        let model = try trained.autoencoder(for: name)
        let path = try arguments.operand(1, "CODES")
        let codes = try codes(in: path)
        let sample = trained.experiment.dataset.test.batch(0..<1, as: model.dataType)
        let shape = Array(model.encode(sample).shape.dropFirst())
        guard codes.rank > 0, codes.shape[0] > 0,
            codes.count == codes.shape[0] * shape.reduce(1, *)
        else {
            throw FileError(
                path: path, expected: "codes of shape \(shape), one or more",
                found: "an array of shape \(codes.shape)")
        }
        if let row = codes.firstRowNotFinite {
            throw FileError(
                path: path, expected: "finite numbers",
                found: "one in row \(row + 1) that is infinite or not a number")
        }
        return MadeSamples(
            try model.samples(
                of: codes.cast(to: model.dataType).reshaped([codes.shape[0]] + shape),
                monitor: monitor))
    }

    private static func codes(in path: String) throws(FileError) -> Tensor {
        guard [".csv", ".tsv"].contains(where: { path.hasEnding($0) }) else {
            return try NPY.read(path)
        }
        let table = try CSV.Table(contentsOf: path)
        let columns = table.header.indices.filter { table.header[$0] != "label" }
        var numbers: [Float] = []
        for row in 0..<table.rowCount {
            for column in columns {
                guard let number = Float(table[row, column]) else {
                    throw FileError(
                        path: path,
                        expected: "a number in row \(row + 1), column "
                            + table.header[column].quoted,
                        found: table[row, column].quoted)
                }
                numbers.append(number)
            }
        }
        return Tensor(numbers, shape: [table.rowCount, columns.count])
    }
}

enum SampleCommand: SampleMaking {
    static let name = "sample"
    static let summary = "Draws generated samples, or writes their numbers"
    static let operands = ["RUN"]
    static let count = CommandOption(
        "count", "N",
        "number of samples (default: 60, or for a table as many as it has for training, at most 10000; in a "
            + "picture of a conditional model 10 codes under each condition)"
    )
    static let seed = CommandOption("seed", "N", "seed of the samples (default: the run's)")
    static let label = CommandOption(
        "label", "LABEL", "the class, for a model that has classes (default: all of them)")
    static let condition = CommandOption(
        "condition", "VALUE",
        "what a model is told of the column that train --condition named (default: several)")
    static let options =
        [count, seed, label, condition, PriorChoice.option] + SymbolChoice.options + [.samplesFile]
        + TrainedRun.options
    static let details =
        numbersDetails + "\n" + """
            Numbers that are not rows of a table are the expected ones for what is drawn, without the \
            noise of their likelihood. Rows of a table are told what rows of the training data \
            are, unless something is asked for. Beside made rows of a table there is a page that compares their columns and the \
            correlations between these with those of the real rows, and tells how near they are to \
            single ones.
            """
    fileprivate static let file = RunFile.samples

    fileprivate static func picture(
        of trained: TrainedRun, _ arguments: Arguments, monitor: ProgressMonitor<some Error>
    ) throws -> Picture {
        let isUsual = [count, label, condition].allSatisfy { arguments.string($0) == nil }
        if isUsual, case .own = try PriorChoice(arguments),
            let model = trained.generator as? any Generates, model.takesConditions,
            trained.prior == nil
        {
            return try Pictures(of: model, on: trained.experiment.dataset).samplesByCondition(
                by: model, seed: arguments.seed() ?? trained.seed, monitor: monitor)
        }
        return SampleTiles(trained.experiment.dataset.test).picture(
            of: try samples(of: trained, arguments, monitor: monitor).values, columns: 10)
    }

    fileprivate static func samples(
        of trained: TrainedRun, _ arguments: Arguments, monitor: ProgressMonitor<some Error>
    ) throws -> MadeSamples {
        let isTable = trained.run.isAboutTable
        let prior = try PriorChoice(arguments)
        if case .own = prior, isTable, !(trained.model is any Generates) {
            throw FileError(
                path: trained.run.path,
                expected: "a model that makes rows, such as that of "
                    + "tapestry train table-vae",
                found: "a model of the recipe \(trained.run.configuration.recipe), which does not")
        }
        let usual = isTable ? min(trained.experiment.dataset.training.count, 10_000) : 60
        let count = try arguments.integer(count, in: 1...(isTable ? 1_000_000 : 10_000)) ?? usual
        let seed = try arguments.seed() ?? trained.seed
        let told = try told(count, arguments, of: trained, seed: seed)
        let values = try trained.newSamples(
            count, from: prior, seed: seed, given: told, for: name, monitor: monitor)
        return MadeSamples(values, told: told)
    }

    /// What a conditional model is told of each sample, `[count]`: what is asked for; or else, for rows
    /// of a table, what training rows drawn at random have, and for others all classes in turn.
    private static func told(
        _ count: Int, _ arguments: Arguments, of trained: TrainedRun, seed: UInt64
    ) throws -> Tensor? {
        if let asked = try condition(arguments, of: trained) { return asked.broadcast(to: [count]) }
        if trained.run.isAboutTable { return trained.usualConditions(count, seed: seed) }
        guard let model = trained.generator as? any Generates, model.takesConditions else {
            return nil
        }
        return ToldConditions(of: model, on: trained.experiment.dataset).inTurn(0..<count)
    }

    fileprivate static func report(
        on samples: Tensor, of trained: TrainedRun, _ arguments: Arguments, in path: String,
        monitor: ProgressMonitor<some Error>
    ) throws -> MadeRowsReport? {
        guard trained.run.isAboutTable else { return nil }
        try monitor.report(.begun("comparison"))
        let words = ["tapestry", name, trained.run.path, "--output", path]
        return try MadeRowsReport(
            of: samples, by: trained, path: path,
            command: words.map(shellWord).joined(separator: " "), monitor: monitor)
    }

    /// What a conditional model is asked for, `[1]`; nil if nothing in particular.
    private static func condition(_ arguments: Arguments, of trained: TrainedRun) throws -> Tensor?
    {
        let given = [label, condition].compactMap { option in
            arguments.string(option).map { (option, $0) }
        }
        guard let (option, text) = given.first else { return nil }
        guard given.count == 1 else {
            throw UsageError("--\(label.name) and --\(condition.name): give only one of them")
        }
        guard let model = trained.generator as? any Generates, model.takesConditions else {
            throw trained.unfit("a condition", for: "sample --\(option.name)")
        }
        if trained.run.configuration.samples.number != nil {
            guard option == condition else {
                throw UsageError(
                    "--\(label.name): the model is told numbers, see --\(condition.name)")
            }
            return Tensor([
                try arguments.number(condition, expected: "a number") { $0.isFinite } ?? 0
            ])
        }
        guard option == label || trained.run.configuration.data.condition != nil else {
            throw UsageError("--\(condition.name): the model is told labels, see --\(label.name)")
        }
        let dataset = trained.experiment.dataset
        let found = (model as? any DecodesGiven).flatMap { $0.hasFoundClasses ? $0.condition : nil }
        let names =
            found.map { (0..<$0.size).map { "\($0)" } }
            ?? (0..<Int32(dataset.classNames.count)).compactMap(dataset.className)
        guard let place = names.firstIndex(of: text) else {
            throw UsageError(unknown: "class", text, known: names)
        }
        return Tensor([Int32(place)])
    }
}
