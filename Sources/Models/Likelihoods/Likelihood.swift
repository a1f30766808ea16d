import Autograd

/// What a decoder says about samples: a distribution for each, with independent components.
///
/// Tensors of a likelihood have the samples of the batch along their first axis.
public protocol Likelihood: Sendable {
    /// The expected samples, `[batch, …]`.
    var mean: Tensor { get }
    /// The values that it is defined for; nil where these are all numbers.
    var support: ClosedRange<Double>? { get }
    /// The log-probability, or log-density, of samples in nats, summed over their components:
    /// `[batch]`.
    func logProbability(of x: Tensor) -> Tensor
    /// A sample drawn from each distribution, of the shape of ``mean``. Has no derivative.
    func sample(using generator: inout RandomGenerator) -> Tensor
}

extension Likelihood {
    public var support: ClosedRange<Double>? { nil }
}

/// A likelihood of discrete values, whose negative log-probability is a cross-entropy.
public protocol DiscreteLikelihood: Likelihood {}
