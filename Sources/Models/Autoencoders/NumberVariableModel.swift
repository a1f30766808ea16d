import Autograd
import Datasets
import Distributions

/// A model of samples by two latent variables: a number, known of some samples, and a code of what the
/// number does not say (as the class of ``ClassVariableModel``, with a number in its place).
///
/// ```swift
/// let objective = model.objective(
///     Reconstruction() + KullbackLeibler() + 10 * KnownNumbers())
/// ```
///
/// The number has a normal posterior given the sample alone, from which a pass draws one; a sample whose
/// number is known in training has that one, and its divergence is none. In evaluation no number is told.
/// Batches have the numbers as their conditions; what is not known is not a number. Inside they count in
/// deviations from the mean, so that their prior is the standard normal distribution.
public struct NumberVariableModel<E: VariationalEncoder, P: Prior, D: DecoderNetwork>: Trainable {
    /// From samples to the mean of the number and the logarithm of its variance.
    public var regressor: MultilayerPerceptron
    /// From samples, each followed by its number, to posteriors of codes.
    public var encoder: E
    /// Of codes.
    public var prior: P
    /// From codes, each followed by the number, to likelihoods of samples.
    public var decoder: D
    /// The numbers of the training samples.
    public let numbers: ConditionNumbers

    /// Combines the parts. Traps unless the regressor has two outputs.
    public init(
        regressor: MultilayerPerceptron, encoder: E, prior: P, decoder: D, numbers: ConditionNumbers
    ) {
        let outputs = regressor.layers.last?.weight.shape[0] ?? 0
        guard outputs == 2 else {
            programmerError(
                "NumberVariableModel", "a regressor with \(outputs) outputs, which needs 2")
        }
        (self.regressor, self.encoder, self.prior) = (regressor, encoder, prior)
        (self.decoder, self.numbers) = (decoder, numbers)
    }

    /// What samples alone say of their numbers.
    private func belief(of input: Tensor, in context: inout PassContext) -> Independent<Normal> {
        let outputs = regressor(input, in: &context)
        return Independent(
            Normal(
                mean: outputs[.all, 0..<1],
                logVariance: softlyBounded(outputs[.all, 1..<2], to: 20)),
            axes: 1)
    }

    public func callAsFunction(
        _ batch: Batch, in context: inout PassContext
    ) -> NumberVariableOutput<D.Output> {
        let start = context
        let belief = belief(of: batch.input, in: &context)
        var (posterior, number) = (belief, belief.sample(using: &context.generator))
        let told = KnownNumbers<NumberVariableOutput<D.Output>>.told(batch, numbers)
        if context.isTraining, let told {
            // A posterior like the prior costs nothing.
            let zeros = Tensor.zeros(like: told.values)
            posterior = Independent(
                Normal(
                    mean: select(told.areKnown, zeros, belief.base.mean),
                    logVariance: select(told.areKnown, zeros, belief.base.logVariance)),
                axes: 1)
            number = select(told.areKnown, told.values, number)
        }
        let codes = encoder(batch.input.joined(with: number), in: &context)
        let draw = encoder.draw(1, from: codes, using: &context.generator)
        let numberOfCodes = draw.draws.repeated(number)
        let model = self
        return NumberVariableOutput(
            belief: belief, numbers: numbers,
            latentVariables: [
                LatentVariable(posterior: posterior, code: numberOfCodes),
                LatentVariable(
                    posterior: codes, draw: draw,
                    prior: prior(for: encoder, in: &context)),
            ],
            likelihood: decoder(draw.code.joined(with: numberOfCodes), in: &context),
            draws: draw.draws,
            encoderInput: batch.input,
            encode: { input in
                var context = start
                let number = model.belief(of: input, in: &context).mean
                return model.encoder.centre(
                    of: model.encoder(input.joined(with: number), in: &context))
            })
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("regressor", &regressor)
        visitor("encoder", &encoder)
        visitor("prior", &prior)
        visitor("decoder", &decoder)
    }
}

