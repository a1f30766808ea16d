import Autograd
import Datasets
import FileSupport
import Models

/// A command that draws a picture of a run.
protocol PictureCommand: Command {
    /// The name of the file in the run's folder.
    static var file: String { get }
    static func drawing(
        of trained: TrainedRun, _ arguments: Arguments, monitor: ProgressMonitor<some Error>
    ) throws -> Drawing
}

/// A picture, and what is told of it, if anything is.
struct Drawing {
    let picture: Picture
    var text = ""
    /// Written beside the picture.
    var table: CSV.Table?
}

extension PictureCommand {
    static var operands: [String] { ["RUN"] }

    static func run(_ arguments: Arguments) throws {
        let given = try arguments.outputPath(.outputFile, endingIn: [".png"])
        let trained = try TrainedRun(arguments)
        try trained.requireDrawn()
        let path = given ?? trained.run.file(file)
        var inputs = trained.inputs
        for option in [CommandOption.imageFile, .attributesFile] {
            inputs.add(arguments.string(option))
        }
        try inputs.refuse(writing: path)
        let work = LongWork(quiet: arguments.has(.quiet))
        defer { work.end() }
        work.begin(name)
        let drawing = try drawing(of: trained, arguments, monitor: work.monitor)
        let png = drawing.picture.png
        let tablePath = RunFile.table(insteadOf: path)
        if drawing.table != nil { try inputs.refuse(writing: tablePath) }
        try work.conclude()
        try AtomicFile.write(png, to: path)
        try StandardStreams.write(drawing.text + "\(path)\n")
        guard let table = drawing.table else { return }
        try CSV.write(table, to: tablePath)
        try StandardStreams.write("\(tablePath)\n")
    }
}

extension TrainedRun {
    /// Throws if its samples are rows of a table.
    func requireDrawn() throws(FileError) {
        guard !run.isAboutTable else {
            throw FileError(
                path: run.path, expected: "a run on samples that can be drawn",
                found: "a run on a table, whose rows cannot")
        }
    }
}

extension Arguments {
    /// The value of `--count`, or a default.
    func count(_ option: CommandOption, otherwise standard: Int) throws(UsageError)
        -> Int
    {
        try integer(option, in: 1...10_000) ?? standard
    }
}

enum InterpolateCommand: PictureCommand {
    static let name = "interpolate"
    static let summary = "Draws interpolations between test samples in latent space"
    static let count = CommandOption("count", "N", "number of interpolations (default: 8)")
    static let options = [count, .spherical, .outputFile] + TrainedRun.options
    static let details = """
        Of a model without an encoder, such as that of gan, between codes drawn from its prior.
        """
    static let file = RunFile.interpolation

    static func drawing(
        of trained: TrainedRun, _ arguments: Arguments, monitor: ProgressMonitor<some Error>
    ) throws -> Drawing {
        let pictures = Pictures(of: trained.model, on: trained.experiment.dataset)
        let count = try arguments.count(count, otherwise: 8)
        let isSpherical = arguments.has(.spherical)
        guard trained.interpolatesDraws, let model = trained.model as? any Decodes & HasPriorCodes
        else {
            return try Drawing(
                picture: pictures.interpolations(
                    by: trained.autoencoder(for: name), count: count, spherical: isSpherical,
                    monitor: monitor))
        }
        var generator = RandomGenerator(seed: trained.seed)
        return try Drawing(
            picture: pictures.interpolations(
                between: model.priorCodes(2 * count, using: &generator), by: model,
                spherical: isSpherical, monitor: monitor))
    }
}

enum TraverseCommand: PictureCommand {
    static let name = "traverse"
    static let summary = "Draws what each component of a code changes in a sample"
    static let components = CommandOption(
        "components", "N", "how many components, those first that say most (default: at most 10)")
    static let steps = CommandOption("steps", "N", "pictures of each component (default: 10)")
    static let sample = CommandOption(
        "sample", "N", "the test sample that is changed, from 1 (default: 1)")
    static let options = [components, steps, sample, .outputFile] + TrainedRun.options
    static let details = """
        Each row moves one component of the code of a test sample from the first to the last percentile of
        its values, with the others as they are. A table beside the picture tells of each row how much
        the component says of a sample, in nats, and where factors are known, as with --data factors,
        of which of them it says most.
        """
    static let file = RunFile.traversals

