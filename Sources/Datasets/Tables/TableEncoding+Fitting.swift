import Autograd
import FileSupport

extension TableEncoding {
    /// A column of a schema, to be fitted to the training rows.
    struct Fitting {
        let table: CSV.Table
        /// The training rows.
        let rows: [Int]
        /// The index of the column in the table.
        let place: Int
        let column: TableSchema.Column
        let missing: MissingCells
        /// How its numbers are written.
        let style: NumberStyle
        let path: String

        func content() throws(FileError) -> Content {
            switch column.kind {
            case .ignored: return .ignored
            case .label: return .label
            case .number, .rank:
                let cells = try cells(of: rows)
                let numbers = try values(of: rows, expected: "a number") { style.number($0) }
                return .number(
                    column.kind == .rank ? .rank(numbers) : .standard(numbers),
                    decimals: Self.decimals(of: cells, style), style: style == .plain ? nil : style)
            case .date:
                _ = try cells(of: rows)
                // The format of all rows, not only of the training rows.
                let all = try cells(of: table.rows.indices)
                guard let format = DateFormat.of(all)?.format else { throw noDate }
                let days = try values(of: rows, expected: "a date") { format.days($0) }
                return .date(.standard(days), format: format)
            case .category: return .category(values: Set(try cells(of: rows)).sorted())
            case .embedding: return .embedding(values: Set(try cells(of: rows)).sorted())
            }
        }

        /// The non-missing cells of the given rows, at least one.
        private func cells(of rows: some Sequence<Int>) throws(FileError) -> [String] {
            var cells: [String] = []
            for row in rows {
                let cell = table.rows[row][place].trimmed
                if !missing.contains(cell) { cells.append(cell) }
            }
            guard !cells.isEmpty else {
                throw FileError(
                    path: path,
                    expected: "a cell of the column \(column.name.quoted) that is not missing "
                        + "(or a schema that ignores the column)",
                    found: "all \(self.rows.count) missing")
            }
            return cells
        }

        /// The values of the non-missing cells of the given rows.
        private func values(
            of rows: some Sequence<Int>, expected: String, _ value: (String) -> Double?
        ) throws(FileError) -> [Double] {
            var values: [Double] = []
            for row in rows {
                let cell = table.rows[row][place].trimmed
                if missing.contains(cell) { continue }
                guard let value = value(cell) else {
                    throw FileError(
                        path: path,
                        expected: "\(expected) in \(table.place(ofRow: row)), column "
                            + "\(column.name.quoted) (or a schema that lists the text as "
                            + "missing)",
                        found: cell.quoted)
                }
                values.append(value)
            }
            return values
        }

        /// The error that a cell is not a date, or that the dates have no common format.
        private var noDate: FileError {
            for row in table.rows.indices {
                let cell = table.rows[row][place].trimmed
                if !missing.contains(cell), DateFormat.of([cell]) == nil {
                    return FileError(
                        path: path,
                        expected: "a date like 2026-03-31, 31/03/2026 or 2026-03-31 12:30:00, in "
                            + "\(table.place(ofRow: row)), column \(column.name.quoted)",
                        found: cell.quoted)
                }
            }
            return FileError(
                path: path, expected: "one date format in the column \(column.name.quoted)",
                found: "several formats")
        }

        /// The greatest number of decimals of the numbers, at most 17; nil if one has an exponent.
        private static func decimals(of cells: [String], _ style: NumberStyle) -> Int? {
            let mark = style.decimalMark.rawValue.utf8.first
            var most = 0
            for cell in cells {
                let digits = cell.utf8
                if style == .plain, digits.contains(where: { $0 | 0x20 == UInt8(ascii: "e") }) {
                    return nil
                }
                guard let point = digits.lastIndex(where: { $0 == mark }) else { continue }
                let decimals = digits[point...].dropFirst().prefix { 0x30...0x39 ~= $0 }
                most = max(most, decimals.count)
            }
            return min(most, 17)
        }
    }
}
