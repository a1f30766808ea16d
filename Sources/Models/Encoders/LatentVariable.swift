import Autograd
import Distributions

/// A latent variable of each sample: its posterior, its prior, and the code that a pass drew.
public struct LatentVariable: Sendable {
    /// Given the sample.
    public let posterior: any ContinuousDistribution
    /// From which new codes are drawn.
    public let prior: any ContinuousDistribution
    /// A draw of the posterior, `[batch, …]`.
    public let code: Tensor

    /// - Parameter prior: the standard normal distribution if not given. Traps without one for a
    ///   posterior that is not spread over all numbers.
    public init(
        posterior: any ContinuousDistribution, code: Tensor,
        prior: (any ContinuousDistribution)? = nil
    ) {
        self.posterior = posterior
        self.code = code
        guard prior != nil || posterior.support == .unbounded else {
            programmerError(
                "LatentVariable",
                "a posterior of numbers in \(posterior.support) needs a prior of its own")
        }
        self.prior =
            prior ?? Independent(Normal.standard(code.shape, dataType: code.dataType))
    }

    /// The Kullback–Leibler divergence of the posterior from the prior, in nats, `[batch]`: in
    /// closed form where one is known, otherwise log q − log p at the code, whose expectation it is.
    public var divergence: Tensor {
        posterior.divergence(from: prior)
            ?? posterior.logProbability(of: code) - prior.logProbability(of: code)
    }
}
