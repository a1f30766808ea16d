import Autograd
import FileSupport

extension TableSchema {
    /// What a user should know about how the schema reads a table, one sentence each: how the file
    /// was read, which columns are ignored and why, which cells among numbers and dates are taken
    /// as missing, what is a category though it looks like numbers, what is ambiguous, and numbers
    /// so far from all others that they are hardly meant as numbers.
    public func notes(on table: CSV.Table) -> [String] {
        let everywhere = MissingCells(missing, takesMarks: false)
        let styles = table.numberStyles(isMissing: everywhere.contains)
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
    /// The rows whose cell is not missing.
    private var rows: [Int] { table.rows.indices.filter { !missing.contains(cell($0)) } }

    private func cell(_ row: Int) -> String { table.rows[row][place].trimmed }
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
            let format = DateFormat.of(rows.map(cell))
            let order =
                format?.isAmbiguous == true
                ? ["\(name): dates whose first number is taken as the day, but may be the month"]
                : []
            return (takenAsMissing.map { [$0] } ?? []) + order
        }
    }

    private var reasonToIgnore: String {
        if column.name.isEmpty, table.isIndex(place) { return CSV.Table.indexNote }
        let cells = rows.map(cell)
        if cells.isEmpty { return "\(name): left out, as all cells are missing" }
        return Set(cells).count == cells.count && cells.count > TableSchema.fewValues
            ? "\(name): left out, as no two of \(cells.count) texts are the same"
            : "\(name): left out"
    }

    /// Texts among numbers and dates.
    private var takenAsMissing: String? {
        var odd: [String: [Int]] = [:]
        for row in table.rows.indices where column.missing.contains(cell(row)) {
            odd[cell(row), default: []].append(row)
        }
        if odd.isEmpty { return nil }
        let count = odd.values.reduce(0) { $0 + $1.count }
        let texts = odd.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
        let named = texts.prefix(5).map { text, rows in
            "\(text.quoted) in \(line(rows[0]))"
                + (rows.count > 1 ? " and \(rows.count - 1) more" : "")
        }
        let rest = texts.count > 5 ? " and \(texts.count - 5) other texts" : ""
        return "\(name): \(column.kind.rawValue); \(named.joined(separator: ", "))\(rest) taken as "
            + "missing (\(count) of \(table.rows.count))"
    }

    /// Why a column is a category, though many of its cells are numbers.
    private var looksLikeNumbers: String? {
        let rows = rows
        if let row = rows.first(where: { TableSchema.beginsWithZero(cell($0)) }),
            rows.allSatisfy({ style.style.number(cell($0)) != nil })
        {
            return
                "\(name): \(column.kind.rawValue), as \(cell(row).quoted) in \(line(row)) begins "
                + "with a zero"
        }
        let odd = rows.filter { style.style.number(cell($0)) == nil }
        guard let first = odd.first, 2 * odd.count <= rows.count else { return nil }
        return "\(name): \(column.kind.rawValue), as \(odd.count) of \(rows.count) cells are not "
            + "numbers, the first \(cell(first).quoted) in \(line(first))"
    }

    /// A number that is so far from the others that it makes them nearly equal, or that other
    /// programs write for a missing value.
    private var outlier: String? {
        let numbers = rows.compactMap { row in style.style.number(cell(row)).map { ($0, row) } }
            .sorted { $0.0 < $1.0 }
        guard numbers.count > 10, let least = numbers.first, let greatest = numbers.last else {
            return nil
        }
        for (extreme, row) in [least, greatest] {
            // The same mark may be in many cells.
            let others = numbers.map(\.0).filter { $0 != extreme }
            guard others.count > 10, let lowest = others.first, let highest = others.last else {
                continue
            }
            let gap = extreme < lowest ? lowest / 2 - extreme / 2 : extreme / 2 - highest / 2
            let spread = highest / 2 - lowest / 2
            let isKnown = Self.marks.contains(extreme)
            guard spread > 0, gap > (isKnown ? 5 : 1e4) * spread else { continue }
            return "\(name): \(cell(row)) in \(line(row)) is far from all others, which it makes "
                + "nearly equal; if it marks a missing value, add it to the schema's missing texts"
        }
        return nil
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
