import Autograd
import Datasets
import FileSupport
import Foundation
import Models

/// The report of a run, made only from the files in its folder.
struct RunReport {
    let run: TrainingRun
    let blueprint: Blueprint
    let history: [EpochRecord]
    private let last: EpochRecord
    /// The record of the epoch whose model was kept.
    private let kept: EpochRecord
    /// The layers of layerwise pretraining.
    private let trainedLayers: [TrainedLayer]
    /// Nil if the run is not finished.
    let summary: RunSummary?

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
        let explorer = try ExplorerFile.read(of: run)
        return ReportContents(
            title: "\(recipeName) on \(dataName)", recipe: recipeName,
            introduction: introduction, headlines: headlines,
            explorer: try explorer?.explorer.map { try ExplorerSection($0) },
            explorerNote: explorer?.note, figures: try figures(),
            metrics: metrics, history: table, table: try columns(),
            layers: layers(of: blueprint.model),
            configuration: configuration, environment: environment,
            command: commandLine(of: run.configuration, blueprint.recipe))
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
        let isTold = encoder is any Conditional
        let shape = encoder.encode(
            Batch(
                sample, labels: isTold ? Tensor.zeros([1], dataType: .int32) : nil,
                condition: isTold ? Tensor.zeros([1]) : nil)
        ).shape.dropFirst()
        return "codes of \(shape.map(String.init).joined(separator: " × ")) numbers"
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
