import Autograd
import Distributions

/// A latent variable of each sample: its posterior, its prior, and the codes that a pass drew.
public struct LatentVariable: Sendable {
    /// Given the sample, `[batch, …]`.
    public let posterior: any ContinuousDistribution
    /// From which new codes are drawn: of one code, or one for each row.
    public let prior: any ContinuousDistribution
    /// Draws of the posterior, `[draws * batch, …]`.
    public let code: Tensor
    private let knownLogPosterior: Tensor?
    private let origin: PosteriorDraw.Origin?

    /// - Parameters:
    ///   - prior: the standard normal distribution if not given. Traps without one for a posterior
    ///     that is not spread over all numbers.
    public init(
        posterior: any ContinuousDistribution, draw: PosteriorDraw,
        prior: (any ContinuousDistribution)? = nil
    ) {
        self.posterior = posterior
        code = draw.code
        knownLogPosterior = draw.logProbability
        origin = draw.origin
        guard prior != nil || posterior.support == .unbounded else {
            programmerError(
                "LatentVariable",
                "a posterior of numbers in \(posterior.support) needs a prior of its own")
        }
        self.prior =
            prior
            ?? Independent(
                Normal.standard(Array(code.shape.dropFirst()), dataType: code.dataType),
                axes: code.rank - 1)
    }

    /// With codes of which nothing else is known.
    public init(
        posterior: any ContinuousDistribution, code: Tensor,
        prior: (any ContinuousDistribution)? = nil
    ) {
        self.init(
            posterior: posterior, draw: PosteriorDraw(code: code, draws: .one), prior: prior)
    }

    /// log q(z | x) of each code, `[draws * batch]`.
    public var logPosterior: Tensor {
        knownLogPosterior ?? logDensity(of: posterior, at: code)
    }

    /// log p(z) of each code, `[draws * batch]`.
    public var logPrior: Tensor { logDensity(of: prior, at: code) }

    private func logDensity(
        of distribution: any ContinuousDistribution, at code: Tensor
    ) -> Tensor {
        let elements = max(distribution.shape.reduce(1, *), 1)
        let codes = code.reshaped([code.count / elements] + distribution.shape)
        return distribution.logProbability(of: codes).flattened(fromAxis: 0)
    }

    /// The Kullback–Leibler divergence of the posterior from the prior, in nats: in closed form
    /// where one is known, `[batch]`, otherwise log q − log p of each code, whose expectation it is,
    /// `[draws * batch]`.
    ///
    /// Where codes went through functions, only what these change is estimated: the estimate of the
    /// divergence that the origin of the codes has is replaced by its closed form. So units that say
    /// nothing add no noise.
    public var divergence: Tensor {
        if let divergence = posterior.divergence(from: prior) { return divergence }
        let estimate = logPosterior - logPrior
        guard let origin, let known = origin.distribution.divergence(from: prior) else {
            return estimate
        }
        let replaced =
            logDensity(of: origin.distribution, at: origin.code)
            - logDensity(of: prior, at: origin.code)
        let draws = estimate.count / known.count
        return estimate - replaced + concatenated(Array(repeating: known, count: draws))
    }

    /// The divergence by units of a code, `[…, units]`: its numbers, if posterior and prior are
    /// independent in them, and otherwise the code as a whole. Of a mixture of such posteriors it is the
    /// mean over these, which is at least its own.
    public var unitDivergence: Tensor {
        let parts =
            (posterior as? any IndependentParts)?.divergenceOfParts(from: prior)
            ?? (posterior as? any MixtureOfParts)?.meanDivergenceOfParts(from: prior)
        return parts?.flattened() ?? divergence.expandingAxis(1)
    }
}
