import Autograd
import Datasets
import FileSupport
import Foundation
import Models

/// The results of scoring samples, as files.
struct ScoreReport {
    /// The output of `--json`.
    struct Summary: Encodable {
        let run: String
        let data: String
        let by: String
        let samples: Int
        let threshold: Double
        let quantile: Double
        /// The number of samples that score above the threshold.
        let flagged: Int
        var anomalies: Int?
        /// The number of unlabelled samples, which the following measures leave out.
        var unlabelled: Int?
        var areaUnderCurve: Double?
        var averagePrecision: Double?
        /// The precision over the labelled samples that are flagged.
        var precision: Double?
        var recall: Double?
    }

    let run: TrainingRun
    let data: RunData
    /// The label of each sample, nil for an unlabelled one; nil if no sample is labelled.
    let labels: [String?]?
    /// The number of each sample, from 1: in its file, if that is known, also of a part of it.
    let rowNumbers: [Int]
    /// The names of the columns that contribute.
    let columnNames: [String]
    let method: ScoreMethod
    /// What a user should know about the scores.
    let note: String?
    let scores: AnomalyScores
    let threshold: Double
    let quantile: Double
    /// Whether each sample is an anomaly; nil for an unlabelled one.
    let isAnomaly: [Bool?]?
    let ranking: Ranking?
    let command: String

    var summary: Summary {
        var summary = Summary(
            run: run.path, data: data.dataset.name, by: method.rawValue,
            samples: scores.values.count,
            threshold: threshold, quantile: quantile, flagged: flagged.count)
        guard let ranking, let isAnomaly else { return summary }
        let told = flagged.compactMap { isAnomaly[$0] }
        let found = told.count { $0 }
        summary.anomalies = ranking.positives
        summary.unlabelled = isAnomaly.count { $0 == nil }
        summary.areaUnderCurve = ranking.areaUnderCurve
        summary.averagePrecision = ranking.averagePrecision
        summary.precision = told.isEmpty ? nil : Double(found) / Double(told.count)
        summary.recall = Double(found) / Double(ranking.positives)
        return summary
    }

    private var flagged: [Int] { scores.values.indices.filter { scores.values[$0] > threshold } }

    // MARK: Files

    /// The names of all files that may be written.
    static let files = [tableName, curvesName, pageName]
    private static let tableName = "scores.csv"
    private static let curvesName = "curves.svg"
    private static let pageName = "scores.html"

    func write(to folder: String) throws {
        try makeFolder(at: folder)
        let count = scores.values.count
        let parts = stride(from: 0, to: max(count, 1), by: 10_000).lazy.map {
            table($0..<min(count, $0 + 10_000))
        }
        try CSV.write(parts: parts, to: "\(folder)/\(Self.tableName)")
        if let chart = charts.first {
            try AtomicFile.write(
                chart.svg(width: 640, height: 640), to: "\(folder)/\(Self.curvesName)")
        }
        try AtomicFile.write(page.html(), to: "\(folder)/\(Self.pageName)")
    }

    /// The scores of some samples as a table, in the order of the data.
    private func table(_ rows: Range<Int>) -> CSV.Table {
        let contributed = scores.contributions.map {
            $0[rows].cast(to: .float32).elements(as: Float.self)
        }
        let size = scores.contributions?.shape[1] ?? 0
        var table = CSV.Table(header: ["row", "score", "flagged"], rows: [])
        if labels != nil { table.header.append("label") }
        if contributed != nil { table.header += columnNames.map { "\($0) error" } }
        for row in rows {
            let score = scores.values[row]
            var fields = ["\(rowNumbers[row])", "\(score)", score > threshold ? "1" : "0"]
            if let labels { fields.append(labels[row] ?? "") }
            // Adding 0 removes the sign of a zero.
            if let contributed {
                let first = (row - rows.lowerBound) * size
                fields += contributed[first..<first + size].map { "\($0 + 0)" }
            }
            table.append(fields)
        }
        return table
    }

    /// What the cells of a row contribute; nil if none do.
    private var contributions: ((_ row: Int) -> ArraySlice<Float>)? {
        guard let errors = scores.contributions else { return nil }
        return { row in errors[row].cast(to: .float32).elements(as: Float.self)[...] }
    }

    /// A chart of both curves, if anomalies are known.
    private var charts: [LineChart] {
        guard let ranking else { return [] }
        let characteristic = LineChart.Series(
            name: "receiver operating characteristic",
            points: ranking.operatingCharacteristic.map {
                Point(x: $0.falsePositiveRate, y: $0.truePositiveRate)
            }, color: 0)
        let precision = LineChart.Series(
            name: "precision against recall",
            points: ranking.precisionAndRecall.map { Point(x: $0.recall, y: $0.precision) },
            color: 1)
        return [
            LineChart(
                horizontalLabel: "false positive rate, or recall", hasWholeNumbers: false,
                verticalLabel: "true positive rate, or precision",
                series: [characteristic, precision], scale: .linear)
        ]
    }

