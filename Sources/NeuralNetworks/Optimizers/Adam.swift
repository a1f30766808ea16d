import Autograd

/// Adaptive moment estimation (Kingma and Ba, "Adam: A Method for Stochastic Optimization",
/// arXiv:1412.6980, algorithm 1).
///
/// With gradient g, learning rate η and step t from 1:
///
///     m ← β₁ m + (1 − β₁) g            v ← β₂ v + (1 − β₂) g²
///     p ← p − η · m / (1 − β₁ᵗ) / (√(v / (1 − β₂ᵗ)) + ε)
public struct Adam: Optimizer {
    /// Traps if set to a negative or infinite number or NaN.
    public var learningRate: Double {
        didSet { requireRate("Adam", "learning rate", learningRate) }
    }
    /// The coupled weight decay λ.
    public let weightDecay: Double
    private var moments: AdaptiveMoments

    /// Traps unless learning rate and weight decay are finite numbers from 0, the decays from 0 to
    /// below 1, and epsilon is above 0.
    ///
    /// - Parameters:
    ///   - firstDecay: β₁, the decay of the mean of gradients.
    ///   - secondDecay: β₂, the decay of the mean of their squares.
    ///   - epsilon: ε, which limits the step for tiny gradients.
    ///   - weightDecay: λ of a term λ/2 |p|² in the minimised loss. See ``AdamW`` for decoupled
    ///     decay, which does not pass through the moments.
    public init<Model: Module>(
        for model: Model, learningRate: Double = 1e-3, firstDecay: Double = 0.9,
        secondDecay: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0
    ) {
        requireRate("Adam", "learning rate", learningRate)
        requireRate("Adam", "weight decay", weightDecay)
        self.learningRate = learningRate
        self.weightDecay = weightDecay
        moments = AdaptiveMoments(for: model, firstDecay, secondDecay, epsilon, "Adam")
    }

    public mutating func update<Model: Module>(_ model: inout Model, along gradients: Model) {
        moments.update(
            &model, along: gradients, learningRate: learningRate, coupledDecay: weightDecay, "Adam")
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor.state("firstMoment", &moments.first)
        visitor.state("secondMoment", &moments.second)
        visitor.state("steps", &moments.steps)
    }
}
