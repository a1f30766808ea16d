import Autograd
import Datasets
import Foundation
import Models

enum ImputeCommand: Command {
    static let name = "impute"
    static let summary = "Fills the missing cells of a table"
    static let operands = ["RUN", "[FILE]"]
    static let output = Option(
        "output", "PATH", "where to write the table, .csv or .tsv (default: RUN/imputed.csv)")
    static let options = [output] + TrainedRun.options + [.json]
    static let details = """
        FILE is a table with the columns that the run was trained on; without it the run's own is
        filled. Cells that are there are written as they are, to the letter. Beside the table goes
        one of the same columns, whose name ends in -filled, with 1 for each cell that was missing.
        Of a run trained with --hide, whose hidden cells are known, the answer tells how well they
        are met: the mean squared error of numbers in units of their column's variance, and the
        part of the categories that are right.
        """

    /// The answer of `--json`.
    private struct Answer: Encodable {
        let table: String
        let marks: String
        let filled: Int
        let hidden: HiddenCellsReport?
    }

    static func run(_ arguments: Arguments) throws {
        let given = arguments.string(output)
        if let given, !given.hasSuffix(".csv"), !given.hasSuffix(".tsv") {
            throw UsageError("--output \(given): expected a name that ends in .csv or .tsv")
        }
        let trained = try TrainedRun(arguments)
        guard let encoding = trained.data.encoding, let own = trained.data.table else {
            throw UsageError(
                "impute: the run in \(trained.run.path) is not about a table: train the recipe "
                    + "table")
        }
        let file = arguments.operands.dropFirst().first
        let source = file ?? trained.experiment.dataset.name
        let table = try file.map { path throws(FileError) in try TableDataset.table(path) } ?? own
        let rows = try encoding.encode(table, path: source)
        let path = given ?? trained.run.file(RunFile.imputed)
        let filled = try encoding.fill(
            table, from: trained.model.reconstructions(of: rows.samples), path: source)

        let dialect: CSV.Dialect = path.hasSuffix(".tsv") ? .tabulators : .commas
        let marksPath = "\(path.dropLast(4))-filled\(path.suffix(4))"
        let marks = CSV.Table(
            header: table.header, rows: filled.isFilled.map { $0.map { $0 ? "1" : "0" } })
        try CSV.write(filled.table, to: path, dialect)
        try CSV.write(marks, to: marksPath, dialect)

        let count = filled.isFilled.reduce(0) { $0 + $1.count { $0 } }
        let isHidden = file == nil && trained.run.configuration.selection?.hidden != nil
        let hidden =
            try isHidden
            ? HiddenCellsReport(
                truth: TableDataset.table(source), filled: filled.table,
                isFilled: filled.isFilled, encoding) : nil
        if arguments.has(.json) {
            try StandardStreams.write(
                json: Answer(table: path, marks: marksPath, filled: count, hidden: hidden))
        } else {
            let notes = rows.unseen.map {
                ScoredData.note(unseen: $0.cells, in: $0.column) + "\n"
            }
            try StandardStreams.write(
                notes.joined() + "\(Format.count(count)) cells filled\n" + (hidden?.lines ?? "")
                    + "\(path)\n\(marksPath)\n")
        }
    }
}

/// How well cells are met that were hidden on purpose.
struct HiddenCellsReport: Encodable {
    /// Of numbers and dates.
    var numbers = 0
    /// In units of the variance of their column, hidden or not.
    var meanSquaredError: Double?
    /// Of categories.
    var categories = 0
    var accuracy: Double?

    init(
        truth: CSV.Table, filled: CSV.Table, isFilled: [[Bool]], _ encoding: TableEncoding
    ) {
        var (squares, right) = (0.0, 0)
        for column in encoding.inputs {
            guard let place = truth.header.firstIndex(of: column.name) else { continue }
            let known = truth.rows.indices.filter {
                !encoding.isMissing(truth.rows[$0][place])
            }
            let hidden = known.filter { isFilled[$0][place] }
            guard column.values == 0 else {
                categories += hidden.count
                right += hidden.count {
                    filled.rows[$0][place].trimmed == truth.rows[$0][place].trimmed
                }
                continue
            }
            let values = known.compactMap { column.number(truth.rows[$0][place]) }
            let mean = values.reduce(0, +) / Double(max(values.count, 1))
            let variance =
                values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(values.count, 1))
            guard variance > 0 else { continue }
            for row in hidden {
                guard let guess = column.number(filled.rows[row][place]),
                    let value = column.number(truth.rows[row][place])
                else { continue }
                numbers += 1
                squares += (guess - value) * (guess - value) / variance
            }
        }
        meanSquaredError = numbers > 0 ? squares / Double(numbers) : nil
        accuracy = categories > 0 ? Double(right) / Double(categories) : nil
    }

    var lines: String {
        var lines: [(String, String)] = []
        if let meanSquaredError {
            lines.append(
                (
                    "Hidden numbers, mean squared error of \(Format.count(numbers))",
                    String(format: "%.4f", meanSquaredError)
                ))
        }
        if let accuracy {
            lines.append(
                (
                    "Hidden categories, right of \(Format.count(categories))",
                    String(format: "%.4f", accuracy)
                ))
        }
        return columns(lines)
    }
}

extension AutoencoderModel {
    /// What the model makes of samples, some at a time.
    func reconstructions(of samples: Tensor, batchSize: Int = 500) -> Tensor {
        concatenated(
            stride(from: 0, to: samples.shape[0], by: batchSize).map { start in
                reconstruct(
                    samples[start..<min(start + batchSize, samples.shape[0])].cast(to: tensorType))
            })
    }
}
