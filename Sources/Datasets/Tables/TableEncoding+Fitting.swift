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
        let ranksDates: Bool
        let path: String
        /// How its numbers are written.
        var style = NumberStyle.plain
        /// Those of them that are written as programs write them.
        var plain: PlainNumbers?

        func content() throws(FileError) -> Content {
            switch column.kind {
            case .ignored: return .ignored
            case .label: return .label
            case .number, .rank:
                let (numbers, decimals) = try numbers()
                return .number(
                    column.kind == .rank ? .rank(numbers) : .standard(numbers), decimals: decimals,
                    style: style == .plain ? nil : style)
            case .date:
                guard rows.contains(where: { !missing.contains(table.cell($0, place)) }) else {
                    throw noCell
                }
                guard let format = dates.format?.format else { throw noDate }
                let days = try days(format)
                return .date(ranksDates ? .rank(days) : .standard(days), format: format)
            case .category: return .category(values: try texts())
            case .embedding: return .embedding(values: try texts())
            }
        }

        private var noCell: FileError {
            FileError(
                path: path,
                expected: "a cell of the column \(column.name.quoted) that is not missing "
                    + "(or a schema that ignores the column)",
                found: "all \(rows.count) missing")
        }

        /// The different texts of the non-missing cells, at least one, in order.
        private func texts() throws(FileError) -> [String] {
            var texts = DistinctTexts()
            table.forEachCell(of: place, in: rows) { _, cell in
                if !missing.contains(cell) { texts.insert(cell) }
            }
            guard texts.count > 0 else { throw noCell }
            return texts.values.sorted()
        }

        /// The numbers of the non-missing cells, at least one, and the greatest number of their
        /// decimals, at most 17; nil if one has an exponent.
        private func numbers() throws(FileError) -> (numbers: [Double], decimals: Int?) {
            var numbers: [Double] = []
            numbers.reserveCapacity(rows.count)
            var decimals = Decimals()
            var wrong: Int?
            let known = style.readsPlainNumbers ? plain : nil
            for row in rows {
                if let known, !known.values[row].isNaN {
                    numbers.append(known.values[row])
                    decimals.add(known.decimals[row])
                    continue
                }
                table.forEachCell(of: place, in: CollectionOfOne(row)) { _, cell in
                    if missing.contains(cell) { return }
                    guard let number = style.number(cell) else {
                        wrong = wrong ?? row
                        return
                    }
                    numbers.append(number)
                    decimals.add(cell, style)
                }
            }
            if let wrong { throw wrongCell(wrong, expected: "a number") }
            guard !numbers.isEmpty else { throw noCell }
            return (numbers, decimals.most)
        }

        /// The days of the non-missing cells, at least one.
        private func days(_ format: DateFormat) throws(FileError) -> [Double] {
            var days: [Double] = []
            var wrong: Int?
            table.forEachCell(of: place, in: rows) { row, cell in
                if missing.contains(cell) { return }
                if let day = format.days(cell) { days.append(day) } else { wrong = wrong ?? row }
            }
            if let wrong { throw wrongCell(wrong, expected: "a date") }
            guard !days.isEmpty else { throw noCell }
            return days
        }

        private func wrongCell(_ row: Int, expected: String) -> FileError {
            FileError(
                path: path,
                expected: "\(expected) in \(table.place(ofRow: row)), column "
                    + "\(column.name.quoted) (or a schema that lists the text as missing)",
                found: table.cell(row, place).quoted)
        }

        /// The dates of all rows, not only of the training rows: all of their format, if they have
        /// one.
        private var dates: DateFormat.Evidence {
            var dates = DateFormat.Evidence()
            table.forEachCell(of: place, in: 0..<table.rowCount) { _, cell in
                if !missing.contains(cell) { dates.add(WrittenDate.read(cell)) }
            }
            return dates
        }

        /// The error that a cell is not a date, or that the dates have no common format.
        private var noDate: FileError {
            for row in 0..<table.rowCount {
                let cell = table.cell(row, place)
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

    }

    /// The numbers of a column that are written as programs write them, in all rows.
    struct PlainNumbers {
        /// How numbers are written, also those that are not among these.
        private(set) var evidence = NumberEvidence()
        /// NaN where a cell is missing or something else.
        private(set) var values: [Double] = []
        /// The decimals of each, see ``Decimals``.
        private(set) var decimals: [UInt8] = []

        /// - Parameters:
        ///   - everywhere: the cells that are missing in all columns.
        ///   - missing: those that are missing in this one.
        init(
            _ table: CSV.Table, column: Int, everywhere: MissingCells, missing: MissingCells
        ) {
            var (evidence, values, decimals) = (NumberEvidence(), [Double](), [UInt8]())
            values.reserveCapacity(table.rowCount)
            decimals.reserveCapacity(table.rowCount)
            table.forEachCell(of: column, in: 0..<table.rowCount) { _, cell in
                var number = DecimalNumber()
                let value = number.read(cell) ? number.value(of: cell) : nil
                if !everywhere.contains(cell) { evidence.add(cell, isNumber: value != nil) }
                values.append(missing.contains(cell) ? .nan : value ?? .nan)
                decimals.append(Decimals.code(number))
            }
            (self.evidence, self.values, self.decimals) = (evidence, values, decimals)
        }
    }

    /// The greatest number of decimals of numbers.
    struct Decimals {
        private var digits = 0
        private var hasExponent = false

        /// At most 17; nil if a number has an exponent.
        var most: Int? { hasExponent ? nil : min(digits, 17) }

        /// The decimals of a number in a byte: 255 if it has an exponent.
        static func code(_ number: DecimalNumber) -> UInt8 {
            number.hasExponent ? 255 : UInt8(min(number.decimals, 254))
        }

        mutating func add(_ code: UInt8) {
            if code == 255 { hasExponent = true } else { digits = max(digits, Int(code)) }
        }

        mutating func add(_ cell: Span<UInt8>, _ style: NumberStyle) {
            let mark: UInt8 = style.decimalMark == .point ? 0x2E : 0x2C
            var (point, end) = (cell.count, cell.count)
            for index in cell.indices {
                let byte = cell[index]
                if byte == mark {
                    (point, end) = (index, cell.count)
                } else if point < index, end == cell.count, !(0x30...0x39 ~= byte) {
                    end = index
                }
                if byte | 0x20 == UInt8(ascii: "e"), style == .plain { hasExponent = true }
            }
            digits = max(digits, end - point - 1)
        }
    }
}
