import Autograd
import Datasets
import Distributions

/// An encoder and a decoder, which together reconstruct their input through a code.
///
/// ```swift
/// let vae = Autoencoder(
///     encoder: GaussianEncoder(body, features: 400, latentSize: 20, using: &generator),
///     decoder: BernoulliDecoder(head))
/// let objective = Reconstruction() + 4 * KullbackLeibler()
/// let (loss, gradients) = valueWithGradient(at: vae) { vae in
///     objective(vae.pass(images, in: &context)).total
/// }
/// ```
///
/// Variants differ only in these two parts and in the objective; nothing has to be subclassed.
public struct Autoencoder<E: EncoderNetwork, D: DecoderNetwork>: AutoencoderModel {
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
        let (start, encoder) = (context, encoder)
        let posterior = encoder(batch.input, in: &context)
        let code = posterior.sample(using: &context.generator)
        return AutoencoderOutput(
            posterior: posterior, code: code, likelihood: decoder(code, in: &context),
            encoderInput: batch.input,
            encode: { input in
                var context = start
                return encoder(input, in: &context).mean
            })
    }

    public func encode(_ batch: Batch) -> Tensor { encoder(batch.input).mean }

    public func decode(_ code: Tensor) -> Tensor { decoder(code).mean }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("encoder", &encoder)
        visitor("decoder", &decoder)
    }
}

extension Autoencoder: Generates where E: VariationalEncoder {
    public var hasNormalPrior: Bool { true }

    /// The rows of tables are drawn from their likelihood: the mean of a category is none of its
    /// values. Traps if a condition is given.
    public func sample(
        _ count: Int, given condition: Tensor?, using generator: inout RandomGenerator
    ) -> Tensor {
        requireNoCondition(condition, "Autoencoder")
        let type = decoder.tensors.first?.dataType ?? .float32
        let prior = Normal.standard([count, encoder.latentSize], dataType: type)
        let likelihood = decoder(prior.sample(using: &generator))
        return (likelihood as? Tabular)?.sample([], using: &generator) ?? likelihood.mean
    }
}

extension Autoencoder: Scores where E: VariationalEncoder {
    /// The evidence lower bound, estimated with one sampled code per sample.
    public func logLikelihood(
        of batch: Batch, using generator: inout RandomGenerator
    ) -> Tensor {
        var context = PassContext.evaluation(generator)
        let output = self(batch, in: &context)
        generator = context.generator
        return output.latentVariables.reduce(output.likelihood.logProbability(of: batch.target)) {
            $0 - $1.divergence
        }
    }
}

/// Traps if a condition is given to a model that takes none.
func requireNoCondition(_ condition: Tensor?, _ model: String) {
    if let condition {
        programmerError(
            model, "it takes no condition, but was given one of shape \(condition.shape)")
    }
}
