import Autograd

/// Stochastic gradient descent on the rows that a step has looked up: row ← row − η g.
public struct SparseSGD: SparseOptimizer {
    public var learningRate: Double

    public init(learningRate: Double) { self.learningRate = learningRate }

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
