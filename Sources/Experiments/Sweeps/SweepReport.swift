import Autograd
import FileSupport
import Foundation
import Models

/// The files on a sweep: a table with the metrics of each run, and a page with their means.
struct SweepReport {
    private let result: SweepResult
    private let sweep: Sweep

    init(_ result: SweepResult, of sweep: Sweep) {
        (self.result, self.sweep) = (result, sweep)
    }

    func write() throws {
        try CSV.write(result.table, to: sweep.file(Sweep.table))
        try AtomicFile.write(contents().html(), to: sweep.file(Sweep.report))
    }

    func contents() throws -> ReportContents {
        let data = result.data
        let dataName = data.contains("/") ? URL(fileURLWithPath: data).lastPathComponent : data
        let compared = result.swept.filter { !$0.isSeed }.map {
            $0.name.replacing("-", with: " ")
        }
        let first = try TrainingRun.open(at: sweep.path(of: sweep.members[0]))
        return ReportContents(
            title: "\(result.recipe) on \(dataName), "
                + (compared.isEmpty
                    ? "\(result.repetitions) seeds" : "by \(compared.joined(separator: ", "))"),
            recipe: result.recipe, introduction: introduction, headlines: headlines,
            figures: try SweepChart(result, of: sweep).map {
                [
                    ReportContents.Figure(
                        title: $0.title, caption: $0.caption, content: .chart($0.chart),
                        width: .full)
                ]
            } ?? [],
            table: table, configuration: configuration(of: first),
            command: commandLine(
                of: first.configuration, sweep.recipe,
                sweeping: result.swept.map { ($0.name, sweep.text(of: $0)) }))
    }

    private var introduction: String {
        let seeds = result.repetitions
        let combinations = result.combinations.count
        let what =
            combinations == 1
            ? "The same options with \(seeds) seeds"
            : "\(Format.count(combinations)) combinations of options"
                + (seeds > 1 ? ", each with \(seeds) seeds" : "")
        return "\(what): means over \(Format.count(result.testSamples, "test sample"))"
            + (seeds > 1 ? " and over seeds, with standard deviations." : ".") + failures
    }

    /// A sentence on the runs that are left out, if there are some.
    private var failures: String {
        let failed = result.runs.filter { $0.failure != nil }
        guard !failed.isEmpty else { return "" }
        let shown = failed.prefix(8).map { "(\($0.point.title))" }.joined(separator: ", ")
        let count = failed.count == 1 ? "One run" : "\(Format.count(failed.count)) runs"
        return " \(count) diverged and \(failed.count == 1 ? "is" : "are") left out: \(shown)"
            + (failed.count > 8 ? ", …" : ".")
    }

    private var headlines: [ReportContents.Headline] {
        var headlines = [
            ReportContents.Headline(
                name: "Runs", value: Format.count(result.runs.count),
                note: result.swept.map { "\($0.values.count) × \($0.name)" }
                    .joined(separator: ", "))
        ]
        if let best = result.best, let loss = best.test["loss"] {
            headlines.append(
                .init(
                    name: "Lowest loss", value: Format.number(loss.mean), note: best.point.title))
        }
        return headlines
    }

    /// The mean and the standard deviation of each metric for each combination.
    private var table: Table {
        let options = result.swept.filter { !$0.isSeed }
        let metrics = result.metrics
        let cells = metrics.map { metric -> [String] in
            let spreads = result.combinations.map { $0.test[metric] }
            let texts = Table.cells(spreads.map { $0?.mean } + spreads.map { $0?.deviation })
            return spreads.indices.map { row in
                spreads[row]?.deviation == nil
                    ? texts[row] : "\(texts[row]) ± \(texts[spreads.count + row])"
            }
        }
        return Table(
            caption: "Metrics of test samples",
            columns: options.map {
                let title = $0.name.replacing("-", with: " ")
                return $0.numbers == nil ? .text(title) : .number(title)
            } + metrics.map { .number(Metrics.title($0)) },
            rows: result.combinations.indices.map { row in
                let combination = result.combinations[row]
                return options.map { combination.point[$0.name] ?? "" } + cells.map { $0[row] }
            })
    }

    private func configuration(of run: TrainingRun) -> [ReportContents.Entry] {
        let swept = Set(result.swept.map(\.name))
        return [
            .init(name: "recipe", value: result.recipe), .init(name: "data", value: result.data),
            .init(
                name: "sample",
                value: run.configuration.samples.sampleShape.map(String.init)
                    .joined(separator: " × ")),
        ]
            + result.swept.map {
                .init(name: $0.name.replacing("-", with: " "), value: sweep.text(of: $0))
            }
            + sweep.recipe.options.filter { !swept.contains($0.name) }.map {
                .init(name: $0.name.replacing("-", with: " "), value: $0.text)
            }
    }
}
