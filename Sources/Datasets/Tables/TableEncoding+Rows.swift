import Autograd
import FileSupport
import Foundation

/// The rows of a table as samples.
public struct EncodedTable: Sendable {
    /// `float32`, `[rows, elements]`.
    public let samples: Tensor
    /// The label of each row as written in the file, nil if it is missing; nil as a whole if there
    /// is no label column.
    public let labels: [String?]?
    /// For each column, the number of cells with values that did not occur in training.
    public let unseen: [(column: String, cells: Int)]
}

extension TableEncoding {
    /// The samples of a table with the same columns, in any order; the label and ignored columns
    /// need not exist.
    ///
    /// - Parameter path: the file to name in errors.
    /// - Throws: if columns are missing or new, or a cell is not of its column's kind.
    public func encode(_ table: CSV.Table, path: String) throws(FileError) -> EncodedTable {
        try TableSchema.checkNames(of: table, path: path)
        let optional = Set(columns.filter { !$0.isInput }.map(\.name))
        let places = try Self.places(
            of: columns.map(\.name), optional: optional, in: table, path: path)
        var elements: [Float] = []
        elements.reserveCapacity(table.rows.count * self.elements)
        let inputs = inputs.compactMap { column in
            places[column.name].map { (Cells(column, missingCells(of: column)), $0) }
        }
        var unseen = [Int](repeating: 0, count: inputs.count)
        for (row, fields) in table.rows.enumerated() {
            for (index, (cells, place)) in inputs.enumerated() {
                let field = fields[place].trimmed
                if cells.missing.contains(field) {
                    for _ in 0..<cells.column.elements { elements.append(0) }
                } else if let isKnown = cells.append(field, to: &elements) {
                    if !isKnown { unseen[index] += 1 }
                } else {
                    throw FileError(
                        path: path,
                        expected: "\(cells.expected) in \(table.place(ofRow: row)), column "
                            + cells.column.name.quoted,
                        found: field.quoted)
                }
            }
        }
        return EncodedTable(
            samples: Tensor(elements, shape: [table.rows.count, self.elements]),
            labels: label.flatMap { places[$0] }.map { place in
                table.rows.map { isMissing($0[place]) ? nil : $0[place].trimmed }
            },
            unseen: zip(inputs, unseen).compactMap { $1 > 0 ? ($0.0.column.name, $1) : nil })
    }

    /// A table whose missing cells are filled from samples, and which cells those are: all others
    /// are unchanged, to the letter.
    ///
    /// - Parameter samples: one complete row for each row of the table, as a model predicts it:
    ///   numbers, and for each category numbers of which the greatest selects the value. Traps if
    ///   their shape does not fit.
    public func fill(
        _ table: CSV.Table, from samples: Tensor, path: String
    ) throws(FileError) -> (table: CSV.Table, isFilled: [[Bool]]) {
        let optional = Set(columns.filter { !$0.isInput }.map(\.name))
        let places = try Self.places(
            of: columns.map(\.name), optional: optional, in: table, path: path)
        guard samples.shape == [table.rows.count, elements] else {
            programmerError(
                "TableEncoding",
                "samples of shape \(samples.shape) for \(table.rows.count) rows of \(elements) "
                    + "elements")
        }
        let numbers = samples.cast(to: .float32).elements(as: Float.self)
        var filled = table
        var marks = table.rows.map { [Bool](repeating: false, count: $0.count) }
        let inputs = inputs.map { ($0, places[$0.name], missingCells(of: $0)) }
        for row in table.rows.indices {
            var start = row * elements
            for (column, place, missing) in inputs {
                if let place, missing.contains(table.rows[row][place].trimmed) {
                    let cell = numbers[start..<start + column.elements].map(Double.init)
                    filled.rows[row][place] = column.text(of: cell)
                    marks[row][place] = true
                }
                start += column.elements
            }
        }
        return (filled, marks)
    }

    /// The rows that samples stand for, with the columns that samples consist of: as ``fill`` fills
    /// them, without missing cells.
    public func table(of samples: Tensor) -> CSV.Table {
        guard samples.rank == 2, samples.shape[1] == elements else {
            programmerError(
                "TableEncoding",
                "samples of shape \(samples.shape) for rows of \(elements) elements")
        }
        let numbers = samples.cast(to: .float32).elements(as: Float.self)
        let rows = (0..<samples.shape[0]).map { row in
            var start = row * elements
            return inputs.map { column in
                defer { start += column.elements }
                return column.text(of: numbers[start..<start + column.elements].map(Double.init))
            }
        }
        return CSV.Table(header: inputs.map(\.name), rows: rows)
    }
}

/// The cells of a column as elements of samples.
private struct Cells {
    let column: TableEncoding.Column
    let missing: MissingCells
    private let numbers: [String: Int]

    init(_ column: TableEncoding.Column, _ missing: MissingCells) {
        self.column = column
        self.missing = missing
        switch column.content {
        case .category(let values), .embedding(let values):
            numbers = Dictionary(uniqueKeysWithValues: zip(values, values.indices))
        case .number, .date, .ignored, .label: numbers = [:]
        }
    }

    /// What a cell must hold.
    var expected: String {
        if case .date(_, let format) = column.content {
            return "a date such as \(format.example)"
        }
        return "a number"
    }

    /// Appends the elements of a cell that is not missing; returns whether its value is known, nil
    /// if it is not of the column's kind.
    func append(_ field: String, to elements: inout [Float]) -> Bool? {
        switch column.content {
        case .number(let scale, _, let style):
            guard let number = (style ?? .plain).number(field) else { return nil }
            elements += [Self.element(scale.scaled(number)), 1]
        case .date(let scale, let format):
            guard let days = format.days(field) else { return nil }
            elements += [Self.element(scale.scaled(days)), 1]
        case .category(let values):
            let number = numbers[field] ?? values.count
            for value in 0...values.count { elements.append(value == number ? 1 : 0) }
            return number < values.count
        case .embedding(let values):
            let number = numbers[field] ?? values.count
            elements.append(Float(number + 1))
            return number < values.count
        case .ignored, .label: break
        }
        return true
    }

    /// Limited to what a model can handle.
    private static func element(_ value: Double) -> Float { Float(min(max(value, -1e6), 1e6)) }
}

extension TableEncoding.Column {
    /// The text of a cell with such elements, written like the others of its column. A value that
    /// did not occur in training is never chosen.
    fileprivate func text(of cell: [Double]) -> String {
        switch content {
        case .number(let scale, _, _), .date(let scale, _):
            return text(of: scale.unscaled(cell[0]))
        case .category(let values):
            return values.indices.max { cell[$0] < cell[$1] }.map { values[$0] } ?? ""
        case .embedding(let values):
            // The numbers of values start at 1; NaN becomes the first.
            let number = Int(exactly: cell[0].rounded(.towardZero)) ?? 1
            return values[min(max(number, 1), values.count) - 1]
        case .ignored, .label: return ""
        }
    }
}
