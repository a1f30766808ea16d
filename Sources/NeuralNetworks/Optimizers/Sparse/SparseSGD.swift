import Autograd

/// Stochastic gradient descent for the rows that a step has looked up: row ← row − η g.
public struct SparseSGD: SparseOptimizer {
    /// Traps if set to a negative or infinite number or NaN.
    public var learningRate: Double {
        didSet { requireRate("SparseSGD", "learning rate", learningRate) }
    }

    /// Traps if the learning rate is not a finite number from 0.
    public init(learningRate: Double) {
        requireRate("SparseSGD", "learning rate", learningRate)
        self.learningRate = learningRate
    }

    public mutating func update(_ table: inout Tensor, rows: RowSelection, along gradient: Tensor) {
        check(table, rows, gradient)
        table.addRows(gradient, scaledBy: -learningRate, at: rows)
    }

    public mutating func update(
        _ table: inout Tensor, at indices: Tensor, along gradient: Tensor
    ) {
        check(table, lookups: indices, gradient)
        table.addRows(gradient, scaledBy: -learningRate, at: indices)
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {}
}
