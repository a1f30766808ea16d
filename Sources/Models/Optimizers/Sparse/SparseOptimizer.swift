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
}

extension SparseOptimizer {
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
