import Autograd

/// Stochastic gradient descent on the rows that a step has looked up: row ← row − η g.
public struct SparseSGD: SparseOptimizer {
    public var learningRate: Double

    public init(learningRate: Double) { self.learningRate = learningRate }

    public mutating func update(_ table: inout Tensor, rows: RowSelection, along gradient: Tensor) {
        check(table, rows, gradient)
        table.addRows(-learningRate * gradient, at: rows)
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {}
}
