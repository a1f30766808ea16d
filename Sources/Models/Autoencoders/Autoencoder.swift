import Autograd
import Datasets
import Distributions

/// An encoder and a decoder, which together reconstruct their input through a code.
///
/// ```swift
/// let model = Autoencoder(
///     encoder: DeterministicEncoder(body), decoder: BernoulliDecoder(head))
/// let objective = Reconstruction() + 0.1 * L1OfCodes()
/// let (loss, gradients) = valueWithGradient(at: model) { model in
///     objective(model.pass(images, in: &context)).total
/// }
/// ```
///
/// Variants differ only in these two parts and in the objective; nothing has to be subclassed. One
/// whose codes have a prior is a ``LatentVariableModel``.
public struct Autoencoder<E: EncoderNetwork, D: DecoderNetwork>: AutoencoderModel
where E.Output: ReparameterizedDistribution {
    /// From samples to posteriors of codes.
    public var encoder: E
    /// From codes to likelihoods of samples.
    public var decoder: D

    /// Combines an encoder with a decoder.
    public init(encoder: E, decoder: D) {
        self.encoder = encoder
        self.decoder = decoder
    }

    public func callAsFunction(
        _ batch: Batch, in context: inout PassContext
    ) -> AutoencoderOutput<E.Output, D.Output> {
        let (start, encoder, decoder) = (context, encoder, decoder)
        let posterior = encoder(batch.input, in: &context)
        let code = posterior.sample(using: &context.generator)
        let afterEncoder = context
        return AutoencoderOutput(
            posterior: posterior, code: code, likelihood: decoder(code, in: &context),
            encoderInput: batch.input,
            encode: { input in
                var context = start
                return encoder(input, in: &context).mean
            },
            decode: { code in
                var context = afterEncoder
                return decoder(code, in: &context).mean
            },
            decoderParameters: { decoder.tensors })
    }

    public func encode(_ batch: Batch) -> Tensor { encoder(batch.input).mean }

    public func decode(_ code: Tensor) -> Tensor { decoder(code).mean }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("encoder", &encoder)
        visitor("decoder", &decoder)
    }
}

/// Traps if a condition is given to a model that takes none.
func requireNoCondition(_ condition: Tensor?, _ model: String) {
    if let condition {
        programmerError(
            model, "it takes no condition, but was given one of shape \(condition.shape)")
    }
}
