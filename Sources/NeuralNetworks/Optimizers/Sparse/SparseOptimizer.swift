import Autograd

/// A rule that updates only the rows of a table that a step has looked up; all other rows, and
/// their optimiser state, are unchanged.
///
/// The cost of a step depends on the number of its rows, not on the size of the table. The table is
/// updated in place if there is no copy of it.
public protocol SparseOptimizer: Module {
    /// The factor of a step.
    var learningRate: Double { get set }

    /// Updates the selected rows of a table by one step against their gradient.
    ///
    /// - Parameters:
    ///   - table: `[count, …]`.
    ///   - rows: the rows, selected for a table of this size.
    ///   - gradient: with respect to the table at ``RowSelection/rows``, `[rows, …]`.
    mutating func update(_ table: inout Tensor, rows: RowSelection, along gradient: Tensor)

    /// Updates the rows that were looked up by one step against the gradient of the result;
    /// gradients of a row that was looked up several times are added.
    ///
    /// ```swift
    /// let (loss, gradient) = valueWithGradient(at: table.gathered(at: words)) { loss(of: $0) }
    /// optimizer.update(&table, at: words, along: gradient)
    /// ```
    ///
    /// - Parameters:
    ///   - table: `[count, …]`.
    ///   - indices: the rows that were looked up, `int32`, of any shape.
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

    /// Traps if the gradient does not fit the lookups in the table.
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

    /// Traps if the gradient does not fit these rows of the table.
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
