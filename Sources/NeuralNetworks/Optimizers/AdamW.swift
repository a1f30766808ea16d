import Autograd

/// Adam with decoupled weight decay (Loshchilov and Hutter, "Decoupled Weight Decay
/// Regularization", arXiv:1711.05101, algorithm 2): before the step of ``Adam`` every parameter
/// shrinks,
///
///     p ← p − η λ p
///
/// independently of the moments of its gradients. The decay is scaled by the learning rate, and
/// therefore follows its schedule.
public struct AdamW: Optimizer {
    /// Traps if set to a negative or infinite number or NaN.
    public var learningRate: Double {
        didSet { requireRate("AdamW", "learning rate", learningRate) }
    }
    /// The decoupled weight decay λ.
    public let weightDecay: Double
    private var moments: AdaptiveMoments

    /// Traps unless learning rate and weight decay are finite numbers from 0, the decays from 0 to
    /// below 1, and epsilon is above 0.
    ///
    /// - Parameters:
    ///   - firstDecay: β₁, the decay of the mean of gradients.
    ///   - secondDecay: β₂, the decay of the mean of their squares.
    ///   - epsilon: ε, which limits the step for tiny gradients.
    ///   - weightDecay: λ.
    public init<Model: Module>(
        for model: Model, learningRate: Double = 1e-3, firstDecay: Double = 0.9,
        secondDecay: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0.01
    ) {
        requireRate("AdamW", "learning rate", learningRate)
        requireRate("AdamW", "weight decay", weightDecay)
        self.learningRate = learningRate
        self.weightDecay = weightDecay
        moments = AdaptiveMoments(for: model, firstDecay, secondDecay, epsilon, "AdamW")
    }

    public mutating func update<Model: Module>(_ model: inout Model, along gradients: Model) {
        moments.update(
            &model, along: gradients, learningRate: learningRate,
            decoupledDecay: learningRate * weightDecay, "AdamW")
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor.state("firstMoment", &moments.first)
        visitor.state("secondMoment", &moments.second)
        visitor.state("steps", &moments.steps)
    }
}
