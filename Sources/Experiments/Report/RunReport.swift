import Autograd
import Datasets
import FileSupport
import Foundation
import Models

/// The report of a run, made only from the files in its folder.
struct RunReport {
    private let run: TrainingRun
    private let blueprint: Blueprint
    private let history: [EpochRecord]
    private let last: EpochRecord
    /// The record of the epoch whose model was kept.
    private let kept: EpochRecord
    /// The layers of layerwise pretraining.
    private let trainedLayers: [TrainedLayer]
    /// Nil if the run is not finished.
    private let summary: RunSummary?

    init(of run: TrainingRun) throws {
        self.run = run
        blueprint = try Blueprint(run.configuration)
        history = try run.history()
        guard let last = history.last else {
            throw FileError(
                path: run.metricsPath, expected: "the metrics of an epoch", found: "none")
        }
        self.last = last
        trainedLayers = try run.layers()
        let summary = try Self.summary(of: run)
        kept = history.first { $0.epoch == summary?.keptEpoch } ?? last
        self.summary = summary
    }

    /// Writes `report.html`.
    func write() throws {
        try AtomicFile.write(contents().html(), to: run.file(RunFile.report))
    }

    func contents() throws -> ReportContents {
        ReportContents(
            title: "\(recipeName) on \(dataName)", recipe: recipeName,
            introduction: introduction, headlines: headlines, figures: try figures(),
            metrics: metrics, history: table, table: try columns(),
            layers: layers(of: blueprint.model),
            configuration: configuration, environment: environment,
            command: commandLine(of: run.configuration, blueprint.recipe))
    }

    /// The curves of the loss and its terms.
    static func lossChart(_ history: [EpochRecord]) -> LineChart {
        let names = Metrics.terms(history.last?.training ?? [:]).map(\.name)
        let series = names.enumerated().flatMap { index, name in
            let title = Metrics.title(name)
            func points(_ values: (EpochRecord) -> [String: Double]) -> [Point] {
                history.compactMap { record in
                    values(record)[name].map { Point(x: Double(record.epoch), y: $0) }
                }
            }
            return [
                LineChart.Series(
                    name: title, points: points(\.training), color: index),
                LineChart.Series(
                    name: "\(title), test", points: points(\.heldOut), color: index,
                    dashed: true),
            ]
        }
        return LineChart(verticalLabel: "mean per sample", series: series)
    }

    // MARK: Texts

    private var recipeName: String { run.configuration.recipe }

    private var dataName: String {
        let name = run.configuration.data.name
        return name.contains("/") ? URL(fileURLWithPath: name).lastPathComponent : name
    }

    private var introduction: String {
        let recipe = type(of: blueprint.recipe)
        let subject = recipe.summary.prefix(1).uppercased() + recipe.summary.dropFirst()
        let samples = summary.map { " on \(Format.count($0.trainingSamples, "sample"))" } ?? ""
        let epochs = trainedLayers.description(epochs: last.epoch)
        let choice = kept.epoch == last.epoch ? "" : ", of which epoch \(kept.epoch) was the best"
        return "\(subject), trained for \(epochs)\(choice)\(samples). \(recipe.citation)."
    }

    private var headlines: [ReportContents.Headline] {
        var headlines: [ReportContents.Headline] = []
        let scale = "mean over the test samples"
        if let bound = kept.heldOut["elbo"] {
            headlines.append(
                .init(
                    name: Metrics.title("elbo"), value: Format.number(bound),
                    note: "nats, \(scale)"))
        } else if let loss = kept.heldOut["loss"] {
            headlines.append(.init(name: "Loss", value: Format.number(loss), note: scale))
        }
        if let error = kept.heldOut["squaredError"], error != kept.heldOut["loss"] {
            headlines.append(
                .init(
                    name: Metrics.title("squaredError"), value: Format.number(error),
                    note: "summed over a sample, \(scale)"))
        }
        for name in ["psnr", "ssim"] {
            guard let value = kept.heldOut[name], let before = kept.heldOut["\(name)Before"]
            else { continue }
            headlines.append(
                .init(
                    name: Metrics.title(name), value: Format.number(value),
                    note: "\(scale); before, \(Format.number(before))"))
        }
        headlines.append(
            .init(
                name: "Parameters", value: Format.count(blueprint.model.parameterCount),
                note: codeDescription))
        let layerSeconds = trainedLayers.reduce(0) { $0 + $1.seconds }
        let seconds = history.reduce(layerSeconds) { $0 + $1.seconds }
        let epochs = trainedLayers.description(
            epochs: last.epoch, of: blueprint.recipe.training.epochs)
        let rate = summary.map { ", \(Format.rate($0.samplesPerSecond)) samples per second" } ?? ""
        headlines.append(
            .init(
                name: "Training time", value: Format.duration(seconds: seconds),
                note: "\(epochs)\(rate)"))
        return headlines
    }

