import Datasets

/// A column of a table before and after its missing cells were filled.
struct ImputedColumn {
    let column: TableEncoding.Column
    let missing: Int
    let known: ColumnValues
    /// The values of the filled cells; empty for columns that are not inputs.
    let filled: ColumnValues

    var name: String { column.name }

    /// The columns of a table that are in the encoding, in its order.
    static func all(
        of table: CSV.Table, filled: CSV.Table, isFilled: [[Bool]], _ encoding: TableEncoding
    ) -> [ImputedColumn] {
        encoding.columns.compactMap { column in
            guard let place = table.header.firstIndex(of: column.name) else { return nil }
            var (missing, known, guessed) = (0, [String](), [String]())
            for row in 0..<table.rowCount {
                let field = table[row, place]
                if encoding.isMissing(field, in: column) {
                    missing += 1
                } else {
                    known.append(field.trimmed)
                }
                if isFilled[row][place] { guessed.append(filled[row, place]) }
            }
            return ImputedColumn(
                column: column, missing: missing, known: ColumnValues(known, in: column),
                filled: ColumnValues(guessed, in: column))
        }
    }

    /// The distributions of known and filled numbers; nil if there are none to compare.
    var histogram: LineChart? {
        ColumnValues.histogram([("known cells", known), ("filled cells", filled)], of: column)
    }
}
