import Datasets
import FileSupport
import Foundation
import Models

/// The figures: curves, and what lies in the folder.
extension RunReport {
    /// The curves of the loss and its terms.
    static func lossChart(_ history: [EpochRecord]) -> LineChart {
        chart(history, labelled: "mean per sample") { !$0.hasSuffix(gradientNorm) }
    }

    /// How the names end of what adversaries report of their gradients.
    private static let gradientNorm = "GradientNorm"

    /// The curves of the norms of gradients, which are on no scale with losses; nil if there are none.
    private static func gradientChart(_ history: [EpochRecord]) -> LineChart? {
        guard history.last?.training.keys.contains(where: { $0.hasSuffix(gradientNorm) }) == true
        else { return nil }
        return chart(history, labelled: "norm") { $0.hasSuffix(gradientNorm) }
    }

    private static func chart(
        _ history: [EpochRecord], labelled label: String, of isShown: (String) -> Bool
    ) -> LineChart {
        let names = Metrics.terms(history.last?.training ?? [:]).map(\.name).filter(isShown)
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
            ].filter { !$0.points.isEmpty }
        }
        return LineChart(verticalLabel: label, series: series)
    }

    func figures() throws -> [ReportContents.Figure] {
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
            RunFile.symbols, title: "Symbols",
            caption:
                "Test samples, each above the grid of its symbols, in colours that are similar "
                + "where codes are, and above what the grid is decoded to.")
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
        let layout =
            !(blueprint.model is any Conditional)
            ? "" : " A \(condition) for each row, and the same draw down each column."
        if let picture = try picture(RunFile.samples, title: "Samples", caption: origin + layout) {
            figures.append(picture)
        }
        if let picture = try picture(
            RunFile.transfer, title: "Transfer",
            caption: "Test samples, and to the right of each its code decoded under each "
                + "\(condition).")
        {
            figures.append(picture)
        }
        if blueprint.model is any DecodesGiven,
            let picture = try picture(
                RunFile.manifold, title: "Planes of codes",
                caption:
                    "What the whole plane of codes decodes to under each \(condition), in their "
                    + "order.")
        {
            figures.append(picture)
        }
        let traversals = run.file(RunFile.table(insteadOf: RunFile.traversals))
        if FileManager.default.fileExists(atPath: traversals),
            let picture = try picture(
                RunFile.traversals, title: "Traversals",
                caption: Traversals(contentsOf: traversals).caption)
        {
            figures.append(picture)
        }
        figures.append(
            .init(
                title: "Loss",
                caption: "Means over each epoch during training (solid) and over the test "
                    + "samples after it (dashed).",
                content: .chart(Self.lossChart(history))))
        if let chart = Self.gradientChart(history) {
            figures.append(
                .init(
                    title: "Gradients",
                    caption: "The norms of the gradients that each of the adversaries learned by, "
                        + "means over each epoch.",
                    content: .chart(chart)))
        }
        figures += try maps
        if let picture = try picture(
            RunFile.film,
            title: blueprint.model is any Encodes
                ? "Codes as training goes on" : "Samples as training goes on",
            caption: blueprint.model is any Encodes
                ? "The codes of test samples before the first epoch and after some of the others, in "
                    + "the plane of the last ones."
                : "What the model makes of always the same draws, before the first epoch and after "
                    + "some of the others.")
        {
            figures.append(picture)
        }
        figures += try ProbeMethod.allCases.compactMap(probe)
        if FileManager.default.fileExists(atPath: run.file(RunFile.rates)) {
            let rates = try ActivationRates(contentsOf: run.file(RunFile.rates))
            figures.append(
                .init(
                    title: "Activation rates", caption: rates.caption,
                    content: .chart(rates.chart)))
        }
        if FileManager.default.fileExists(atPath: run.file(RunFile.units)) {
            let units = try UnitDivergences(contentsOf: run.file(RunFile.units))
            figures.append(
                .init(
                    title: "Divergence by unit", caption: units.caption,
                    content: .chart(units.chart)))
        }
        if FileManager.default.fileExists(atPath: run.file(RunFile.codeUse)) {
            let use = try CodeFrequencies(contentsOf: run.file(RunFile.codeUse))
            figures.append(
                .init(title: "Use of codes", caption: use.caption, content: .chart(use.chart)))
        }
        return figures
    }

    /// What a conditional model is told.
    private var condition: String {
        run.configuration.samples.number == nil ? "class" : "number"
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
}
