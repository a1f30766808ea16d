import Autograd

/// A distribution of each sample, as given by a decoder, with independent components.
///
/// The first axis of all its tensors is the batch.
public protocol Likelihood: Sendable {
    /// The expected samples, `[batch, …]`.
    var mean: Tensor { get }
    /// The range of values for which it is defined; nil for all numbers.
    var support: ClosedRange<Double>? { get }
    /// The log-probability, or log-density, of samples in nats, summed over their components:
    /// `[batch]`.
    func logProbability(of x: Tensor) -> Tensor
    /// A sample drawn from each distribution, of the shape of ``mean``. Not differentiable.
    func sample(using generator: inout RandomGenerator) -> Tensor
}

extension Likelihood {
    public var support: ClosedRange<Double>? { nil }
}

/// A likelihood of discrete values, whose negative log-probability is a cross-entropy.
public protocol DiscreteLikelihood: Likelihood {}
