import Autograd
import Distributions

/// The output of a pass through a model with latent variables.
public struct VariationalOutput<TargetLikelihood: Distribution>: HasLikelihood, HasEncoder,
    HasGradientPaths
{
    public let latentVariables: [LatentVariable]
    /// Of all draws, `[draws * batch, …]`.
    public let likelihood: TargetLikelihood
    public let draws: Draws
    public let encoderInput: Tensor
    public let encode: @Sendable (Tensor) -> Tensor
    private let again: @Sendable (GradientPath) -> VariationalOutput

    /// - Parameters:
    ///   - latentVariables: the last one is decoded.
    ///   - again: the same pass with the same codes, differentiated along one path alone. Only
    ///     log-weights are taken from it.
    public init(
        latentVariables: [LatentVariable], likelihood: TargetLikelihood, draws: Draws,
        encoderInput: Tensor, encode: @escaping @Sendable (Tensor) -> Tensor,
        again: @escaping @Sendable (GradientPath) -> VariationalOutput
    ) {
        guard !latentVariables.isEmpty else {
            programmerError("VariationalOutput", "no latent variable")
        }
        self.latentVariables = latentVariables
        self.likelihood = likelihood
        self.draws = draws
        self.encoderInput = encoderInput
        self.encode = encode
        self.again = again
    }

    public var code: Tensor { latentVariables[latentVariables.count - 1].code }

    public func along(_ path: GradientPath) -> VariationalOutput { again(path) }
}

/// What a bound is differentiated with respect to, where its gradient consists of parts that are
/// computed in different ways.
public enum GradientPath: Sendable {
    /// The decoder and the prior; codes and their posterior are constant.
    case model
    /// The encoder; the decoder and the prior are constant.
    case encoder
    /// The codes alone: the density of the posterior is constant too, so that its own derivative,
    /// whose expectation is zero, adds no noise (Roeder et al., arXiv:1703.09194).
    case codes
}

/// An output whose log-weights can be differentiated along each path alone.
public protocol HasGradientPaths: HasLikelihood, HasLatentVariables {
    /// The same pass with the same codes, with the same values.
    func along(_ path: GradientPath) -> Self
}

extension HasLikelihood where Self: HasLatentVariables {
    /// log p(x | z) + log p(z) − log q(z | x) of each draw, `[draws * batch]`: the logarithms of the
    /// weights of importance sampling, the mean of which is p(x).
    public func logWeights(of target: Tensor) -> Tensor {
        latentVariables.reduce(likelihood.logProbability(of: draws.repeated(target))) {
            $0 + ($1.logPrior - $1.logPosterior)
        }
    }

    /// The evidence lower bound, `[batch]`, with divergences in closed form where one is known.
    public func evidenceLowerBound(of target: Tensor) -> Tensor {
        draws.mean(likelihood.logProbability(of: draws.repeated(target)))
            - divergence(samples: target.shape[0])
    }
}