    // MARK: Texts

    func answer(in folder: String) -> String {
        let summary = summary
        var lines = [
            ("Samples", Format.count(summary.samples)),
            ("Threshold", Format.number(threshold)),
            ("Flagged", Format.count(summary.flagged)),
        ]
        if let ranking {
            lines += [
                ("Anomalies", Format.count(ranking.positives)),
                ("Area under the ROC curve", String(format: "%.4f", ranking.areaUnderCurve)),
                ("Average precision", String(format: "%.4f", ranking.averagePrecision)),
            ]
        }
        if let unlabelled { lines.append(("Unlabelled", Format.count(unlabelled))) }
        let notes = notes.map { "\($0)\n" }.joined()
        let labels =
            labels != nil && ranking == nil
            ? "The data have labels: use --normal LABEL to say which is normal.\n" : ""
        return columns(lines) + notes + labels
            + "The scores are in \(folder)/\(Self.tableName); open \(folder)/\(Self.pageName) in a "
            + "browser.\n"
    }

    /// Notes about the data and the scores.
    private var notes: [String] {
        let endless = scores.values.indices.filter { scores.values[$0] == .infinity }
        let notes = data.notes + [note].compactMap { $0 }
        guard let first = endless.first else { return notes }
        return notes + [
            "row \(rowNumbers[first])"
                + (endless.count > 1 ? " and \(Format.count(endless.count - 1)) more" : "")
                + ": the score is infinite, as the values of the sample are too far from the "
                + "training data"
        ]
    }

    /// The number of unlabelled samples; nil if all or none are labelled.
    private var unlabelled: Int? { summary.unlabelled.flatMap { $0 > 0 ? $0 : nil } }

    private var page: ReportContents {
        let summary = summary
        let leftOut = unlabelled.map { ", " + Format.count($0, "unlabelled sample") } ?? ""
        var headlines = [
            ReportContents.Headline(
                name: "Flagged", value: Format.count(summary.flagged),
                note: "of \(Format.count(summary.samples)), above the threshold")
        ]
        if let ranking {
            headlines += [
                .init(
                    name: "Area under the ROC curve",
                    value: String(format: "%.4f", ranking.areaUnderCurve),
                    note: Format.count(ranking.positives, "anomaly", "anomalies") + leftOut),
                .init(
                    name: "Average precision",
                    value: String(format: "%.4f", ranking.averagePrecision),
                    note: "area under the precision-recall curve"),
            ]
        }
        return ReportContents(
            title: "Anomalies in \(URL(fileURLWithPath: data.dataset.name).lastPathComponent)",
            recipe: run.configuration.recipe,
            introduction: "How much the samples differ from those that the model was trained on, "
                + "by \(method.rawValue)." + (method.explanation.map { " " + $0 } ?? ""),
            headlines: headlines,
            figures: charts.map {
                .init(
                    title: "Curves",
                    caption: "The detection of anomalies over all thresholds: the curves of an "
                        + "ideal score pass through the upper left and the upper right corner.",
                    content: .chart($0))
            },
            table: highest,
            configuration: [
                .init(name: "run", value: run.path), .init(name: "data", value: data.dataset.name),
                .init(name: "by", value: method.rawValue),
                .init(
                    name: "threshold",
                    value: "\(Format.number(threshold)), the quantile \(quantile) of the training "
                        + "scores"),
            ] + notes.map { .init(name: "note", value: $0) },
            command: command)
    }

    /// The samples with the highest scores, and the cells that contribute most.
    private var highest: Table {
        let contributed = contributions
        let order = scores.values.indices.sorted {
            (scores.values[$0], $1) > (scores.values[$1], $0)
        }.prefix(50)
        var titles: [Table.Column] = [.number("Row"), .number("Score")]
        if labels != nil { titles.append(.text("Label")) }
        if contributed != nil { titles.append(.text("Largest contributions")) }
        let texts = Table.cells(order.map { scores.values[$0] })
        let rows = zip(order, texts).map { row, text in
            var cells = ["\(rowNumbers[row])", text]
            if let labels { cells.append(labels[row] ?? "–") }
            if let cellErrors = contributed.map({ Array($0(row)) }) {
                let greatest = cellErrors.indices.sorted { cellErrors[$0] > cellErrors[$1] }
                cells.append(greatest.prefix(3).map { columnNames[$0] }.joined(separator: ", "))
            }
            return cells
        }
        return Table(caption: "Highest scores", columns: titles, rows: rows)
    }
}
