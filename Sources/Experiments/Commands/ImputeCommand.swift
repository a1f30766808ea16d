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
        "output", "PATH", "the output table, .csv or .tsv (default: RUN/imputed.csv)")
    static let options = [output] + TrainedRun.options + [.json]
    static let details = """
        FILE is a table with the columns that the run was trained on; without it the run's own table
        is filled. Known cells are copied unchanged. Next to the filled table it writes a table with
        the same columns, whose name ends in -filled, with 1 for each cell that was missing, and a
        .html page that compares the known and the filled cells of each column.
        If the run was trained with --hide, the true values of the hidden cells are known. Then the
        mean squared error of numbers (divided by their column's variance) and the accuracy of
        categories are reported, in the page for each column.
        """

    /// The output of `--json`.
    private struct Answer: Encodable {
        let table: String
        let marks: String
        let page: String
        let filled: Int
        let hidden: HiddenCellsReport?
    }

    /// The table to fill, with its name: the operand FILE, or else the run's own table.
    private static func table(
        _ arguments: Arguments, _ encoding: TableEncoding, of run: TrainingRun
    ) throws -> (source: String, table: CSV.Table) {
        if let file = arguments.operands.dropFirst().first {
            return (file, try TableDataset.table(file))
        }
        let choice = try DataSelection(arguments, otherwise: run.configuration.data)
        return (choice.name, try RunData.table(choice, encoding, of: run))
    }

    /// The dialect of the table that was read, unless the ending of the result requires another.
    private static func dialect(of path: String, like table: CSV.Table) -> CSV.Dialect {
        if path.hasEnding(".tsv") { return .tabulators }
        return table.dialect == .tabulators ? .commas : table.dialect
    }

    static func run(_ arguments: Arguments) throws {
        let given = try arguments.outputPath(output, endingIn: [".csv", ".tsv"])
        try arguments.applyThreads()
        let run = try TrainingRun.named(arguments.operand(0, "RUN"))
        guard run.isAboutTable else {
            throw FileError(
                path: run.path, expected: "a run on a table (train the recipe table)",
                found: "a run of the recipe \(run.configuration.recipe) on other data")
        }
        guard let model = try run.model() as? any Completes else {
            throw FileError(
                path: run.path, expected: "a model that fills missing cells",
                found: "a model of the recipe \(run.configuration.recipe), which does not")
        }
        let encoding = try TableEncoding(contentsOf: run.file(RunFile.encoding))
        let (source, table) = try table(arguments, encoding, of: run)
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

        var marks = CSV.Table(header: table.header, rows: [])
        for row in filled.isFilled { marks.append(row.map { $0 ? "1" : "0" }) }
        let report = ImputationReport(
            run: run,
            columns: ImputedColumn.all(
                of: table, filled: filled.table, isFilled: filled.isFilled, encoding),
            filledCells: filled.isFilled.reduce(0) { $0 + $1.count { $0 } },
            filledRows: filled.isFilled.count { $0.contains(true) }, rows: table.rowCount,
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
                    + "\(Format.count(report.filledCells, "cell")) filled\n\(columns(measures))"
                    + "\(path)\n\(marksPath)\n\(pagePath)\n")
        }
    }
}
