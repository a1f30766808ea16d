import Autograd

/// One-hot vectors, drawn in a way that gradients flow through: relaxed to vectors of positive numbers
/// that add up to 1 (Jang et al., "Categorical Reparameterization with Gumbel-Softmax",
/// arXiv:1611.01144; Maddison et al., arXiv:1611.00712).
///
/// Mean, variance, log-probability and divergence are those of the one-hot vectors; the density of
/// relaxed draws is that of ``RelaxedCategorical``. So the divergence, and with it the evidence lower
/// bound, is that of one-hot codes; bounds by the weights of draws hold for one-hot draws alone.
public struct GumbelSoftmax: ContinuousDistribution, ReparameterizedDistribution {
    /// What draws are.
    public enum Draw: Sendable, Hashable {
        /// Vectors close to one-hot ones at low temperatures.
        case relaxed
        /// One-hot vectors with the gradient of relaxed ones (section 2.2 of the paper).
        case straightThrough
        /// One-hot vectors without a gradient.
        case oneHot
    }

    /// The logarithms of the class probabilities up to a constant, `[…, classes]`.
    public let logits: Tensor
    /// What draws are.
    public let draw: Draw
    private let relaxation: RelaxedCategorical

    /// Traps if there are no classes, or the temperature is not positive and finite.
    public init(logits: Tensor, temperature: Double, draw: Draw = .relaxed) {
        relaxation = RelaxedCategorical(logits: logits, temperature: temperature)
        (self.logits, self.draw) = (logits, draw)
    }

    public var shape: [Int] { logits.shape }
    public var dataType: DataType { logits.dataType }
    public var eventRank: Int { 1 }
    public var support: ClosedRange<Double> { 0...1 }

    /// The probabilities of the classes.
    public var mean: Tensor { softmax(logits) }
    public var variance: Tensor { mean * (1 - mean) }
    public var entropy: Tensor? { -(mean * logSoftmax(logits)).sum(axes: [-1]) }

    public func sample(_ draws: [Int], using generator: inout RandomGenerator) -> Tensor {
        let soft = relaxation.sample(draws, using: &generator)
        guard draw != .relaxed else { return soft }
        let fixed = stopGradient(soft)
        let hard = oneHot(fixed.argmax(axis: -1), depth: shape[shape.count - 1], dataType: dataType)
        return draw == .oneHot ? hard : hard + (soft - fixed)
    }

    /// Σ xᵢ log pᵢ: of one-hot vectors their log-probability.
    public func logProbability(of x: Tensor) -> Tensor {
        requireDraw(x)
        return (x * logSoftmax(logits)).sum(axes: [-1])
    }

    /// Σ pᵢ log (pᵢ / qᵢ).
    public func divergence(from other: any Distribution) -> Tensor? {
        guard let other = other.unwrapped as? GumbelSoftmax else { return nil }
        requireComparable(other)
        return (mean * (logSoftmax(logits) - logSoftmax(other.logits))).sum(axes: [-1])
    }
}
