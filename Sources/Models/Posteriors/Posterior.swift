import Autograd

/// What an encoder says about the code of each sample: a code, or a distribution of codes.
///
/// Tensors of a latent have the samples of the batch along their first axis.
public protocol Posterior: Sendable {
    /// The code that stands for a sample, `[batch, …]`.
    var mean: Tensor { get }
    /// A code of each sample, of the shape of ``mean``, through which gradients flow back to the
    /// encoder.
    func sample(using generator: inout RandomGenerator) -> Tensor
}

/// A latent that is a distribution with a density, comparable with the prior from which new
/// codes are drawn, the standard normal distribution.
public protocol ProbabilisticPosterior: Posterior {
    /// The log-density at codes of the shape of the mean, `[batch]`.
    func logProbability(of code: Tensor) -> Tensor
    /// The Kullback–Leibler divergence of the latent from the standard normal distribution, in
    /// nats, `[batch]`.
    var divergenceFromStandardNormal: Tensor { get }
}

/// One code for each sample, without uncertainty: the latent of a plain autoencoder.
public struct DeterministicPosterior: Posterior {
    /// The codes, `[batch, …]`.
    public let mean: Tensor

    public init(_ code: Tensor) { mean = code }

    /// The code itself.
    public func sample(using generator: inout RandomGenerator) -> Tensor { mean }
}
