import Autograd

/// Which elements of a sample are which column of a table.
///
/// The row of a table is a vector of numbers, column after column; a cell that is missing is all
/// zeros. Nothing else is known here of a table: who reads it says how its values become numbers.
public struct TableLayout: Codable, Hashable, Sendable {
    /// What a column takes of a sample.
    public enum Column: Codable, Hashable, Sendable {
        /// One element: a number that is never missing.
        case completeNumber
        /// Two: a number, and 1 where it is there.
        case number
        /// One for each value: 1 for that of the cell, 0 for the others.
        case category(values: Int)
        /// One: the number of the value, from 1.
        case embedding(values: Int)

        var elements: Int {
            switch self {
            case .completeNumber, .embedding: 1
            case .number: 2
            case .category(let values): values
            }
        }

        var isEmbedding: Bool {
            if case .embedding = self { true } else { false }
        }

        /// How many numbers describe a distribution over the column's values.
        var outputs: Int {
            switch self {
            case .completeNumber, .number: 1
            case .category(let values), .embedding(let values): values
            }
        }
    }

    public var columns: [Column]

    public init(columns: [Column]) { self.columns = columns }

    /// Numbers that are never missing: what any sample is that is no row of a table.
    public static func numbers(_ count: Int) -> TableLayout {
        TableLayout(columns: Array(repeating: .completeNumber, count: count))
    }

    /// The elements of a sample.
    public var elements: Int { columns.reduce(0) { $0 + $1.elements } }

    /// The numbers that a decoder gives for a sample.
    public var outputs: Int { columns.reduce(0) { $0 + $1.outputs } }

    /// The most values that a category has, and the most columns that a table has.
    static let mostValues = 1 << 24

    /// Whether each column has a value at least, and the elements can be counted.
    var isPossible: Bool {
        1...Self.mostValues ~= columns.count
            && columns.allSatisfy { column in
                switch column {
                case .completeNumber, .number: true
                case .category(let values), .embedding(let values): 1...Self.mostValues ~= values
                }
            }
    }

    /// Whether a cell can be missing at all.
    var hasOptionalCells: Bool { columns.contains { $0 != .completeNumber } }

    /// The first element of each column.
    var starts: [Int] {
        var next = 0
        return columns.map { column in
            defer { next += column.elements }
            return next
        }
    }

    /// The elements that are numbers, or tell one of a few values.
    public var plainElements: [Int] {
        zip(columns, starts).flatMap { column, start in
            switch column {
            case .completeNumber, .number: [start]
            case .category(let values): Array(start..<start + values)
            case .embedding: [Int]()
            }
        }
    }

    /// The elements that tell whether a number is there.
    public var marks: [Int] {
        zip(columns, starts).filter { $0.0 == .number }.map { $0.1 + 1 }
    }

    // MARK: Cells

    /// Which cells are there: from samples `[batch, elements]` to ones and zeros
    /// `[batch, columns]`. Has no derivative.
    public func presence(of samples: Tensor) -> Tensor {
        var marks = [Float](repeating: 0, count: elements * columns.count)
        var always = [Float](repeating: 0, count: columns.count)
        for (index, (column, start)) in zip(columns, starts).enumerated() {
            switch column {
            case .completeNumber: always[index] = 1
            case .number: marks[(start + 1) * columns.count + index] = 1
            case .category, .embedding:
                for element in start..<start + column.elements {
                    marks[element * columns.count + index] = 1
                }
            }
        }
        let type = samples.dataType
        let isPositive = (stopGradient(samples) .> 0).cast(to: type)
        return matmul(isPositive, Tensor(marks, shape: [elements, columns.count]).cast(to: type))
            + Tensor(always).cast(to: type)
    }

    /// A number for each cell, `[batch, columns]`, as one for each of its elements,
    /// `[batch, elements]`.
    public func spread(_ cells: Tensor) -> Tensor {
        let owners = zip(columns.indices, columns).flatMap { index, column in
            Array(repeating: Int32(index), count: column.elements)
        }
        return cells.gathered(at: Tensor(owners), axis: 1)
    }

    /// The samples with what is missing taken from others of the same shape; that it was missing
    /// stays marked.
    public func filling(_ samples: Tensor, from others: Tensor) -> Tensor {
        var isValue = [Float](repeating: 1, count: elements)
        for mark in marks { isValue[mark] = 0 }
        let isThere = spread(presence(of: samples))
        return samples * isThere
            + others * (1 - isThere) * Tensor(isValue).cast(to: samples.dataType)
    }
}
