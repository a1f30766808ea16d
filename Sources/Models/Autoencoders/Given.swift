import Autograd
import Distributions

// The parts of a conditional model for samples of which the condition is known: parts of an ordinary
// one, so that everything that is computed of such a model holds for p(x | c), too.

/// What is known of each sample of a pass, `[batch, conditions]`.
struct Known: Sendable {
    private let numbers: Tensor

    init(_ numbers: Tensor) { self.numbers = numbers }

    /// Samples or codes, draw after draw, each followed by what is known of its sample.
    func joined(to rows: Tensor) -> Tensor {
        rows.joined(with: Draws(rows.shape[0] / numbers.shape[0]).repeated(numbers))
    }

    /// The distribution of codes by a prior.
    func distribution(
        by prior: some ConditionalPrior, for encoder: some VariationalEncoder,
        in context: inout PassContext
    ) -> any ContinuousDistribution {
        prior(for: encoder, given: numbers, in: &context)
    }
}

struct GivenEncoder<E: VariationalEncoder>: VariationalEncoder {
    var encoder: E
    let known: Known

    var latentSize: Int { encoder.latentSize }

    func callAsFunction(_ input: Tensor, in context: inout PassContext) -> E.Output {
        encoder(known.joined(to: input), in: &context)
    }

    func draw(
        _ count: Int, from posterior: E.Output, using generator: inout RandomGenerator
    ) -> PosteriorDraw {
        encoder.draw(count, from: posterior, using: &generator)
    }

    func centre(of posterior: E.Output) -> Tensor { encoder.centre(of: posterior) }

    mutating func visit(_ visitor: inout ModuleVisitor) { visitor.inline("encoder", &encoder) }
}

struct GivenDecoder<D: DecoderNetwork>: DecoderNetwork {
    var decoder: D
    let known: Known

    func callAsFunction(_ code: Tensor, in context: inout PassContext) -> D.Output {
        decoder(known.joined(to: code), in: &context)
    }

    mutating func visit(_ visitor: inout ModuleVisitor) { visitor.inline("decoder", &decoder) }
}

/// The prior of a model whose encoder is a `GivenEncoder<E>`.
struct GivenPrior<P: ConditionalPrior, E: VariationalEncoder>: Prior {
    var prior: P
    let known: Known

    func callAsFunction(
        for encoder: some VariationalEncoder, in context: inout PassContext
    ) -> any ContinuousDistribution {
        // A prior that is made of the encoder has conditions of its own.
        guard let given = encoder as? GivenEncoder<E> else {
            programmerError("GivenPrior", "an encoder of the type \(type(of: encoder))")
        }
        return known.distribution(by: prior, for: given.encoder, in: &context)
    }

    mutating func visit(_ visitor: inout ModuleVisitor) { visitor.inline("prior", &prior) }
}
