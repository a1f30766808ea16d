import Autograd

/// Adaptive moment estimation on the rows that a step has looked up, also called lazy Adam: the
/// rule of ``Adam`` (Kingma and Ba, arXiv:1412.6980) for these rows and their moments, while the
/// moments of all others stay as they are.
///
/// With gradient g of a row, learning rate η and the number t of the step, counted from 1 and the
/// same for all rows:
///
///     m ← β₁ m + (1 − β₁) g            v ← β₂ v + (1 − β₂) g²
///     row ← row − η · √(1 − β₂ᵗ) / (1 − β₁ᵗ) · m / (√v + ε)
///
/// Here ε is added before the correction of v, as other libraries have it in the sparse rule.
public struct SparseAdam: SparseOptimizer {
    /// Traps unless it is a finite number from 0.
    public var learningRate: Double {
        didSet { requireRate("SparseAdam", "learning rate", learningRate) }
    }
    private let decays: AdaptiveDecays
    private var firstMoment: Tensor
    private var secondMoment: Tensor
    /// The number of steps taken, a scalar of `int32`.
    private var steps = Tensor.zeros([], dataType: .int32)

    /// - Parameters:
    ///   - table: what it is to train.
    ///   - firstDecay: β₁, of the mean of gradients.
    ///   - secondDecay: β₂, of the mean of their squares.
    ///   - epsilon: ε, which bounds the step where gradients are tiny.
    public init(
        for table: Tensor, learningRate: Double = 1e-3, firstDecay: Double = 0.9,
        secondDecay: Double = 0.999, epsilon: Double = 1e-8
    ) {
        requireRate("SparseAdam", "learning rate", learningRate)
        self.learningRate = learningRate
        decays = AdaptiveDecays(firstDecay, secondDecay, epsilon: epsilon, "SparseAdam")
        firstMoment = Tensor.zeros(like: table)
        secondMoment = Tensor.zeros(like: table)
    }

    public mutating func update(_ table: inout Tensor, rows: RowSelection, along gradient: Tensor) {
        check(table, rows, gradient)
        guard table.shape == firstMoment.shape else {
            programmerError(
                "SparseAdam",
                "made for a table of shape \(firstMoment.shape), not of \(table.shape)")
        }
        steps = steps + 1
        table.stepRows(
            along: gradient, at: rows, moments: &firstMoment, &secondMoment,
            decays: (decays.first, decays.second),
            size: decays.size(learningRate: learningRate, inStep: steps.scalar),
            epsilon: decays.epsilon)
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor.state("firstMoment", &firstMoment)
        visitor.state("secondMoment", &secondMoment)
        visitor.state("steps", &steps)
    }
}
