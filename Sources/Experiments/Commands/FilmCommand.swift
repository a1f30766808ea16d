import Autograd
import Datasets
import FileSupport
import Models

enum FilmCommand: Command {
    static let name = "film"
    static let summary =
        "Shows how codes or samples change as training goes on, as an animated picture"
    static let operands = ["RUN"]
    static let options = [.outputFile] + TrainedRun.options
    static let details = """
        Of a run that was trained with --keep-every N: the codes of up to 2,000 test samples before the
        first epoch and after each for which a model was kept, in the plane of the last ones (of codes of
        more than two numbers their two principal components), coloured by label. Of a model without an
        encoder, such as that of gan, the samples that it makes of always the same draws. Writes film.png,
        an animated PNG, which browsers show as it moves, to the run's folder, and puts it on the run's
        page.
        """

    private static let count = 2000
    /// In seconds: of all pictures together, of one of them at most, and of the last one.
    private static let (duration, longest, rest) = (8.0, 0.5, 2.0)

    static func run(_ arguments: Arguments) throws {
        let given = try arguments.outputPath(.outputFile, endingIn: [".png"])
        let trained = try TrainedRun(arguments)
        if !(trained.model is any Generates) { _ = try trained.encoder(for: name) }
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
        let pictures =
            if let model = trained.model as? any Encodes {
                try codes(by: model, kept, of: trained, work)
            } else { try samples(kept, of: trained, work) }
        let frames = zip(kept, pictures).map { kept, picture in
            AnimatedPNG.Frame(
                picture.image,
                duration: kept == last ? rest : min(longest, duration / Double(pictures.count)))
        }
        try work.conclude()
        try AnimatedPNG(frames).write(to: path)
        if given == nil { try RunReport(of: TrainingRun.open(at: trained.run.path)).write() }
        try StandardStreams.write("\(path)\n")
    }

    /// The codes of test samples by each model.
    private static func codes(
        by model: any Encodes, _ kept: [TrainingRun.KeptModel], of trained: TrainedRun,
        _ work: LongWork
    ) throws -> [Picture] {
        work.begin("codes")
        let test = trained.experiment.dataset.test
        let examples = test[Array(0..<min(count, test.count))]
        func codes(_ encoder: any Encodes) throws -> Tensor {
            try trained.finiteCodes(of: examples, by: encoder, monitor: work.monitor)
        }
        let plane = CodePlane(of: try codes(model), examples)
        let maps = try kept.map { kept in
            let encoder = try self.model(like: model, at: kept.path) as? any Encodes ?? model
            return LatentMap(
                plane, try codes(encoder), of: examples,
                classNames: trained.experiment.dataset.classNames)
        }
        work.begin("pictures")
        let all = maps.flatMap(\.points)
        return zip(kept, maps).map { kept, map in
            map.chart(titled: "after \(Format.count(kept.epoch, "epoch"))", covering: all)
                .picture(width: 480, height: 480)
        }
    }

    /// What each model makes of the same draws.
    private static func samples(
        _ kept: [TrainingRun.KeptModel], of trained: TrainedRun, _ work: LongWork
    ) throws -> [Picture] {
        try trained.requireDrawn()
        work.begin("samples")
        return try kept.compactMap { kept in
            try Pictures(
                of: model(like: trained.model, at: kept.path), on: trained.experiment.dataset
            ).samples(seed: trained.seed, monitor: work.monitor)
        }
    }

    /// A model of the same kind, as it was kept.
    private static func model<Model: Module>(
        like model: Model, at path: String
    ) throws(FileError) -> any Module {
        var model = model
        try model.load(from: path)
        return model
    }
}
