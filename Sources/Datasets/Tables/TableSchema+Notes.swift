import Autograd
import FileSupport

extension TableSchema {
    /// What a user should know about how the schema reads a table, one sentence each: how the file
    /// was read, which columns are ignored and why, which cells among numbers and dates are taken
    /// as missing, what is a category though it looks like numbers, what is ambiguous, and numbers
    /// so far from all others that they are hardly meant as numbers.
    public func notes(on table: CSV.Table) -> [String] {
        let everywhere = MissingCells(missing, takesMarks: false)
        let styles = table.numberStyles { everywhere.contains($0) }
        let places = Dictionary(zip(table.header, table.header.indices)) { first, _ in first }
        return table.notes
            + columns.flatMap { column -> [String] in
                guard let place = places[column.name] else { return [] }
                return ColumnNotes(
                    table: table, place: place, column: column, missing: missing(in: column),
                    style: styles[place]
                ).all
            }
    }
}

/// What should be known about a column.
private struct ColumnNotes {
    let table: CSV.Table
    let place: Int
    let column: TableSchema.Column
    let missing: MissingCells
    let style: (style: NumberStyle, ambiguous: String?)

    private var name: String { column.name.quoted }

    /// Cells that are not missing, with their rows.
    @inline(__always) private func forEach(_ body: (_ row: Int, _ cell: Span<UInt8>) -> Void) {
        table.forEachCell(of: place, in: 0..<table.rowCount) { row, cell in
            if !missing.contains(cell) { body(row, cell) }
        }
    }

    private func cell(_ row: Int) -> String { table.cell(row, place) }
    private func line(_ row: Int) -> String { table.place(ofRow: row) }

    var all: [String] {
        switch column.kind {
        case .label: return []
        case .ignored: return [reasonToIgnore]
        case .category, .embedding: return looksLikeNumbers.map { [$0] } ?? []
        case .number, .rank:
            var notes = takenAsMissing.map { [$0] } ?? []
            if let cell = style.ambiguous {
                notes.append(NumericTable.note(on: cell, style.style, in: column.name))
            } else if style.style.decimalMark == .comma {
                notes.append("\(name): numbers with decimal commas")
            }
            return notes + (outlier.map { [$0] } ?? [])
        case .date:
            let order =
                areAmbiguousDates
                ? ["\(name): dates whose first number is taken as the day, but may be the month"]
                : []
            return (takenAsMissing.map { [$0] } ?? []) + order
        }
    }

    private var reasonToIgnore: String {
        if column.name.isEmpty, table.isIndex(place) { return CSV.Table.indexNote }
        var texts = DistinctTexts()
        var (count, repeats) = (0, false)
        forEach { _, cell in
            count += 1
            if !repeats { repeats = !texts.insert(cell).isNew }
        }
        if count == 0 { return "\(name): left out, as all cells are missing" }
        return !repeats && count > TableSchema.fewValues
            ? "\(name): left out, as no two of \(count) texts are the same"
            : "\(name): left out"
    }

    private var areAmbiguousDates: Bool {
        var dates = DateFormat.Evidence()
        forEach { _, cell in dates.add(WrittenDate.read(cell)) }
        return dates.format?.isAmbiguous == true
    }

    /// Texts among numbers and dates.
    private var takenAsMissing: String? {
        if column.missing.isEmpty { return nil }
        let texts = MissingCells(column.missing, takesMarks: false)
        var odd: [String: (first: Int, count: Int)] = [:]
        table.forEachCell(of: place, in: 0..<table.rowCount) { row, cell in
            if texts.contains(cell) { odd[String(cell), default: (row, 0)].count += 1 }
        }
        if odd.isEmpty { return nil }
        let count = odd.values.reduce(0) { $0 + $1.count }
        let sorted = odd.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
        let named = sorted.prefix(5).map { text, cells in
            "\(text.quoted) in \(line(cells.first))"
                + (cells.count > 1 ? " and \(cells.count - 1) more" : "")
        }
        let rest = sorted.count > 5 ? " and \(sorted.count - 5) other texts" : ""
        return "\(name): \(column.kind.rawValue); \(named.joined(separator: ", "))\(rest) taken as "
            + "missing (\(count) of \(table.rowCount))"
    }

    /// Why a column is a category, though many of its cells are numbers.
    private var looksLikeNumbers: String? {
        var (cells, odd) = (0, 0)
        var firstOdd: Int?
        var firstZero: Int?
        forEach { row, cell in
            cells += 1
            if firstZero == nil, TableSchema.beginsWithZero(cell) { firstZero = row }
            if style.style.number(cell) == nil {
                odd += 1
                firstOdd = firstOdd ?? row
            }
        }
        if let row = firstZero, odd == 0 {
            return
                "\(name): \(column.kind.rawValue), as \(cell(row).quoted) in \(line(row)) begins "
                + "with a zero"
        }
        guard let row = firstOdd, 2 * odd <= cells else { return nil }
        return "\(name): \(column.kind.rawValue), as \(odd) of \(cells) cells are not "
            + "numbers, the first \(cell(row).quoted) in \(line(row))"
    }

    /// A number that is so far from the others that it makes them nearly equal, or that other
    /// programs write for a missing value.
    private var outlier: String? {
        var count = 0
        var (low, high) = (Extreme(sign: 1), Extreme(sign: -1))
        forEach { row, cell in
            guard let number = style.style.number(cell) else { return }
            count += 1
            low.add(number, row)
            high.add(number, row)
        }
        guard count > 10, low.number < high.number else { return nil }
        for (extreme, isLow) in [(low, true), (high, false)] {
            // The same mark may be in many cells.
            guard count - extreme.count > 10 else { continue }
            let lowest = isLow ? low.next : low.number
            let highest = isLow ? high.number : high.next
            let gap =
                isLow ? lowest / 2 - extreme.number / 2 : extreme.number / 2 - highest / 2
            let spread = highest / 2 - lowest / 2
            let isKnown = Self.marks.contains(extreme.number)
            guard spread > 0, gap > (isKnown ? 5 : 1e4) * spread else { continue }
            return "\(name): \(cell(extreme.row)) in \(line(extreme.row)) is far from all others, "
                + "which it makes nearly equal; if it marks a missing value, add it to the schema's "
                + "missing texts"
        }
        return nil
    }

    /// The least of numbers, or with a negative sign the greatest.
    private struct Extreme {
        let sign: Double
        private(set) var number = 0.0
        /// The least of the others.
        private(set) var next = 0.0
        private(set) var count = 0
        /// The first row with the least number, or the last with the greatest.
        private(set) var row = 0
        private var hasNext = false

        init(sign: Double) { self.sign = sign }

        mutating func add(_ other: Double, _ row: Int) {
            if count > 0, other == number {
                count += 1
                if sign < 0 { self.row = row }
            } else if count == 0 || sign * other < sign * number {
                if count > 0 { (next, hasNext) = (number, true) }
                (number, count, self.row) = (other, 1, row)
            } else if !hasNext || sign * other < sign * next {
                (next, hasNext) = (other, true)
            }
        }
    }

    /// What programs write for a missing value.
    private static let marks: Set<Double> = [
        -9, -99, -999, -9999, -99999, -999999, 999, 9999, 99999, 999999, -32768, 32767, 65535,
        -2_147_483_648, 2_147_483_647, 4_294_967_295, 1e20, -1e20, 1e30, -1e30,
        -1.7976931348623157e308, 1.7976931348623157e308, -1.797693e308, 1.797693e308,
        Double(Float.greatestFiniteMagnitude), -Double(Float.greatestFiniteMagnitude), -3.4e38,
        3.4e38,
    ]
}
