import Datasets
import Foundation

/// A column of a table before and after its missing cells were filled.
struct ImputedColumn {
    /// The values of the column's cells.
    enum Values {
        /// Numbers; for dates, the days since 1 January 1970.
        case numbers([Double])
        case categories([String])

        var count: Int {
            switch self {
            case .numbers(let numbers): numbers.count
            case .categories(let texts): texts.count
            }
        }
    }

    let column: TableEncoding.Column
    let missing: Int
    let known: Values
    /// The values of the filled cells; empty for columns that are not inputs.
    let filled: Values

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
                column: column, missing: missing, known: values(of: known, in: column),
                filled: values(of: guessed, in: column))
        }
    }

    private static func values(of cells: [String], in column: TableEncoding.Column) -> Values {
        switch column.kind {
        case .number, .rank, .date: .numbers(cells.compactMap(column.number))
        case .category, .embedding: .categories(cells)
        case .ignored, .label: .categories([])
        }
    }

    /// Numbers as mean and standard deviation, categories as the most frequent ones.
    func summary(of values: Values) -> String {
        guard values.count > 0 else { return "–" }
        switch values {
        case .numbers(let numbers):
            let spread = Format.number(numbers.standardDeviation)
            return column.kind == .date
                ? "\(column.text(of: numbers.mean)) ± \(spread) days"
                : typographic("\(Format.number(numbers.mean)) ± \(spread)")
        case .categories(let texts):
            var counts: [String: Int] = [:]
            for text in texts { counts[text, default: 0] += 1 }
            let frequent = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(3)
            return frequent.map { text, count in
                text + String(format: " %.0f %%", 100 * Double(count) / Double(texts.count))
            }.joined(separator: ", ")
        }
    }

    /// The distributions of known and filled numbers; nil if there are none to compare.
    var histogram: LineChart? {
        guard case .numbers(var known) = known, case .numbers(var filled) = filled,
            !known.isEmpty, !filled.isEmpty
        else { return nil }
        var label = name
        if column.kind == .date {
            func year(_ days: Double) -> Double { 1970 + days / 365.2425 }
            (known, filled) = (known.map(year), filled.map(year))
            label += ", in years"
        }
        return Histogram([("known cells", known), ("filled cells", filled)])
            .chart(horizontalLabel: label, verticalLabel: "cells")
    }
}
