import Autograd
import Datasets

/// A model that scales its samples before it learns of them.
package protocol ScalesSamples {
    /// Nil if it takes them as they are.
    var scale: SampleScale? { get }
}

/// A model of scaled numbers as a model of samples in their own units: it scales what it is given,
/// and scales back what it gives.
///
/// Passes, and with them losses and errors, are of scaled numbers; reconstructions, decoded codes,
/// new samples and log-likelihoods are of samples.
public struct Scaled<Model: Trainable>: Trainable, ScalesSamples {
    /// The model of scaled numbers.
    public var model: Model
    /// The scale; nil if the numbers are the samples'.
    public let scale: SampleScale?

    /// Gives a model the scale of its samples.
    public init(_ model: Model, by scale: SampleScale?) {
        self.model = model
        self.scale = scale
    }

    /// A batch whose inputs and targets are scaled.
    private func scaled(_ batch: Batch) -> Batch {
        guard let scale else { return batch }
        var batch = batch
        let target = batch.target
        batch.input = scale.scaled(batch.input)
        batch.target = scale.scaled(target)
        return batch
    }

    public func prepared(_ batch: Batch, in context: inout PassContext) -> Batch {
        model.prepared(scaled(batch), in: &context)
    }

    public func callAsFunction(_ batch: Batch, in context: inout PassContext) -> Model.Output {
        model(batch, in: &context)
    }

    public func additionalMetrics(of pass: ForwardPass<Model.Output>) -> [(
        name: String, value: Double
    )] {
        model.additionalMetrics(of: pass)
    }

    private func unscaled(_ numbers: Tensor) -> Tensor { scale?.unscaled(numbers) ?? numbers }

    /// Logarithms of densities of scaled numbers as those of samples.
    private func inUnitsOfSamples(_ logDensity: Tensor, _ batch: Batch) -> Tensor {
        guard let scale else { return logDensity }
        return logDensity - scale.logDensityFactor(of: Array(batch.input.shape.dropFirst()))
    }

    /// Parameters have the names that they have in the model.
    public mutating func visit(_ visitor: inout ModuleVisitor) { visitor.inline("model", &model) }
}

extension Scaled: Encodes where Model: Encodes {
    public func encode(_ batch: Batch) -> Tensor { model.encode(scaled(batch)) }
}

extension Scaled: Decodes where Model: Decodes {
    public func decode(_ code: Tensor) -> Tensor { unscaled(model.decode(code)) }
}

extension Scaled: Reconstructs where Model: Reconstructs {
    public func reconstruct(_ batch: Batch) -> Tensor { unscaled(model.reconstruct(scaled(batch))) }
}

extension Scaled: HasCodebook where Model: HasCodebook {
    public var codebook: Tensor { model.codebook }
    public func indices(of batch: Batch) -> Tensor { model.indices(of: scaled(batch)) }
    public func decode(indices: Tensor) -> Tensor { unscaled(model.decode(indices: indices)) }
}

extension Scaled: StartsCodebook where Model: StartsCodebook {
    public mutating func startCodebook(at batch: Batch, using generator: inout RandomGenerator) {
        model.startCodebook(at: scaled(batch), using: &generator)
    }
}

extension Scaled: DrawsCodes where Model: DrawsCodes {
    public func drawCodes(of batch: Batch, using generator: inout RandomGenerator) -> Tensor {
        model.drawCodes(of: scaled(batch), using: &generator)
    }
}

extension Scaled: AutoencoderModel where Model: AutoencoderModel {}

extension Scaled: TiedLayer where Model: TiedLayer {
    public var weight: Tensor { model.weight }
    public var codeBias: Tensor { model.codeBias }
    public var outputBias: Tensor { model.outputBias }
}

extension Scaled: Generates where Model: Generates {
    public var sampleOrigin: String { model.sampleOrigin }
    public var codePrior: CodePrior { model.codePrior }

    public func sample(
        _ count: Int, given condition: Tensor?, using generator: inout RandomGenerator
    ) -> Tensor {
        unscaled(model.sample(count, given: condition, using: &generator))
    }
}

extension Scaled: Conditional where Model: Conditional {}

extension Scaled: DecodesGiven where Model: DecodesGiven {
    public var condition: Condition { model.condition }
    public var hasFoundClasses: Bool { model.hasFoundClasses }

    public func decode(_ code: Tensor, given condition: Tensor) -> Tensor {
        unscaled(model.decode(code, given: condition))
    }

    public func moved(_ code: Tensor, from condition: Tensor, to other: Tensor) -> Tensor {
        model.moved(code, from: condition, to: other)
    }
}

extension Scaled: Completes where Model: Completes {
    public func complete(_ batch: Batch) -> Tensor { unscaled(model.complete(scaled(batch))) }
}

extension Scaled: Classifies where Model: Classifies {
    public func logits(of batch: Batch) -> Tensor { model.logits(of: scaled(batch)) }
}

extension Scaled: EstimatesLikelihood where Model: EstimatesLikelihood {
    public func logWeights(
        of batch: Batch, draws: Int, using generator: inout RandomGenerator
    ) -> Tensor {
        inUnitsOfSamples(
            model.logWeights(of: scaled(batch), draws: draws, using: &generator), batch)
    }
}

extension Scaled: HasPriorCodes where Model: HasPriorCodes {
    public func priorCodes(_ count: Int, using generator: inout RandomGenerator) -> Tensor {
        model.priorCodes(count, using: &generator)
    }
}

extension Scaled: HasJointDensity where Model: HasJointDensity {
    public var hasUnboundedCodes: Bool { model.hasUnboundedCodes }

    public func logPrior(of codes: Tensor) -> Tensor { model.logPrior(of: codes) }

    public func logLikelihood(of samples: Tensor, given codes: Tensor) -> Tensor {
        let batch = Batch(samples)
        return inUnitsOfSamples(
            model.logLikelihood(of: scaled(batch).input, given: codes), batch)
    }

    public func logLikelihoods(of samples: Tensor, givenEach codes: Tensor) -> Tensor {
        let batch = Batch(samples)
        return inUnitsOfSamples(
            model.logLikelihoods(of: scaled(batch).input, givenEach: codes), batch)
    }
}

extension Scaled: Scores where Model: Scores {
    public func logLikelihood(
        of batch: Batch, using generator: inout RandomGenerator
    ) -> Tensor {
        inUnitsOfSamples(model.logLikelihood(of: scaled(batch), using: &generator), batch)
    }
}