/// The output of a pass of a ``NumberVariableModel``.
public struct NumberVariableOutput<TargetLikelihood: Distribution>: HasLikelihood,
    HasLatentVariables, HasEncoder, HasNumbers
{
    public let belief: Independent<Normal>
    public let numbers: ConditionNumbers
    /// The number, then the code given it.
    public let latentVariables: [LatentVariable]
    public let likelihood: TargetLikelihood
    public let draws: Draws
    public let encoderInput: Tensor
    /// By the expected number of each sample.
    public let encode: @Sendable (Tensor) -> Tensor

    public var code: Tensor { latentVariables[latentVariables.count - 1].code }
}

// MARK: - What it can do

extension NumberVariableModel: Encodes, Reconstructs, DecodesGiven {
    public var condition: Condition {
        .number(mean: numbers.mean, deviation: numbers.deviation)
    }

    /// The expected numbers of samples, `float64`, `[batch]`.
    public func expectedNumbers(of batch: Batch) -> Tensor {
        var context = PassContext.evaluation
        return numbers.inUnits(belief(of: batch.input, in: &context).mean)
    }

    /// The numbers of samples where they are known, else the expected ones.
    private func usedNumbers(of batch: Batch) -> Tensor {
        let expected = expectedNumbers(of: batch)
        guard let known = batch.condition?.cast(to: .float64) else { return expected }
        return select(known.isNaN, expected, known)
    }

    /// The mean codes given the numbers that are known, or expected.
    public func encode(_ batch: Batch) -> Tensor {
        let number = condition.numbers(usedNumbers(of: batch), as: batch.input.dataType)
        return encoder.centre(of: encoder(batch.input.joined(with: number)))
    }

    public func decode(_ code: Tensor, given condition: Tensor) -> Tensor {
        decoder(code.joined(with: self.condition.numbers(condition, as: code.dataType))).mean
    }

    public func reconstruct(_ batch: Batch) -> Tensor {
        decode(encode(batch), given: usedNumbers(of: batch))
    }
}

extension NumberVariableModel: Generates {
    public var codePrior: CodePrior { .own }

    public var sampleOrigin: String {
        "Decoded draws from the prior of codes, each with a number drawn from its own."
    }

    /// With the given numbers, `[count]`, or numbers drawn from their prior.
    public func sample(
        _ count: Int, given condition: Tensor?, using generator: inout RandomGenerator
    ) -> Tensor {
        let drawn = numbers.inUnits(generator.normal([count, 1], dataType: .float64))
        var context = PassContext.evaluation
        let codes = prior(for: encoder, in: &context).sample([count], using: &generator)
        return decode(codes, given: condition ?? drawn)
    }
}

extension NumberVariableModel: EstimatesLikelihood {
    private func outputs(
        of batch: Batch, using generator: inout RandomGenerator
    ) -> NumberVariableOutput<D.Output> {
        var context = PassContext.evaluation(generator)
        defer { generator = context.generator }
        return self(batch, in: &context)
    }

    /// The evidence lower bound without the numbers, with one draw of number and code.
    public func logLikelihood(
        of batch: Batch, using generator: inout RandomGenerator
    ) -> Tensor {
        outputs(of: batch, using: &generator).evidenceLowerBound(of: batch.target)
    }

    /// Of which each draw has a number and a code.
    public func logWeights(
        of batch: Batch, draws: Int, using generator: inout RandomGenerator
    ) -> Tensor {
        concatenated(
            (0..<draws).map { _ in
                let output = outputs(of: batch, using: &generator)
                return output.draws.logMean(output.logWeights(of: batch.target))
            })
    }
}

extension NumberVariableModel: StartsAtMean where D: StartsAtMean {
    public mutating func startOutput(at mean: Tensor) { decoder.startOutput(at: mean) }
}
