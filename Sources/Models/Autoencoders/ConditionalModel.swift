import Autograd
import Datasets
import Distributions

/// A model of samples of which something is known, p(x | c) = ∫ p(x | z, c) p(z | c) dz: their class, or
/// a number (Sohn, Lee and Yan, "Learning Structured Output Representation using Deep Conditional
/// Generative Models", 2015). What is known goes into encoder and decoder, so that codes need say only
/// the rest.
///
/// For any condition it is a ``LatentVariableModel``, and is made of the same parts. Encoders see each
/// sample followed by its condition, `[batch, elements + condition.size]`, decoders each code so:
///
/// ```swift
/// let model = ConditionalModel(
///     encoder: FlowEncoder(base: gaussian, flows: flows), decoder: BernoulliDecoder(head),
///     condition: .classes(10))
/// let objective = model.objective(Reconstruction() + KullbackLeibler())
/// ```
///
/// A ``VampPrior`` has pseudo-inputs with conditions.
public struct ConditionalModel<E: VariationalEncoder, P: ConditionalPrior, D: DecoderNetwork>:
    Trainable, Conditional
{
    /// From samples and conditions to posteriors of their codes.
    public var encoder: E
    /// Of codes.
    public var prior: P
    /// From codes and conditions to likelihoods of samples.
    public var decoder: D
    /// What is known.
    public let condition: Condition
    /// How many codes of each sample a pass draws.
    public var draws: Int

    /// Traps if `draws` is not positive.
    public init(encoder: E, prior: P, decoder: D, condition: Condition, draws: Int = 1) {
        guard draws > 0 else { programmerError("ConditionalModel", "\(draws) draws of a code") }
        (self.encoder, self.prior, self.decoder) = (encoder, prior, decoder)
        (self.condition, self.draws) = (condition, draws)
    }

    /// The model of the samples of a batch, given what is known of them.
    private func given(
        _ batch: Batch
    ) -> LatentVariableModel<GivenEncoder<E>, GivenPrior<P, E>, GivenDecoder<D>> {
        let known = Known(condition.numbers(of: batch))
        return LatentVariableModel(
            encoder: GivenEncoder(encoder: encoder, known: known),
            prior: GivenPrior(prior: prior, known: known),
            decoder: GivenDecoder(decoder: decoder, known: known), draws: draws)
    }

    public func callAsFunction(
        _ batch: Batch, in context: inout PassContext
    ) -> VariationalOutput<D.Output> {
        given(batch)(batch, in: &context)
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("encoder", &encoder)
        visitor("prior", &prior)
        visitor("decoder", &decoder)
    }
}

extension ConditionalModel where P == StandardNormalPrior {
    /// With the standard normal prior. Traps if `draws` is not positive.
    public init(encoder: E, decoder: D, condition: Condition, draws: Int = 1) {
        self.init(
            encoder: encoder, prior: StandardNormalPrior(), decoder: decoder, condition: condition,
            draws: draws)
    }
}

extension ConditionalModel: Encodes, Reconstructs, DecodesGiven {
    public func encode(_ batch: Batch) -> Tensor { given(batch).encode(batch) }

    /// Decodes the mean codes under the samples' own conditions; nothing is drawn at random.
    public func reconstruct(_ batch: Batch) -> Tensor { given(batch).reconstruct(batch) }

    public func decode(_ code: Tensor, given condition: Tensor) -> Tensor {
        let known = Known(self.condition.numbers(condition, as: code.dataType))
        return GivenDecoder(decoder: decoder, known: known)(code).mean
    }

    public func moved(_ code: Tensor, from condition: Tensor, to other: Tensor) -> Tensor {
        var context = PassContext.evaluation
        return prior.moved(
            code, from: self.condition.numbers(condition, as: code.dataType),
            to: self.condition.numbers(other, as: code.dataType), in: &context)
    }
}

extension ConditionalModel: Generates {
    public var codePrior: CodePrior { prior.codePrior }

    /// Traps unless there is a condition for each sample.
    public func sample(
        _ count: Int, given condition: Tensor?, using generator: inout RandomGenerator
    ) -> Tensor {
        guard let condition, condition.shape.first == count else {
            programmerError(
                "ConditionalModel",
                "\(count) samples with conditions of shape \(condition?.shape ?? [])")
        }
        let known = Known(self.condition.numbers(condition, as: dataType))
        var context = PassContext.evaluation
        let codes = known.distribution(by: prior, for: encoder, in: &context)
        let drawn = codes.sample(prior is any Prior ? [count] : [], using: &generator)
        return GivenDecoder(decoder: decoder, known: known)(drawn).mean
    }
}

extension ConditionalModel: EstimatesLikelihood {
    /// The evidence lower bound of log p(x | c), estimated with one code for each sample.
    public func logLikelihood(
        of batch: Batch, using generator: inout RandomGenerator
    ) -> Tensor {
        given(batch).logLikelihood(of: batch, using: &generator)
    }

    /// Of p(x | c).
    public func logWeights(
        of batch: Batch, draws: Int, using generator: inout RandomGenerator
    ) -> Tensor {
        given(batch).logWeights(of: batch, draws: draws, using: &generator)
    }
}

extension ConditionalModel: StartsAtMean where D: StartsAtMean {
    public mutating func startOutput(at mean: Tensor) { decoder.startOutput(at: mean) }
}