    private var codeDescription: String {
        guard let encoder = blueprint.model as? any Encodes else {
            return blueprint.model is any Restores ? "for images of any size" : ""
        }
        let sample = Tensor.zeros(
            [1] + run.configuration.samples.sampleShape, dataType: encoder.dataType)
        let labels = Tensor.zeros([1], dataType: .int32)
        let shape = encoder.encode(
            Batch(sample, labels: encoder is any Conditional ? labels : nil)
        ).shape.dropFirst()
        return "codes of \(shape.map(String.init).joined(separator: " × ")) numbers"
    }

    // MARK: Figures

    private func figures() throws -> [ReportContents.Figure] {
        var figures: [ReportContents.Figure] = []
        if let picture = try picture(
            RunFile.reconstructions,
            title: blueprint.model is any Restores ? "Restored images" : "Reconstructions",
            caption: !(blueprint.model is any Restores)
                ? "Test samples, each above its reconstruction by the model."
                : "From top to bottom: degraded test images, the images that the model restores "
                    + "from them, and the originals.")
        {
            figures.append(picture)
        }
        if let picture = try picture(
            RunFile.filters, title: "Filters",
            caption: "The weights of units of the first layer, grey where they are zero.")
        {
            figures.append(picture)
        }
        let origin =
            (blueprint.model as? any Generates)?.sampleOrigin
            ?? "The model has no prior over codes: these are decoded draws from the normal "
            + "distribution fitted to the codes of the training samples."
        if let picture = try picture(RunFile.samples, title: "Samples", caption: origin) {
            figures.append(picture)
        }
        figures.append(
            .init(
                title: "Loss",
                caption: "Means over each epoch during training (solid) and over the test "
                    + "samples after it (dashed).",
                content: .chart(Self.lossChart(history))))
        figures += try maps
        figures += try ProbeMethod.allCases.compactMap(probe)
        if FileManager.default.fileExists(atPath: run.file(RunFile.rates)) {
            let rates = try ActivationRates(contentsOf: run.file(RunFile.rates))
            figures.append(
                .init(
                    title: "Activation rates", caption: rates.caption,
                    content: .chart(rates.chart)))
        }
        return figures
    }

    private var maps: [ReportContents.Figure] {
        get throws {
            // First those of the test samples, which always exist.
            let parts: [(part: DatasetPart, suffix: String)] = [
                (.test, ""), (.training, " of the training samples"),
            ]
            let codes = try parts.map { part, suffix in
                try map(
                    RunFile.latent.of(part), part, title: "Latent space" + suffix,
                    caption: "The mean codes of the \(part) samples")
            }
            let samples = try map(
                RunFile.principal, .test, title: "Principal components",
                caption: "The test samples along two principal components, for comparison")
            let neighbours = try parts.map { part, suffix in
                try map(
                    RunFile.neighbours.of(part), part, title: "t-SNE map" + suffix,
                    caption: "The mean codes of the \(part) samples by t-SNE, which preserves "
                        + "neighbourhoods; distances between clusters have little meaning")
            }
            return (codes + [samples] + neighbours).compactMap { $0 }
        }
    }

    private func map(
        _ figure: RunFile.Figure, _ part: DatasetPart, title: String, caption: String
    ) throws -> ReportContents.Figure? {
        let path = run.file(figure.table)
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let map = try LatentMap(contentsOf: path)
        let all = part == .test ? summary?.testSamples : summary?.trainingSamples
        let isPart = all.map { map.points.count < $0 } ?? false
        let share = isPart ? ", \(Format.count(map.points.count)) of them" : ""
        let colours = map.labels.isEmpty ? "" : ", coloured by label"
        return ReportContents.Figure(
            title: title, caption: caption + share + colours + ".",
            content: .chart(map.chart))
    }

    private func probe(_ method: ProbeMethod) throws -> ReportContents.Figure? {
        let path = run.file(method.file)
        let expected = "the result of a probe"
        guard let result = try JSON.readIfThere(ProbeResult.self, from: path, expected: expected)
        else { return nil }
        guard result.confusion.allSatisfy({ $0.count == result.confusion.count }) else {
            throw FileError(path: path, expected: expected, found: "a matrix that is not square")
        }
        return ReportContents.Figure(
            title: "Confusion matrix", caption: result.sentence, content: .chart(result.chart))
    }

