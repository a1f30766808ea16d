import Autograd
import Datasets
import FileSupport
import Models

/// The method that maps codes to two dimensions.
enum MapMethod: String, CaseIterable {
    case pca
    case tsne
}

enum MapCommand: Command {
    static let name = "map"
    static let summary = "Draws the codes of samples in two dimensions, coloured by label"
    static let operands = ["RUN"]
    static let method = CommandOption(
        "method", "NAME", "pca, for principal components, or tsne (default: tsne)")
    static let perplexity = CommandOption(
        "perplexity", "X", "t-SNE perplexity, the effective number of neighbours (default: 30)")
    static let iterations = CommandOption("iterations", "N", "t-SNE iterations (default: 1000)")
    static let count = CommandOption("count", "N", "maximum number of samples (default: 10000)")
    static let options =
        [method, perplexity, iterations, count, .part, .seed] + TrainedRun.options
    static let details = """
        Writes latent.png, latent.svg and latent.csv, or tsne.png, tsne.svg and tsne.csv, to the
        run's folder (latent-training and tsne-training for training samples), and updates the
        run's report. Trustworthiness measures how many neighbours on the map are also neighbours
        among the codes; it is at most 1.
        """

    static func run(_ arguments: Arguments) throws {
        let method =
            try arguments.value(
                method, expected: MapMethod.allCases.map(\.rawValue).joined(separator: " or ")
            ) { MapMethod(rawValue: $0) } ?? .tsne
        if method == .pca {
            for option in [perplexity, iterations, .seed] where arguments.string(option) != nil {
                throw UsageError("--\(option.name): the method pca does not use it")
            }
        }
        let count = try arguments.integer(count, in: 1...1_000_000) ?? 10_000
        let iterations = try arguments.integer(iterations, in: 1...1_000_000) ?? 1000
        let part = try DatasetPart(arguments)
        let trained = try TrainedRun(arguments)
        let encoder = try trained.encoder(for: name)
        let figure = (method == .pca ? RunFile.latent : RunFile.neighbours).of(part)
        let files = [figure.png, figure.svg, figure.table].map(trained.run.file)
        try trained.inputs.refuse(writing: files)
        let dataset = trained.experiment.dataset
        let all = part.examples(of: dataset)
        let examples = all[spread(count, over: all.count)]

        let work = LongWork(quiet: arguments.has(.quiet))
        defer { work.end() }
        work.begin("codes")
        let codes = try trained.finiteCodes(of: examples, by: encoder, monitor: work.monitor)
        var map: LatentMap
        switch method {
        case .pca:
            map = LatentMap(codes: codes, of: examples, classNames: dataset.classNames)
        case .tsne:
            guard codes.shape[0] >= 4 else {
                throw FileError(
                    path: dataset.name, expected: "at least 4 \(part.rawValue) samples",
                    found: "\(codes.shape[0])")
            }
            let plane = try neighbourMap(of: codes, iterations, arguments, work)
            map = LatentMap(
                plane, of: examples, classNames: dataset.classNames,
                horizontalLabel: "t-SNE, component 1", verticalLabel: "t-SNE, component 2")
        }
        var answer = Format.count(examples.count, "code")
        let neighbours = min(5, (examples.count - 1) / 2)
        if neighbours > 0 {
            work.begin("trustworthiness")
            let quality = try trustworthiness(
                of: map.plane, for: codes, neighbours: neighbours, monitor: work.monitor)
            let text = "trustworthiness \(Format.number(quality)) with \(neighbours) neighbours"
            map.verticalLabel += " (\(text))"
            answer += ", \(text)"
        }
        try work.conclude()
        try map.write(figure, in: trained.run)
        if try !trained.run.history().isEmpty { try RunReport(of: trained.run).write() }
        try StandardStreams.write("\(answer)\n\(files.map { "\($0)\n" }.joined())")
    }

    private static func neighbourMap(
        of codes: Tensor, _ iterations: Int, _ arguments: Arguments, _ work: LongWork
    ) throws -> Tensor {
        let greatest = TSNE.greatestPerplexity(samples: codes.shape[0])
        let asked = try arguments.number(
            perplexity,
            expected: "a number from 1 to \(Format.number(greatest)), a third of the other samples"
        ) { 1...greatest ~= $0 }
        let method = TSNE(perplexity: asked ?? min(30, greatest), iterations: iterations)
        let generator = RandomGenerator(seed: try arguments.seed() ?? 0)
        return try method.map(codes, using: generator, monitor: work.monitor)
    }
}
