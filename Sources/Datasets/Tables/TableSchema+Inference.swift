import Autograd
import FileSupport

extension TableSchema {
    /// With more values, a category is an embedding.
    static let fewValues = 50

    /// Infers the columns of a table.
    ///
    /// A column of numbers, however they are written, is a number column, one of dates a date
    /// column; others are categories, and so are codes, which begin with zeros or are longer than a
    /// number can hold. A few other cells among numbers or dates are taken as missing. Ignored are
    /// columns without any value, texts no two of which are the same, and a first column without a
    /// name that numbers the rows. ``notes(on:)`` reports what was done.
    ///
    /// - Parameters:
    ///   - label: the label column.
    ///   - path: the file to name in errors.
    /// - Throws: if column names are missing or repeated, or the label column does not exist.
    public init(
        inferredFrom table: CSV.Table, label: String? = nil, path: String
    ) throws(FileError) {
        try Self.checkNames(of: table, path: path)
        self.init(columns: [])
        let missing = MissingCells(missing, takesMarks: false)
        let styles = table.numberStyles(isMissing: missing.contains)
        for (index, name) in table.header.enumerated() {
            if name.isEmpty {
                columns.append(Column(name: name, kind: .ignored))
                continue
            }
            let cells = table.rows.lazy.map { $0[index].trimmed }.filter { !missing.contains($0) }
            columns.append(
                Self.column(name, Array(cells), styles[index].style))
        }
        if let label { try setLabel(label, path: path) }
    }

    private static func column(
        _ name: String, _ present: [String], _ style: NumberStyle
    ) -> Column {
        let marks = MissingCells([], takesMarks: true)
        let cells = present.filter { !marks.contains($0) }
        let numbers = cells.map(style.number)
        if !cells.isEmpty {
            if let odd = oddCells(cells, numbers), !areCodes(cells, numbers) {
                return Column(name: name, kind: .number, missing: odd)
            }
            let dates = cells.filter { WrittenDate($0) != nil }
            if let format = DateFormat.of(dates)?.format,
                let odd = oddCells(cells, cells.map(format.days))
            {
                return Column(name: name, kind: .date, missing: odd)
            }
        }
        // Among texts, a dash may be a value like any other.
        let values = Set(present).count
        let kind: Kind =
            present.isEmpty || cells.isEmpty
            ? .ignored
            : values <= fewValues ? .category : values == present.count ? .ignored : .embedding
        return Column(name: name, kind: kind)
    }

    /// The texts that differ in kind from most cells; nil if there are too many to be slips or
    /// names for a missing value.
    private static func oddCells(_ cells: [String], _ values: [Double?]) -> [String]? {
        let odd = zip(cells, values).filter { $1 == nil }.map(\.0)
        if odd.isEmpty { return [] }
        let (share, texts) = (Double(odd.count) / Double(cells.count), Set(odd))
        let different = Set(values.compactMap { $0 }).count
        let areFew = share <= 0.05 || share <= 0.1 && different > 10
        let areNames = texts.count <= 2 && share <= 0.5 && different > 20
        return areFew || areNames ? texts.sorted() : nil
    }

    /// Whether numbers are names: some integers begin with a zero, or most are longer than a number
    /// can hold exactly.
    private static func areCodes(_ cells: [String], _ numbers: [Double?]) -> Bool {
        var long = 0
        for (cell, number) in zip(cells, numbers) {
            if beginsWithZero(cell) { return true }
            if let number, abs(number) > 0x1p53, cell.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) {
                long += 1
            }
        }
        return 2 * long > cells.count
    }

    /// Whether a cell is a code such as 007.
    static func beginsWithZero(_ cell: String) -> Bool {
        cell.utf8.count > 1 && cell.utf8.first == 0x30
            && cell.utf8.allSatisfy { 0x30...0x39 ~= $0 }
    }

    /// Throws if a column has no name, unless it is the first and numbers the rows, or if two have
    /// the same.
    static func checkNames(of table: CSV.Table, path: String) throws(FileError) {
        for (index, name) in table.header.enumerated() where name.isEmpty {
            guard table.isIndex(index) else {
                throw FileError(
                    path: path, expected: "a name for each column",
                    found: "none for column \(index + 1)")
            }
        }
        if let name = table.header.firstDuplicate {
            throw FileError(
                path: path, expected: "columns of different names",
                found: "two called \(name.quoted)")
        }
    }
}