    private func picture(
        _ name: String, title: String, caption: String
    ) throws -> ReportContents.Figure? {
        let path = run.file(name)
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let image = try PNG.read(path)
        let file = try InputFile(at: path)
        return ReportContents.Figure(
            title: title, caption: caption,
            content: .picture(
                png: try file.bytes(0..<file.size), width: image.width, height: image.height,
                description: caption))
    }

    // MARK: Tables

    private var metrics: [ReportContents.Metric] {
        let names = Metrics.ordered(Array(kept.training.keys) + kept.heldOut.keys)
        return names.map { name in
            ReportContents.Metric(
                name: Metrics.title(name), training: kept.training[name],
                heldOut: kept.heldOut[name])
        }
    }

    private var table: ReportContents.History {
        let training = Metrics.terms(last.training).map(\.name)
        let heldOut = Metrics.terms(last.heldOut).map(\.name)
        return ReportContents.History(
            columns: training.map(Metrics.title) + heldOut.map { "\(Metrics.title($0)), test" },
            rows: history.map { record in
                .init(
                    epoch: record.epoch,
                    values: training.map { record.training[$0] }
                        + heldOut.map { record.heldOut[$0] })
            })
    }

    /// The kinds of a table's columns; nil if the data are not a table.
    private func columns() throws -> Table? {
        guard run.isAboutTable else { return nil }
        let encoding = try TableEncoding(contentsOf: run.file(RunFile.encoding))
        return Table(
            caption: "Columns",
            columns: [.text("Column"), .text("Kind"), .number("Values"), .number("Elements")],
            rows: encoding.columns.map { column in
                [
                    column.name, column.kind.rawValue,
                    column.values > 0 ? Format.count(column.values) : "–",
                    Format.count(column.elements),
                ]
            })
    }

    private var configuration: [ReportContents.Entry] {
        let configuration = run.configuration
        var entries = [
            ReportContents.Entry(name: "recipe", value: configuration.recipe),
            .init(name: "data", value: configuration.data.name),
            .init(
                name: "sample",
                value: configuration.samples.sampleShape.map(String.init).joined(separator: " × ")),
        ]
        if let summary {
            let counts = [summary.trainingSamples, summary.testSamples].map(Format.count)
            entries.append(
                .init(name: "samples", value: "\(counts[0]) training, \(counts[1]) test"))
        }
        entries += (configuration.dataNotes ?? []).map { .init(name: "note", value: $0) }
        return entries
            + blueprint.recipe.options.map {
                .init(name: $0.name.replacing("-", with: " "), value: $0.text)
            }
    }

    private var environment: [ReportContents.Entry] {
        guard let summary else { return [] }
        return [
            .init(name: "Tapestry", value: summary.version),
            .init(name: "instruction set", value: summary.kernels),
            .init(name: "threads", value: "\(summary.threads)"),
            .init(name: "system", value: summary.system),
        ]
    }

    private static func summary(of run: TrainingRun) throws -> RunSummary? {
        try JSON.readIfThere(
            RunSummary.self, from: run.file(RunFile.summary), expected: "the summary of a run")
    }
}

/// The command that reproduces a run.
///
/// - Parameter swept: options with several values, for the command that reproduces a sweep.
func commandLine(
    of configuration: TrainingRun.Configuration, _ recipe: any Recipe,
    sweeping swept: [(option: String, text: String)] = []
) -> String {
    var words = ["tapestry", "train", configuration.recipe]
    let data = configuration.data
    if data.name != type(of: recipe).data ?? DataSelection.standard {
        words += ["--data", data.name]
    }
    if let directory = data.directory { words += ["--data-directory", directory] }
    for (option, value) in data.asOptions { words += ["--\(option.name)", value] }
    if let start = configuration.start {
        words += ["--parameters", start.path] + (start.isPartial ? ["--partial"] : [])
    }
    for (option, standard) in zip(recipe.options, type(of: recipe).init().options)
    where option.text != standard.text && !swept.contains(where: { $0.option == option.name }) {
        words += ["--\(option.name)", option.text]
    }
    for (option, text) in swept { words += ["--\(option)", text] }
    return words.map(shellWord).joined(separator: " ")
}

/// A word quoted for the shell if necessary.
func shellWord(_ word: String) -> String {
    let isPlain = word.allSatisfy {
        $0.isASCII && ($0.isLetter || $0.isNumber || "-_./:=,+".contains($0))
    }
    return isPlain && !word.isEmpty ? word : "'\(word.replacing("'", with: "'\\''"))'"
}
