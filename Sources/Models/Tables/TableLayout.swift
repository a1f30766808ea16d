import Autograd

/// Which elements of a sample belong to which column of a table.
///
/// The row of a table is a vector of numbers, column after column; a missing cell is all zeros. How
/// the values of a table become numbers is decided where the table is read.
public struct TableLayout: Codable, Hashable, Sendable {
    /// How a column is represented in a sample.
    public enum Column: Codable, Hashable, Sendable {
        /// One element: a number that is never missing.
        case completeNumber
        /// Two: a number, and 1 if it is present.
        case number
        /// One for each value: 1 for the value of the cell, 0 for the others.
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

        var isNumber: Bool { self == .number || self == .completeNumber }

        var isEmbedding: Bool {
            if case .embedding = self { true } else { false }
        }

        /// The number of parameters of a distribution over the column's values.
        var outputs: Int {
            switch self {
            case .completeNumber, .number: 1
            case .category(let values), .embedding(let values): values
            }
        }
    }

    /// The columns in order.
    public var columns: [Column]

    /// A layout with the given columns.
    public init(columns: [Column]) { self.columns = columns }

    /// Numbers that are never missing: the layout of samples that are not table rows.
    public static func numbers(_ count: Int) -> TableLayout {
        TableLayout(columns: Array(repeating: .completeNumber, count: count))
    }

    /// The number of elements of a sample.
    public var elements: Int { columns.reduce(0) { $0 + $1.elements } }

    /// The number of decoder outputs for a sample.
    public var outputs: Int { columns.reduce(0) { $0 + $1.outputs } }

    /// The largest number of values of a category, and of columns of a table.
    static let mostValues = 1 << 24

    /// Whether each column has at least one value, and the number of elements cannot overflow.
    var isPossible: Bool {
        1...Self.mostValues ~= columns.count
            && columns.allSatisfy { column in
                switch column {
                case .completeNumber, .number: true
                case .category(let values), .embedding(let values): 1...Self.mostValues ~= values
                }
            }
    }

    /// Whether any cell can be missing.
    var hasOptionalCells: Bool { columns.contains { $0 != .completeNumber } }

    /// The first element of each column.
    var starts: [Int] {
        var next = 0
        return columns.map { column in
            defer { next += column.elements }
            return next
        }
    }

    /// The elements that are numbers or one-hot categories.
    public var plainElements: [Int] {
        zip(columns, starts).flatMap { column, start in
            switch column {
            case .completeNumber, .number: [start]
            case .category(let values): Array(start..<start + values)
            case .embedding: [Int]()
            }
        }
    }

    /// The column of each of the ``plainElements``.
    package var plainColumns: [Int] {
        zip(columns.indices, columns).flatMap { index, column in
            switch column {
            case .completeNumber, .number: [index]
            case .category(let values): Array(repeating: index, count: values)
            case .embedding: [Int]()
            }
        }
    }

    /// The number of columns of numbers.
    var numbers: Int { columns.count(where: \.isNumber) }

    /// The elements that mark whether a number is present.
    public var marks: [Int] {
        zip(columns, starts).filter { $0.0 == .number }.map { $0.1 + 1 }
    }

    // MARK: Cells

    /// Which cells are present: from samples `[batch, elements]` to ones and zeros
    /// `[batch, columns]`. Not differentiable.
    public func presence(of samples: Tensor) -> Tensor {
        // Of a number its mark tells, of others whether any of their elements is positive: sums of
        // neighbouring elements, as differences of the sums of all elements before them.
        let isPositive = (stopGradient(samples) .> 0).cast(to: .float32)
        let sums = isPositive.cumulativeSum(axis: 1)
        let ends = zip(columns, starts).map { Int32($1 + $0.elements - 1) }
        let firsts = zip(columns, starts).map { column, start in
            Int32(column == .number ? start + 1 : start)
        }
        let first = Tensor(firsts)
        let found =
            sums.gathered(at: Tensor(ends), axis: 1) - sums.gathered(at: first, axis: 1)
            + isPositive.gathered(at: first, axis: 1)
        let always = columns.map { $0 == .completeNumber ? Float(1) : 0 }
        return maximum(found, Tensor(always)).cast(to: samples.dataType)
    }

    /// Copies the number of each cell, `[batch, columns]`, to each of its elements,
    /// `[batch, elements]`.
    public func spread(_ cells: Tensor) -> Tensor {
        let owners = zip(columns.indices, columns).flatMap { index, column in
            Array(repeating: Int32(index), count: column.elements)
        }
        return cells.gathered(at: Tensor(owners), axis: 1)
    }

    /// The samples with missing cells taken from others of the same shape; the cells stay marked as
    /// missing.
    public func filling(_ samples: Tensor, from others: Tensor) -> Tensor {
        var isValue = [Float](repeating: 1, count: elements)
        for mark in marks { isValue[mark] = 0 }
        let isThere = spread(presence(of: samples))
        return samples * isThere
            + others * (1 - isThere) * Tensor(isValue).cast(to: samples.dataType)
    }
}
