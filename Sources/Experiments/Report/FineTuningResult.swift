import Autograd
import Datasets
import FileSupport
import Foundation

/// The errors of classifiers that start from a trained encoder and from scratch, by the number of
/// labels: the output of `--json`, and the folder with table, chart and report.
struct FineTuningResult: Codable {
    struct Errors: Codable {
        var labels: Int
        var seed: UInt64
        /// The test error, from 0 to 1, of the network that starts from the trained encoder.
        var trained: Double
        /// The test error of the network trained from scratch.
        var scratch: Double
    }

    var run: String
    var recipe: String
    var data: String
    var testSamples: Int
    var plan: FineTuning.Plan
    var errors: [Errors]
    /// The command that reproduces the result.
    var command: String

    /// The errors for each number of labels.
    private var lines: [(labels: Int, trained: Spread, scratch: Spread)] {
        Set(errors.map(\.labels)).sorted().map { labels in
            let found = errors.filter { $0.labels == labels }
            return (labels, Spread(found.map(\.trained)), Spread(found.map(\.scratch)))
        }
    }

    /// The text output.
    var text: String {
        columns(
            [
                (
                    "labels",
                    "trained encoder, from scratch: error on "
                        + Format.count(testSamples, "test sample")
                )
            ]
                + lines.map { line in
                    (Format.count(line.labels), "\(line.trained.text), \(line.scratch.text)")
                })
    }

    var chart: LineChart {
        func series(_ name: String, _ color: Int, _ value: (Errors) -> Double) -> [LineChart.Series]
        {
            let means = lines.map { line in
                Point(
                    x: Double(line.labels),
                    y: 100
                        * Spread(errors.filter { $0.labels == line.labels }.map(value)).mean)
            }
            return [LineChart.Series(name: name, points: means, color: color)]
        }
        return LineChart(
            horizontalLabel: "labels", verticalLabel: "test error in percent",
            series: series("trained encoder", 0, \.trained) + series("from scratch", 1, \.scratch),
            horizontalScale: .logarithmic)
    }

    /// The names of all files that are written.
    static let files = ["errors.csv", "errors.svg", "errors.png", RunFile.summary, RunFile.report]

    /// Writes table, chart and report to a folder, which is created if necessary.
    func write(to folder: String) throws {
        try makeFolder(at: folder)
        let table = CSV.Table(
            header: ["labels", "seed", "trained", "scratch"],
            rows: errors.map { ["\($0.labels)", "\($0.seed)", "\($0.trained)", "\($0.scratch)"] })
        try CSV.write(table, to: "\(folder)/errors.csv")
        try AtomicFile.write(chart.svg(width: 800, height: 480), to: "\(folder)/errors.svg")
        try AtomicFile.write(
            chart.picture(width: 800, height: 480).png, to: "\(folder)/errors.png")
        try JSON.write(self, to: "\(folder)/\(RunFile.summary)")
        try AtomicFile.write(contents.html(), to: "\(folder)/\(RunFile.report)")
    }

    private var contents: ReportContents {
        let last = lines[lines.count - 1]
        let dataName = data.contains("/") ? URL(fileURLWithPath: data).lastPathComponent : data
        let choices = plan.seeds == 1 ? "one choice" : "\(plan.seeds) choices"
        var contents = ReportContents(
            title: "\(recipe) on \(dataName), fine-tuned", recipe: recipe,
            introduction:
                "The encoder of \(run) with a classification layer, fine-tuned on labelled "
                + "samples, compared with the same network trained from scratch: means over "
                + "\(choices) of samples\(plan.seeds == 1 ? "" : ", and standard deviations").",
            command: command)
        contents.headlines = [("Trained encoder", last.trained), ("From scratch", last.scratch)]
            .map { name, spread in
                .init(
                    name: name, value: Format.percentage(spread.mean),
                    note: "test error with \(Format.count(last.labels, "label"))")
            }
        if lines.count > 1 {
            contents.figures = [
                .init(
                    title: "Error by number of labels",
                    caption: "The classification error on "
                        + "\(Format.count(testSamples, "test sample")).",
                    content: .chart(chart), width: .full)
            ]
        }
        contents.table = Table(
            caption: "Test errors",
            columns: [.number("Labels"), .number("Trained encoder"), .number("From scratch")],
            rows: lines.map {
                [Format.count($0.labels), $0.trained.text, $0.scratch.text]
            })
        contents.configuration = [
            .init(name: "run", value: run), .init(name: "data", value: data),
            .init(
                name: "labels",
                value: plan.labels.map { "\($0)" }.joined(separator: ", ")),
            .init(name: "test samples", value: "\(testSamples)"),
            .init(
                name: "seeds",
                value: plan.seeds == 1
                    ? "\(plan.seed)" : "\(plan.seed) to \(plan.seed + UInt64(plan.seeds - 1))"),
            .init(name: "steps", value: "\(plan.steps), rounded up to whole epochs"),
            .init(name: "batch size", value: "\(plan.batchSize)"),
            .init(name: "learning rate", value: "\(plan.learningRate), decaying to zero"),
        ]
        return contents
    }
}

extension Spread {
    /// In percent.
    fileprivate var text: String {
        Format.percentage(mean) + (deviation.map { " ± " + Format.percentage($0) } ?? "")
    }
}
