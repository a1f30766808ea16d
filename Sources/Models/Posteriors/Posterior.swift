import Autograd

/// What an encoder gives for each sample: a code, or a distribution of codes.
///
/// The first axis of all its tensors is the batch.
public protocol Posterior: Sendable {
    /// The code that represents a sample, `[batch, …]`.
    var mean: Tensor { get }
    /// A code for each sample, of the shape of ``mean``, through which gradients flow back to the
    /// encoder.
    func sample(using generator: inout RandomGenerator) -> Tensor
}

/// A posterior with a density, comparable with the prior from which new codes are drawn, the
/// standard normal distribution.
public protocol ProbabilisticPosterior: Posterior {
    /// The log-density at codes of the shape of the mean, `[batch]`. Traps if the shapes differ.
    func logProbability(of code: Tensor) -> Tensor
    /// The Kullback–Leibler divergence of the posterior from the standard normal distribution, in
    /// nats, `[batch]`.
    var divergenceFromStandardNormal: Tensor { get }
}
