import Autograd

/// Adam with decoupled weight decay (Loshchilov and Hutter, "Decoupled Weight Decay
/// Regularization", arXiv:1711.05101, algorithm 2): before the step of ``Adam`` every parameter
/// shrinks,
///
///     p ← p − η λ p
///
/// whatever the moments of its gradients. The decay follows the learning rate, and so its
/// schedule.
public struct AdamW: Optimizer {
    /// Traps unless it is a finite number from 0.
    public var learningRate: Double {
        didSet { requireRate("AdamW", "learning rate", learningRate) }
    }
    public let weightDecay: Double
    private var moments: AdaptiveMoments

    /// - Parameters:
    ///   - firstDecay: β₁, of the mean of gradients.
    ///   - secondDecay: β₂, of the mean of their squares.
    ///   - epsilon: ε, which bounds the step where gradients are tiny.
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
