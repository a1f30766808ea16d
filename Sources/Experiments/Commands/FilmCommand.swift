import Autograd
import Datasets
import FileSupport
import Models

enum FilmCommand: Command {
    static let name = "film"
    static let summary = "Shows how codes move as training goes on, as an animated picture"
    static let operands = ["RUN"]
    static let options = [.outputFile] + TrainedRun.options
    static let details = """
        Of a run that was trained with --keep-every N: the codes of up to 2,000 test samples before the
        first epoch and after each for which a model was kept, in the plane of the last ones (of codes of
        more than two numbers their two principal components), coloured by label. Writes film.png, an
        animated PNG, which browsers show as it moves, to the run's folder, and puts it on the run's page.
        """

    private static let count = 2000
    /// In seconds: of all pictures together, of one of them at most, and of the last one.
    private static let (duration, longest, rest) = (8.0, 0.5, 2.0)

    static func run(_ arguments: Arguments) throws {
        let given = try arguments.outputPath(.outputFile, endingIn: [".png"])
        let trained = try TrainedRun(arguments)
        let model = try trained.encoder(for: name)
        let kept = try trained.run.keptModels()
        guard kept.count > 1, let last = kept.last else {
            throw FileError(
                path: trained.run.path,
                expected: "a run trained with --keep-every N, as \(name) requires",
                found: kept.isEmpty
                    ? "no models of earlier epochs" : "one model of an earlier epoch")
        }
        let path = given ?? trained.run.file(RunFile.film)
        try trained.inputs.refuse(writing: path)
        let work = LongWork(quiet: arguments.has(.quiet))
        defer { work.end() }
        work.begin("codes")
        let test = trained.experiment.dataset.test
        let examples = test[Array(0..<min(count, test.count))]
        func codes(_ encoder: any Encodes) throws -> Tensor {
            try trained.finiteCodes(of: examples, by: encoder, monitor: work.monitor)
        }
        let plane = CodePlane(of: try codes(model), examples)
        let maps = try kept.map { kept in
            LatentMap(
                plane, try codes(try encoder(like: model, at: kept.path)), of: examples,
                classNames: trained.experiment.dataset.classNames)
        }
        work.begin("pictures")
        let all = maps.flatMap(\.points)
        let frames = zip(kept, maps).map { kept, map in
            AnimatedPNG.Frame(
                map.chart(titled: "after \(Format.count(kept.epoch, "epoch"))", covering: all)
                    .picture(width: 480, height: 480).image,
                duration: kept == last ? rest : min(longest, duration / Double(maps.count)))
        }
        try work.conclude()
        try AnimatedPNG(frames).write(to: path)
        if given == nil { try RunReport(of: TrainingRun.open(at: trained.run.path)).write() }
        try StandardStreams.write("\(path)\n")
    }

    /// A model of the same kind, as it was kept.
    private static func encoder<Model: Encodes>(
        like model: Model, at path: String
    ) throws(FileError) -> any Encodes {
        var model = model
        try model.load(from: path)
        return model
    }
}
