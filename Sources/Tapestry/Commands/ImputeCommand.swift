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
        filled. Cells that are there are written as they are, to the letter. Beside the table go
        one of the same columns, whose name ends in -filled, with 1 for each cell that was missing,
        and a page, .html, with known and filled cells side by side for each column.
        Of a run trained with --hide, whose hidden cells are known, the answer tells how well they
        are met: the mean squared error of numbers in units of their column's variance, and the
        part of the categories that are right; the page tells it of each column.
        """

    /// The answer of `--json`.
    private struct Answer: Encodable {
        let table: String
        let marks: String
        let page: String
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
            throw FileError(
                path: trained.run.path, expected: "a run about a table (train the recipe table)",
                found: "one of the recipe \(trained.experiment.recipe.name) about other samples")
        }
        let file = arguments.operands.dropFirst().first
        let source = file ?? trained.experiment.dataset.name
        let table = try file.map { path throws(FileError) in try TableDataset.table(path) } ?? own
        let rows = try encoding.encode(table, path: source)
        let path = given ?? trained.run.file(RunFile.imputed)
        let marksPath = "\(path.dropLast(4))-filled\(path.suffix(4))"
        let pagePath = RunFile.page(beside: path)
        var inputs = trained.inputs
        inputs.add(source)
        try inputs.refuse(writing: path, marksPath, pagePath)

        let work = LongWork(quiet: arguments.has(.quiet))
        defer { work.end() }
        work.begin("filling")
        let reconstructions = try trained.model.reconstructions(of: rows.samples) {
            try work.tell($0)
        }
        let filled = try encoding.fill(table, from: reconstructions, path: source)
        let isHidden = file == nil && trained.run.configuration.selection?.hidden != nil
        let hidden =
            try isHidden
            ? HiddenCellsReport(
                truth: TableDataset.table(source), filled: filled.table,
                isFilled: filled.isFilled, encoding) : nil

        let marks = CSV.Table(
            header: table.header, rows: filled.isFilled.map { $0.map { $0 ? "1" : "0" } })
        let report = ImputationReport(
            run: trained.run,
            columns: ImputedColumn.all(
                of: table, filled: filled.table, isFilled: filled.isFilled, encoding),
            filledCells: filled.isFilled.reduce(0) { $0 + $1.count { $0 } },
            filledRows: filled.isFilled.count { $0.contains(true) }, rows: table.rows.count,
            hidden: hidden,
            notes: rows.unseen.map { ScoredData.note(unseen: $0.cells, in: $0.column) },
            source: source, table: path, marks: marksPath)
        let html = report.page.html()
        try work.conclude()
        let dialect: CSV.Dialect = path.hasSuffix(".tsv") ? .tabulators : .commas
        try CSV.write(filled.table, to: path, dialect)
        try CSV.write(marks, to: marksPath, dialect)
        try AtomicFile.write(html, to: pagePath)

        if arguments.has(.json) {
            try StandardStreams.write(
                json: Answer(
                    table: path, marks: marksPath, page: pagePath,
                    filled: report.filledCells, hidden: hidden))
        } else {
            let measures = (hidden?.measures ?? []).map { ("\($0.name) \($0.note)", $0.value) }
            try StandardStreams.write(
                report.notes.map { "\($0)\n" }.joined()
                    + "\(Format.count(report.filledCells)) cells filled\n\(columns(measures))"
                    + "\(path)\n\(marksPath)\n\(pagePath)\n")
        }
    }
}
