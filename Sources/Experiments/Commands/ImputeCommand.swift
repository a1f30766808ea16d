import Autograd
import Datasets
import FileSupport
import Foundation
import Models

enum ImputeCommand: Command {
    static let name = "impute"
    static let summary = "Fills the missing cells of a table"
    static let operands = ["RUN", "[FILE]"]
    static let output = CommandOption(
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

    /// What is to be filled, with its name: the run's own rows, or others that need nothing of
    /// these.
    private static func table(
        _ arguments: Arguments, of run: TrainingRun
    ) throws -> (source: String, table: CSV.Table) {
        if let file = arguments.operands.dropFirst().first {
            return (file, try TableDataset.table(file))
        }
        let choice = try DataSelection(arguments, otherwise: run.configuration.data)
        guard let table = try RunData(choice, of: run).table else {
            throw FileError(path: choice.name, expected: "a table", found: "other samples")
        }
        return (choice.name, table)
    }

    /// That of the table as it was read, but where the name of the result says another.
    private static func dialect(of path: String, like table: CSV.Table) -> CSV.Dialect {
        if path.hasSuffix(".tsv") { return .tabulators }
        return table.dialect == .tabulators ? .commas : table.dialect
    }

    static func run(_ arguments: Arguments) throws {
        let given = arguments.string(output)
        if let given, !given.hasSuffix(".csv"), !given.hasSuffix(".tsv") {
            throw UsageError("--output \(given): expected a name that ends in .csv or .tsv")
        }
        try arguments.applyThreads()
        let run = try TrainingRun.open(at: arguments.operand(0, "RUN"))
        guard run.isAboutTable else {
            throw FileError(
                path: run.path, expected: "a run about a table (train the recipe table)",
                found: "one of the recipe \(run.configuration.recipe) about other samples")
        }
        guard let model = try run.model() as? any Completes else {
            throw FileError(
                path: run.path, expected: "a model that fills in what is missing",
                found: "one of the recipe \(run.configuration.recipe), which does not")
        }
        let encoding = try TableEncoding(contentsOf: run.file(RunFile.encoding))
        let (source, table) = try table(arguments, of: run)
        let rows = try encoding.encode(table, path: source)
        let path = given ?? run.file(RunFile.imputed)
        let marksPath = "\(path.dropLast(4))-filled\(path.suffix(4))"
        let pagePath = RunFile.page(beside: path)
        var inputs = ProtectedFiles([source])
        inputs.add(run)
        try inputs.refuse(writing: path, marksPath, pagePath)

        let work = LongWork(quiet: arguments.has(.quiet))
        defer { work.end() }
        work.begin("filling")
        let completed = try model.completions(
            of: Examples(rows.samples), monitor: work.monitor)
        let filled = try encoding.fill(table, from: completed, path: source)
        let isOwn = arguments.operands.count < 2 && source == run.configuration.data.name
        let isHidden = isOwn && run.configuration.data.hidden != nil
        let hidden =
            try isHidden
            ? HiddenCellsReport(
                truth: TableDataset.table(source), filled: filled.table,
                isFilled: filled.isFilled, encoding) : nil

        let marks = CSV.Table(
            header: table.header, rows: filled.isFilled.map { $0.map { $0 ? "1" : "0" } })
        let report = ImputationReport(
            run: run,
            columns: ImputedColumn.all(
                of: table, filled: filled.table, isFilled: filled.isFilled, encoding),
            filledCells: filled.isFilled.reduce(0) { $0 + $1.count { $0 } },
            filledRows: filled.isFilled.count { $0.contains(true) }, rows: table.rows.count,
            hidden: hidden,
            notes: rows.unseen.map { RunData.note(unseen: $0.cells, in: $0.column) },
            source: source, table: path, marks: marksPath)
        let html = report.page.html()
        try work.conclude()
        let dialect = dialect(of: path, like: table)
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
