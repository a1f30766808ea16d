import Autograd

/// Adaptive moment estimation for the rows that a step has looked up, also called lazy Adam: the
/// rule of ``Adam`` (Kingma and Ba, arXiv:1412.6980) for these rows and their moments, while the
/// moments of all other rows are unchanged.
///
/// With gradient g of a row, learning rate η and step number t, counted from 1 and the same for all
/// rows:
///
///     m ← β₁ m + (1 − β₁) g            v ← β₂ v + (1 − β₂) g²
///     row ← row − η · √(1 − β₂ᵗ) / (1 − β₁ᵗ) · m / (√v + ε)
///
/// Here ε is added before the correction of v, as in the sparse rule of other libraries.
public struct SparseAdam: SparseOptimizer {
    /// Traps if set to a negative or infinite number or NaN.
    public var learningRate: Double {
        didSet { requireRate("SparseAdam", "learning rate", learningRate) }
    }
    private let decays: AdaptiveDecays
    private var firstMoment: Tensor
    private var secondMoment: Tensor
    /// The number of steps taken, a scalar of `int32`.
    private var steps = Tensor.zeros([], dataType: .int32)

    /// Traps unless the learning rate is a finite number from 0, the decays are from 0 to below 1,
    /// and epsilon is above 0.
    ///
    /// - Parameters:
    ///   - table: the table to be trained.
    ///   - firstDecay: β₁, the decay of the mean of gradients.
    ///   - secondDecay: β₂, the decay of the mean of their squares.
    ///   - epsilon: ε, which limits the step for tiny gradients.
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
