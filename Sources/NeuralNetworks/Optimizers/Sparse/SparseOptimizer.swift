import Autograd

/// A rule by which those rows of a table follow their gradient that a step has looked up; all
/// others stay as they are, and so does what the optimiser keeps of them.
///
/// A step costs as much as its rows, however large the table. It is written in place where no
/// copy of it is kept.
public protocol SparseOptimizer: Module {
    /// The factor of a step.
    var learningRate: Double { get set }

    /// Moves the selected rows of a table one step against their gradient.
    ///
    /// - Parameters:
    ///   - table: `[count, …]`.
    ///   - rows: which rows; made for a table of as many.
    ///   - gradient: with respect to the table at ``RowSelection/rows``, `[rows, …]`.
    mutating func update(_ table: inout Tensor, rows: RowSelection, along gradient: Tensor)

    /// Moves the rows that were looked up one step against the gradient of what was found there;
    /// where one row was looked up several times these add up.
    ///
    /// ```swift
    /// let (loss, gradient) = valueWithGradient(at: table.gathered(at: words)) { loss(of: $0) }
    /// optimizer.update(&table, at: words, along: gradient)
    /// ```
    ///
    /// - Parameters:
    ///   - table: `[count, …]`.
    ///   - indices: which rows were looked up, `int32`, of any shape.
    ///   - gradient: with respect to `table.gathered(at: indices)`, of its shape.
    mutating func update(_ table: inout Tensor, at indices: Tensor, along gradient: Tensor)
}

extension SparseOptimizer {
    public mutating func update(
        _ table: inout Tensor, at indices: Tensor, along gradient: Tensor
    ) {
        check(table, lookups: indices, gradient)
        let rows = RowSelection(indices, of: table.shape[0])
        update(
            &table, rows: rows,
            along: gradient.scatterAdded(at: rows.positions, size: rows.count))
    }

    /// Traps unless the gradient is one of lookups in the table.
    func check(_ table: Tensor, lookups indices: Tensor, _ gradient: Tensor) {
        guard table.rank > 0, gradient.dataType == table.dataType,
            gradient.shape == indices.shape + table.shape.dropFirst()
        else {
            programmerError(
                "\(Self.self)",
                "a gradient of \(gradient.dataType) of shape \(gradient.shape) for lookups of "
                    + "shape \(indices.shape) in a table of \(table.dataType) of shape "
                    + "\(table.shape)")
        }
    }

    /// Traps unless the gradient is one of these rows of the table.
    func check(_ table: Tensor, _ rows: RowSelection, _ gradient: Tensor) {
        guard table.rank > 0, gradient.dataType == table.dataType,
            gradient.shape == [rows.count] + table.shape.dropFirst()
        else {
            programmerError(
                "\(Self.self)",
                "a gradient of \(gradient.dataType) of shape \(gradient.shape) for \(rows.count) "
                    + "rows of a table of \(table.dataType) of shape \(table.shape)")
        }
    }
}
