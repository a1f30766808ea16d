import Datasets
import Foundation

/// How well cells are imputed that were hidden on purpose.
struct HiddenCellsReport: Encodable {
    /// The hidden cells of a column.
    struct Column: Encodable {
        let name: String
        let cells: Int
        /// For numbers and dates, in units of the variance of all known cells of the column.
        var meanSquaredError: Double?
        /// For categories, the fraction that is correct.
        var accuracy: Double?
        /// For numbers, the hidden values (x) and the filled ones (y), as distances from the mean
        /// in units of the standard deviation.
        var guesses: [Point] = []

        private enum CodingKeys: CodingKey { case name, cells, meanSquaredError, accuracy }
    }

    /// The columns with hidden cells, without columns of numbers that are all equal.
    let columns: [Column]
    /// The number of hidden numbers and dates, and their mean squared error.
    let numbers: Int
    let meanSquaredError: Double?
    let categories: Int
    let accuracy: Double?

    init(
        truth: CSV.Table, filled: CSV.Table, isFilled: [[Bool]], _ encoding: TableEncoding
    ) {
        let columns = encoding.inputs.compactMap { column -> Column? in
            guard let place = truth.header.firstIndex(of: column.name) else { return nil }
            let known = (0..<truth.rowCount).filter {
                !encoding.isMissing(truth[$0, place], in: column)
            }
            let hidden = known.filter { isFilled[$0][place] }
            guard !hidden.isEmpty else { return nil }
            func text(_ table: CSV.Table, _ row: Int) -> String { table[row, place].trimmed }
            guard column.values == 0 else {
                let right = hidden.count { text(filled, $0) == text(truth, $0) }
                return Column(
                    name: column.name, cells: hidden.count,
                    accuracy: Double(right) / Double(hidden.count))
            }
            let values = known.compactMap { column.number(text(truth, $0)) }
            let (mean, deviation) = (values.mean, values.standardDeviation)
            guard deviation > 0 else { return nil }
            let guesses = hidden.compactMap { row -> Point? in
                guard let value = column.number(text(truth, row)),
                    let guess = column.number(text(filled, row))
                else { return nil }
                return Point(x: (value - mean) / deviation, y: (guess - mean) / deviation)
            }
            let squares = guesses.map { ($0.y - $0.x) * ($0.y - $0.x) }
            return Column(
                name: column.name, cells: guesses.count, meanSquaredError: squares.mean,
                guesses: guesses)
        }
        /// The number of cells of the columns that have a measure, and its mean over these cells.
        func total(_ measure: (Column) -> Double?) -> (cells: Int, mean: Double?) {
            let measured = columns.filter { measure($0) != nil }
            let cells = measured.reduce(0) { $0 + $1.cells }
            // Sound: the measured columns are those that have it.
            let sum = measured.reduce(0) { $0 + Double($1.cells) * measure($1)! }
            return (cells, cells > 0 ? sum / Double(cells) : nil)
        }
        self.columns = columns
        (numbers, meanSquaredError) = total(\.meanSquaredError)
        (categories, accuracy) = total(\.accuracy)
    }

    /// The measures with their names and their numbers of cells.
    var measures: [(name: String, value: String, note: String)] {
        var measures: [(String, String, String)] = []
        if let meanSquaredError {
            measures.append(
                (
                    "Hidden numbers, mean squared error", String(format: "%.4f", meanSquaredError),
                    "of \(Format.count(numbers))"
                ))
        }
        if let accuracy {
            measures.append(
                (
                    "Hidden categories, accuracy", String(format: "%.4f", accuracy),
                    "of \(Format.count(categories))"
                ))
        }
        return measures
    }

    /// Hidden against filled values of the first ten columns of numbers; nil if there are none.
    var chart: ScatterPlot? {
        let shown = columns.filter { !$0.guesses.isEmpty }.prefix(10)
        let all = shown.enumerated().flatMap { index, column in
            column.guesses.map { (point: $0, label: index) }
        }
        let chosen = spread(5000, over: all.count).map { all[$0] }
        guard !chosen.isEmpty else { return nil }
        return ScatterPlot(
            points: chosen.map(\.point), labels: chosen.map(\.label), names: shown.map(\.name),
            horizontalLabel: "hidden number", verticalLabel: "filled number")
    }
}
