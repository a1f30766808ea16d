import Datasets
import Foundation
import Models

/// The page about the missing cells of a table and the values they were filled with.
struct ImputationReport {
    let run: TrainingRun
    let columns: [ImputedColumn]
    /// The numbers of filled cells and of rows with filled cells.
    let filledCells: Int
    let filledRows: Int
    let rows: Int
    let hidden: HiddenCellsReport?
    let notes: [String]
    /// The paths of the input table, the filled table and the marks.
    let source: String
    let table: String
    let marks: String

    /// The maximum number of histograms.
    private static let histograms = 6

    var page: ReportContents {
        ReportContents(
            title: "Missing cells of \(URL(fileURLWithPath: source).lastPathComponent)",
            recipe: run.configuration.recipe,
            introduction: "Each missing cell is filled with the value that the model predicts from "
                + "the other cells of its row; known cells are unchanged.",
            headlines: headlines, figures: figures, table: details,
            configuration: [
                .init(name: "run", value: run.path), .init(name: "table", value: source),
                .init(name: "filled table", value: table),
                .init(name: "marks of filled cells", value: marks),
            ] + notes.map { .init(name: "unknown", value: $0) },
            command: (["tapestry", ImputeCommand.name, run.path]
                + (source == run.configuration.data.name ? [] : [source]) + ["--output", table])
                .map(shellWord).joined(separator: " "))
    }

    private var headlines: [ReportContents.Headline] {
        let cells = rows * columns.count { $0.column.elements > 0 }
        return [
            .init(
                name: "Cells filled", value: Format.count(filledCells),
                note: "of \(Format.count(cells))"),
            .init(
                name: "Rows completed", value: Format.count(filledRows),
                note: "of \(Format.count(rows))"),
        ]
            + (hidden?.measures ?? []).map { .init(name: $0.name, value: $0.value, note: $0.note) }
    }

    private var figures: [ReportContents.Figure] {
        let order = columns.indices.sorted {
            (columns[$1].missing, $0) < (columns[$0].missing, $1)
        }
        let histograms = order.lazy.compactMap { index in
            columns[index].histogram.map { (columns[index].name, $0) }
        }.prefix(Self.histograms)
        var figures: [ReportContents.Figure] = histograms.map { name, chart in
            .init(
                title: name,
                caption: "The distributions of known and filled cells, without the extremes. "
                    + "Filled cells vary less if the other cells of their row contain little "
                    + "information about them.",
                content: .chart(chart))
        }
        if let chart = hidden?.chart {
            figures.insert(
                .init(
                    title: "Hidden numbers",
                    caption: "Cells that were hidden on purpose: the hidden and the filled values, "
                        + "as distances from the mean of the column in units of its standard "
                        + "deviation.",
                    content: .chart(chart)), at: 0)
        }
        return figures
    }

    /// A row for each column.
    private var details: Table {
        var titles: [Table.Column] = [
            .text("Column"), .text("Kind"), .number("Missing"), .number("Filled"),
        ]
        if hidden != nil { titles.append(.text("Hidden cells")) }
        titles += [.text("Known cells"), .text("Filled cells")]
        let rows = columns.map { column in
            var cells = [
                column.name, column.column.kind.rawValue, Format.count(column.missing),
                Format.count(column.filled.count),
            ]
            if let hidden {
                let found = hidden.columns.first { $0.name == column.name }
                cells.append(found.map(Self.words) ?? "–")
            }
            return cells + [column.known, column.filled].map { $0.summary(in: column.column) }
        }
        return Table(caption: "Columns", columns: titles, rows: rows)
    }

    private static func words(_ column: HiddenCellsReport.Column) -> String {
        let measure =
            column.meanSquaredError.map { String(format: "squared error %.4f", $0) }
            ?? column.accuracy.map { String(format: "accuracy %.4f", $0) } ?? ""
        return "\(measure) of \(Format.count(column.cells))"
    }
}
