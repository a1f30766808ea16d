import Autograd

// What a pass of a model gives is of a type of the model's own. These say what it may hold: a
// term of an objective names those that it needs, and does not compile with others.

/// An output that says something of the target.
public protocol HasLikelihood: Sendable {
    associatedtype TargetLikelihood: Likelihood
    /// The distribution of the target.
    var likelihood: TargetLikelihood { get }
}

/// An output with codes.
public protocol HasCode: Sendable {
    /// The codes that were decoded, `[batch, …]`: samples of the posterior.
    var code: Tensor { get }
}

/// An output with distributions of codes that are comparable with their priors: one, or one for
/// each layer of a hierarchy.
public protocol HasPosteriors: HasCode {
    var posteriors: [any ProbabilisticPosterior] { get }
}

/// An output whose codes can be differentiated by the input of the encoder.
public protocol HasEncoder: HasCode {
    /// What the encoder saw, `[batch, …]`.
    var encoderInput: Tensor { get }
    /// The encoder as the pass used it (in its mode, with its random numbers), from inputs to
    /// mean codes.
    var encode: @Sendable (Tensor) -> Tensor { get }
}

/// An output of a model that gives samples an energy.
public protocol HasEnergyGap: Sendable {
    /// The free energy of each sample minus that of what the model's Markov chain has come to,
    /// `[batch]`.
    var energyGap: Tensor { get }
}

/// An output that tells classes.
public protocol HasLogits: Sendable {
    /// Of the classes, `[batch, classes]`.
    var logits: Tensor { get }
}

/// What a pass through an encoder and a decoder gives.
public struct AutoencoderOutput<P: Posterior, TargetLikelihood: Likelihood>: HasLikelihood,
    HasEncoder
{
    /// What the encoder says of the codes.
    public let posterior: P
    public let code: Tensor
    public let likelihood: TargetLikelihood
    public let encoderInput: Tensor
    public let encode: @Sendable (Tensor) -> Tensor

    public init(
        posterior: P, code: Tensor, likelihood: TargetLikelihood, encoderInput: Tensor,
        encode: @escaping @Sendable (Tensor) -> Tensor
    ) {
        self.posterior = posterior
        self.code = code
        self.likelihood = likelihood
        self.encoderInput = encoderInput
        self.encode = encode
    }
}

extension AutoencoderOutput: HasPosteriors where P: ProbabilisticPosterior {
    public var posteriors: [any ProbabilisticPosterior] { [posterior] }
}
