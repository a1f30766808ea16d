import Autograd

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
/// Variants differ in these two parts and in the objective; there is nothing to subclass.
public struct Autoencoder<E: Encoder, D: Decoder>: AutoencoderModel {
    public var encoder: E
    public var decoder: D

    public init(encoder: E, decoder: D) {
        self.encoder = encoder
        self.decoder = decoder
    }

    public func pass(_ input: Tensor, target: Tensor, in context: inout Context) -> Pass {
        let (start, encoder) = (context, encoder)
        let posterior = encoder(input, in: &context)
        let code = posterior.sample(using: &context.generator)
        return Pass(
            input: input, target: target, posterior: posterior, code: code,
            output: decoder(code, in: &context), in: &context,
            encode: { input in
                var context = start
                return encoder(input, in: &context).mean
            })
    }

    public func encode(_ input: Tensor) -> Tensor { encoder(input).mean }

    public func decode(_ code: Tensor) -> Tensor { decoder(code).mean }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("encoder", &encoder)
        visitor("decoder", &decoder)
    }
}

extension Autoencoder: GenerativeModel where E: VariationalEncoder {
    /// The prior is the standard normal distribution.
    public func sample(_ count: Int, using generator: inout RandomGenerator) -> Tensor {
        let type = decoder.tensors.first?.dataType ?? .float32
        return decode(generator.normal([count, encoder.latentSize], dataType: type))
    }
}
