import Datasets
import Foundation

/// The values of cells of a column.
enum ColumnValues {
    /// Numbers; for dates, the days since 1 January 1970.
    case numbers([Double])
    case categories([String])

    /// The values of cells that are not missing; none for columns that are not inputs.
    init(_ cells: [String], in column: TableEncoding.Column) {
        switch column.kind {
        case .number, .rank, .date: self = .numbers(cells.compactMap(column.number))
        case .category, .embedding: self = .categories(cells)
        case .ignored, .label: self = .categories([])
        }
    }

    var count: Int {
        switch self {
        case .numbers(let numbers): numbers.count
        case .categories(let texts): texts.count
        }
    }

    /// Numbers as mean and standard deviation, categories as the most frequent ones.
    func summary(in column: TableEncoding.Column) -> String {
        guard count > 0 else { return "–" }
        switch self {
        case .numbers(let numbers):
            let spread = Format.number(numbers.standardDeviation)
            return column.kind == .date
                ? "\(column.text(of: numbers.mean)) ± \(spread) days"
                : typographic("\(Format.number(numbers.mean)) ± \(spread)")
        case .categories:
            let frequent = shares.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(3)
            return frequent.map { $0 + String(format: " %.0f %%", 100 * $1) }
                .joined(separator: ", ")
        }
    }

    /// How often each category occurs, as shares of all cells.
    private var shares: [String: Double] {
        guard case .categories(let texts) = self else { return [:] }
        var counts: [String: Int] = [:]
        for text in texts { counts[text, default: 0] += 1 }
        return counts.mapValues { Double($0) / Double(texts.count) }
    }

    /// How different two distributions are, from 0 to 1: the greatest difference between the shares of
    /// numbers up to some number (Kolmogorov and Smirnov), or half the sum of the differences between
    /// the shares of categories (the total variation). Nil if one has no values.
    func distance(to other: ColumnValues) -> Double? {
        guard count > 0, other.count > 0 else { return nil }
        if case .numbers(let one) = self, case .numbers(let two) = other {
            return Self.greatestDifference(one.sorted(), two.sorted())
        }
        let (one, two) = (shares, other.shares)
        return Set(one.keys).union(two.keys).reduce(0) { sum, category in
            sum + abs((one[category] ?? 0) - (two[category] ?? 0)) / 2
        }
    }

    /// Of sorted numbers.
    private static func greatestDifference(_ one: [Double], _ two: [Double]) -> Double {
        var (first, second, greatest) = (0, 0, 0.0)
        while first < one.count, second < two.count {
            let number = min(one[first], two[second])
            while first < one.count, one[first] <= number { first += 1 }
            while second < two.count, two[second] <= number { second += 1 }
            let difference = Double(first) / Double(one.count) - Double(second) / Double(two.count)
            greatest = max(greatest, abs(difference))
        }
        return greatest
    }

    /// The distributions of groups of numbers; nil if a group has none.
    static func histogram(
        _ groups: [(name: String, values: ColumnValues)], of column: TableEncoding.Column
    ) -> LineChart? {
        var numbers: [(name: String, values: [Double])] = []
        for (name, values) in groups {
            guard case .numbers(let values) = values, !values.isEmpty else { return nil }
            numbers.append((name, values))
        }
        var label = column.name
        if column.kind == .date {
            numbers = numbers.map { name, days in (name, days.map { 1970 + $0 / 365.2425 }) }
            label += ", in years"
        }
        return Histogram(numbers).chart(horizontalLabel: label, verticalLabel: "cells")
    }
}
