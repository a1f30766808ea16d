import Autograd
import Distributions

// Each model has its own type of output. These protocols say what it contains: a term of an
// objective names those it needs, and does not compile with models that lack them.

/// An output of one code for each sample, or of several.
public protocol HasDraws: Sendable {
    /// How many codes each sample has, and how they count.
    var draws: Draws { get }
}

extension HasDraws {
    public var draws: Draws { .one }
}

/// An output with a likelihood of the target.
public protocol HasLikelihood: HasDraws {
    associatedtype TargetLikelihood: Distribution
    /// The distribution of the target, `[draws * batch, …]`.
    var likelihood: TargetLikelihood { get }
}

/// An output with codes.
public protocol HasCode: HasDraws {
    /// The codes that were decoded, `[draws * batch, …]`: samples of the posterior.
    var code: Tensor { get }
}

/// An output with posteriors that are comparable with their priors: one, or one for each layer
/// of a hierarchy.
public protocol HasLatentVariables: HasCode {
    /// The posteriors of the codes, with their priors.
    var latentVariables: [LatentVariable] { get }
}

/// An output whose codes can be differentiated with respect to the encoder's input.
public protocol HasEncoder: HasCode {
    /// The input of the encoder, `[batch, …]`.
    var encoderInput: Tensor { get }
    /// The encoder as the pass used it (in its mode, with its random numbers), from inputs to
    /// mean codes.
    var encode: @Sendable (Tensor) -> Tensor { get }
}

/// An output of an energy-based model.
public protocol HasEnergyGap: Sendable {
    /// The free energy of each sample minus that of the final state of the model's Markov chain,
    /// `[batch]`.
    var energyGap: Tensor { get }
}

/// An output with class logits.
public protocol HasLogits: Sendable {
    /// The logits of the classes, `[batch, classes]`.
    var logits: Tensor { get }
}

/// The output of a pass through an encoder and a decoder.
public struct AutoencoderOutput<Posterior: Distribution, TargetLikelihood: Distribution>:
    HasLikelihood, HasEncoder, HasDecoder
{
    /// The posterior of the codes, given by the encoder.
    public let posterior: Posterior
    public let code: Tensor
    public let likelihood: TargetLikelihood
    public let encoderInput: Tensor
    public let encode: @Sendable (Tensor) -> Tensor
    public let decode: @Sendable (Tensor) -> Tensor
    public var decoderParameters: [Tensor] { parameters() }
    private let parameters: @Sendable () -> [Tensor]

    /// Combines the parts of an output.
    ///
    /// - Parameters:
    ///   - encode: the encoder as the pass used it, from inputs to mean codes.
    ///   - decode: the decoder as the pass used it, from codes to expected samples.
    ///   - decoderParameters: called where a term needs them.
    public init(
        posterior: Posterior, code: Tensor, likelihood: TargetLikelihood, encoderInput: Tensor,
        encode: @escaping @Sendable (Tensor) -> Tensor,
        decode: @escaping @Sendable (Tensor) -> Tensor,
        decoderParameters: @escaping @Sendable () -> [Tensor]
    ) {
        self.posterior = posterior
        self.code = code
        self.likelihood = likelihood
        self.encoderInput = encoderInput
        self.encode = encode
        self.decode = decode
        parameters = decoderParameters
    }
}