    static func drawing(
        of trained: TrainedRun, _ arguments: Arguments, monitor: ProgressMonitor<some Error>
    ) throws -> Drawing {
        let model = try trained.autoencoder(for: name)
        let dataset = trained.experiment.dataset
        let available = model.encode(dataset.test.batch(0..<1, as: model.dataType)).count
        let count = try arguments.integer(components, in: 1...available)
        let steps = try arguments.integer(steps, in: 2...100) ?? 10
        let sample = try arguments.integer(sample, in: 1...dataset.test.count) ?? 1
        let pictures = Pictures(of: model, on: dataset)
        let codes = try pictures.testCodes(
            by: model, seed: trained.seed, monitor: monitor.part(0...0.6))
        let (picture, rows) = try pictures.traversals(
            by: model, codes, count: count ?? min(10, available), steps: steps, of: sample - 1,
            monitor: monitor.part(0.6...1))
        return Drawing(
            picture: picture, text: rows.lines.map { $0 + "\n" }.joined(), table: rows.table)
    }
}

enum TransferCommand: PictureCommand {
    static let name = "transfer"
    static let summary = "Draws test samples with their codes decoded under every condition"
    static let options = [.outputFile] + TrainedRun.options
    static let details = """
        For models that can be told a class, or a number: a row for each class with the first
        test sample of it, and beside this what the decoder makes of its code under each class, which
        is the sample's style given to the others. Of numbers, some in equal steps. Where classes have
        priors of their own, the code is moved from one to the other.
        """
    static let file = RunFile.transfer

    static func drawing(
        of trained: TrainedRun, _ arguments: Arguments, monitor: ProgressMonitor<some Error>
    ) throws -> Drawing {
        guard let model = trained.model as? any Encodes & DecodesGiven else {
            throw trained.unfit("codes that it decodes under a condition", for: name)
        }
        let dataset = trained.experiment.dataset
        let pictures = Pictures(of: model, on: dataset)
        guard let picture = try pictures.transfer(by: model, monitor: monitor) else {
            throw FileError(
                path: dataset.name, expected: "a test sample of a class that the model knows",
                found: "none")
        }
        return Drawing(picture: picture)
    }
}

enum ManifoldCommand: PictureCommand {
    static let name = "manifold"
    static let summary = "Draws the decoded samples of a grid in a two-dimensional latent space"
    static let count = CommandOption(
        "count", "N", "samples per row and per column (default: 20, or 10 for each condition)")
    static let options = [count, .outputFile] + TrainedRun.options
    static let details = """
        If the prior of the codes is the standard normal distribution, as in variational
        autoencoders, the grid points are equally spaced quantiles of the normal distribution. For other
        codes, such as the probabilities of Boltzmann machines, the grid is uniform and covers the
        test samples' codes in each component, from the quantile 0.05 to 0.95. A model that decodes
        under conditions, such as digits, has a plane for each, in their order. Of a model of poses the
        plane is that of what codes say besides them.
        """
    static let file = RunFile.manifold

    static func drawing(
        of trained: TrainedRun, _ arguments: Arguments, monitor: ProgressMonitor<some Error>
    ) throws -> Drawing {
        let pictures = Pictures(of: trained.model, on: trained.experiment.dataset)
        let count = try arguments.integer(count, in: 1...200)
        if let model = trained.model as? any Encodes & DecodesGiven {
            try trained.requireCodesOfTwo(model)
            return Drawing(
                picture: try pictures.manifolds(by: model, side: count ?? 10, monitor: monitor))
        }
        let model = try trained.planar(for: name)
        return Drawing(
            picture: try pictures.manifold(by: model, side: count ?? 20, monitor: monitor))
    }
}

extension TrainedRun {
    /// The model if it can encode and decode samples and its codes have two components, those besides poses
    /// where it knows these; throws otherwise.
    func planar(for command: String) throws(FileError) -> any Encodes & Decodes {
        let model = try autoencoder(for: command)
        let planar = (model as? any HasPoses & Decodes).map { UprightModel($0) } ?? model
        try requireCodesOfTwo(planar)
        return planar
    }

    /// Throws unless codes have two components.
    func requireCodesOfTwo(_ model: any Encodes) throws(FileError) {
        let size = model.codes(of: experiment.dataset.test[[0]]).count
        guard size == 2 else {
            throw FileError(
                path: run.path, expected: "codes of 2 components (train with --latent-size 2)",
                found: "codes of \(size)")
        }
    }
}

enum FiltersCommand: PictureCommand {
    static let name = "filters"
    static let summary = "Draws the weights of each unit of the first layer as an image"
    static let count = CommandOption("count", "N", "number of units (default: 100)")
    static let options = [count, .outputFile] + TrainedRun.options
    static let file = RunFile.filters

    static func drawing(
        of trained: TrainedRun, _ arguments: Arguments, monitor: ProgressMonitor<some Error>
    ) throws -> Drawing {
        let pictures = Pictures(of: trained.model, on: trained.experiment.dataset)
        guard
            let picture = pictures.filters(count: try arguments.count(count, otherwise: 100))
        else {
            throw FileError(
                path: trained.run.path,
                expected: "a dense layer on images, whose weights can be drawn", found: "none")
        }
        return Drawing(picture: picture)
    }
}
