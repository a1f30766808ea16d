import Autograd
import FileSupport

/// The column of a table that a conditional model is told: labels, or numbers.
struct ConditionColumn {
    /// As written in the file; nil if the cells are numbers.
    let labels: [String?]?
    /// `float64`, `[rows]`; nil if the cells are labels.
    let numbers: Tensor?

    /// Reads the cells as labels, or as numbers if that is known, or if all of them are.
    ///
    /// - Throws: if one is missing, or is no number although all are known to be.
    init(
        _ column: Int, of table: CSV.Table, areNumbers: Bool?, _ style: NumberStyle, path: String
    ) throws(FileError) {
        let texts = table.texts(of: column, isMissing: LabelSource.isMissing)
        if let row = texts.firstIndex(of: nil) {
            throw FileError(
                path: path,
                expected: "a condition in \(table.place(ofRow: row)), column \(column + 1)",
                found: table[row, column].quoted)
        }
        let known = texts.map { text in
            text.flatMap { style.number($0) }.flatMap { NumericTable.isInRange($0) ? $0 : nil }
        }
        let wrong = known.firstIndex(of: nil)
        if let wrong, areNumbers == true {
            throw NumericTable.error(
                table[wrong, column], style, in: table, row: wrong, column: column, path: path)
        }
        let areLabels = areNumbers == false || wrong != nil
        labels = areLabels ? texts : nil
        numbers = areLabels ? nil : Tensor(known.compactMap { $0 })
    }

    /// The same of a column of a table with other kinds of columns.
    init(
        named name: String, of table: CSV.Table, areNumbers: Bool?, path: String
    ) throws(FileError) {
        guard let column = table.header.firstIndex(of: name) else {
            throw FileError(noColumn: name, of: "conditions", among: table.header, path: path)
        }
        let style = table.numberStyles { $0.isEmpty }[column].style
        try self.init(column, of: table, areNumbers: areNumbers, style, path: path)
    }
}
