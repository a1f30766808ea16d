import Autograd
import Datasets
import Distributions

/// An encoder, a codebook and a decoder: samples are reconstructed through a grid of symbols (van den
/// Oord, Vinyals and Kavukcuoglu, arXiv:1711.00937).
///
/// ```swift
/// var model = QuantizedAutoencoder(
///     encoder: convolutions,
///     quantizer: VectorQuantizer(codes: 128, size: 16, using: &generator),
///     decoder: GaussianDecoder(transposedConvolutions))
/// model.startCodebook(at: firstBatch, using: &generator)
/// let objective = model.objective(
///     Reconstruction(.squaredError) + 0.25 * CommitmentLoss())
/// ```
///
/// ``encode(_:)`` gives the vectors of the codebook. Other numbers are decoded as they are, although the
/// decoder has learnt of no others: between two codes there is nothing.
public struct QuantizedAutoencoder<Body: Layer, Q: Quantizer, D: DecoderNetwork>:
    AutoencoderModel, HasCodebook, StartsCodebook
{
    /// From samples, `[batch, …]`, to codes, as the quantiser takes them.
    public var encoder: Body
    /// Of codes.
    public var quantizer: Q
    /// From codes to likelihoods of samples.
    public var decoder: D

    /// Combines the parts.
    public init(encoder: Body, quantizer: Q, decoder: D) {
        (self.encoder, self.quantizer, self.decoder) = (encoder, quantizer, decoder)
    }

    /// The output of a pass.
    public struct Output: HasLikelihood, HasQuantizedCode {
        public let likelihood: D.Output
        public let quantized: QuantizedCode
    }

    public func callAsFunction(_ batch: Batch, in context: inout PassContext) -> Output {
        let quantized = quantizer(encoder(batch.input, in: &context), in: &context)
        return Output(likelihood: decoder(quantized.passed, in: &context), quantized: quantized)
    }

    private func quantized(_ batch: Batch) -> QuantizedCode {
        var context = PassContext.evaluation
        return quantizer(encoder(batch.input, in: &context), in: &context)
    }

    public var codebook: Tensor { quantizer.codebook }
    public func indices(of batch: Batch) -> Tensor { quantized(batch).indices }
    public func decode(indices: Tensor) -> Tensor {
        decode(quantizer.code(of: indices).cast(to: dataType))
    }
    public func encode(_ batch: Batch) -> Tensor { quantized(batch).passed }
    public func decode(_ code: Tensor) -> Tensor { decoder(code).mean }

    public mutating func startCodebook(at batch: Batch, using generator: inout RandomGenerator) {
        quantizer.start(at: encoder(batch.input), using: &generator)
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("encoder", &encoder)
        visitor("quantizer", &quantizer)
        visitor("decoder", &decoder)
    }
}

extension QuantizedAutoencoder: StartsAtMean where D: StartsAtMean {
    public mutating func startOutput(at mean: Tensor) { decoder.startOutput(at: mean) }
}

extension QuantizedAutoencoder: DescribesDecoder {
    public var decoderSteps: [NetworkStep]? { decoder.steps }
    public var codeNames: [String] { decoder.codeNames }
}
