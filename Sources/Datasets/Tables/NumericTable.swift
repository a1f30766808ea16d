import Autograd
import FileSupport

/// A table whose columns are all numeric, except for one of labels or conditions.
struct NumericTable {
    /// `float64`, [rows, columns].
    let values: Tensor
    /// The texts of the label column, nil if missing; nil as a whole if no label column is
    /// requested, or if an optional one does not exist.
    let labels: [String?]?
    /// The numbers of a column of conditions, `float64`, [rows]; nil if there is none, or if they are
    /// labels.
    let condition: Tensor?
    /// The names of the numeric columns; empty if columns have no names.
    let columnNames: [String]
    let notes: [String]

    /// Reads a table, see ``CSV/Table/init(contentsOf:dialect:)``.
    ///
    /// - Throws: if a cell is not a finite number that `float32` can hold, naming its line and
    ///   column.
    init(contentsOf path: String, labels source: LabelSource?) throws(FileError) {
        try self.init(decoding: CSV.text(of: path), labels: source, path: path)
    }

    init(
        decoding bytes: consuming [UInt8], labels source: LabelSource?, path: String
    ) throws(FileError) {
        let table = try CSV.Table(
            decoding: bytes, dialect: nil, labels: Self.number(of: source), path: path)
        try self.init(table, labels: source, path: path)
    }

    private init(
        _ table: CSV.Table, labels source: LabelSource?, path: String
    ) throws(FileError) {
        let hasNames = table.reading?.hasHeader == true
        let column = try Self.column(
            of: source, in: table.header, hasNames: hasNames, path: path)
        var notes = table.notes
        let styles = table.numberStyles { $0.isEmpty }
        var columns: [Int] = []
        for (index, name) in table.header.enumerated() where index != column {
            if name.isEmpty, table.isIndex(index) {
                notes.append(CSV.Table.indexNote)
            } else {
                columns.append(index)
                if let cell = styles[index].ambiguous {
                    notes.append(Self.note(on: cell, styles[index].style, in: name))
                }
            }
        }
        guard !columns.isEmpty else {
            throw FileError(
                path: path, expected: "columns to learn from",
                found: "only the column of \(source?.contents ?? "")")
        }
        values = try table.numbers(of: columns) { column, field in
            let cell = field.extracting(field.trimmed(0..<field.count))
            return styles[column].style.number(cell).flatMap { Self.isInRange($0) ? $0 : nil }
        } orThrow: { row, column in
            Self.error(
                table[row, column], styles[column].style, in: table, row: row, column: column,
                path: path)
        }
        if case .condition(_, let isNumber) = source, let column {
            let told = try ConditionColumn(
                column, of: table, areNumbers: isNumber, styles[column].style, path: path)
            (labels, condition) = (told.labels, told.numbers)
        } else {
            labels = column.map { table.texts(of: $0, isMissing: LabelSource.isMissing) }
            condition = nil
        }
        columnNames = hasNames ? columns.map { table.header[$0] } : []
        self.notes = notes
    }

    /// Whether a number fits `float32`, in which models compute.
    static func isInRange(_ number: Double) -> Bool {
        abs(number) <= Double(Float.greatestFiniteMagnitude)
    }

    static func error(
        _ field: String, _ style: NumberStyle, in table: CSV.Table, row: Int, column: Int,
        path: String
    ) -> FileError {
        let name = table.reading?.hasHeader == true ? " (\(table.header[column]))" : ""
        let isTooLarge = style.number(field.trimmed) != nil
        return FileError(
            path: path,
            expected: (isTooLarge ? "a number within ±3.4e38" : "a finite number")
                + " in \(table.place(ofRow: row)), column \(column + 1)\(name)",
            found: field.quoted)
    }

    /// The note that the meaning of a cell is ambiguous.
    static func note(on cell: String, _ style: NumberStyle, in column: String) -> String {
        let number = style.number(cell).map { NumberStyle.plain.text($0, decimals: nil) } ?? ""
        return "\(column.quoted): \(cell.quoted) is taken as \(number), though its mark may be a "
            + "decimal mark or a thousands separator"
    }

    /// The number of the column of labels or conditions, if it is given by number.
    private static func number(of source: LabelSource?) -> Int? {
        guard let name = source?.column, let number = Int(name), number > 0 else { return nil }
        return number - 1
    }

    /// The column of labels or conditions; nil if none is requested, or if an optional one does not exist.
    private static func column(
        of source: LabelSource?, in header: [String], hasNames: Bool, path: String
    ) throws(FileError) -> Int? {
        guard let source, let name = source.column else { return nil }
        guard let place = header.firstIndex(of: name) else {
            if !source.isRequired { return nil }
            if hasNames {
                throw FileError(noColumn: name, of: source.contents, among: header, path: path)
            }
            throw FileError(
                path: path,
                expected:
                    "the number of a column of \(source.contents), from 1 to \(header.count), as columns "
                    + "have no names",
                found: name.quoted)
        }
        guard header.count > 1 else {
            throw FileError(
                path: path, expected: "columns to learn from",
                found: "only the column of \(source.contents)")
        }
        return place
    }
}

extension CSV.Table {
    static let indexNote = "the first column has no name and numbers the rows: it is left out"

    /// Whether a column is the first and only numbers the rows, as programs write an index column
    /// without a name.
    func isIndex(_ column: Int) -> Bool {
        guard column == 0 else { return false }
        var texts = DistinctTexts()
        return forEveryField(of: column) { texts.insert($0).isNew }
    }
}
