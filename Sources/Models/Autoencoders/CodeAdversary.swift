import Autograd
import Datasets

/// An autoencoder, and a critic that tells its codes from draws of a distribution which the codes are to
/// have (Makhzani et al., "Adversarial Autoencoders", arXiv:1511.05644).
///
/// Losses are means over the samples of a batch. Passes and outputs are the autoencoder's.
public struct CodeAdversary<Model: AutoencoderModel, Critic: Layer>: AutoencoderModel
where Model.Output: HasCode {
    /// The autoencoder.
    public var model: Model
    /// From codes, `[batch, latentSize]`, to one number for each, a logit that it was drawn.
    public var critic: Critic
    /// What codes are to be distributed as.
    public let target: CodeTarget
    /// How many numbers a code has.
    public let latentSize: Int

    /// Combines an autoencoder with a critic of its codes.
    public init(_ model: Model, critic: Critic, target: CodeTarget, latentSize: Int) {
        (self.model, self.critic) = (model, critic)
        (self.target, self.latentSize) = (target, latentSize)
    }

    /// The cross-entropy of telling drawn codes from those of samples, the sum of both means: 2 log 2 if
    /// nothing can be told. For the critic.
    public func tellingLoss(for batch: Batch, in context: inout PassContext) -> Tensor {
        let codes = stopGradient(codes(of: batch, in: &context))
        let drawn = target.sample(
            codes.shape[0], size: latentSize, as: codes.dataType, using: &context.generator)
        return softplus(-critic(drawn, in: &context)).mean()
            + softplus(critic(codes, in: &context)).mean()
    }

    /// The cross-entropy of codes of samples if they were drawn. For the encoder.
    public func foolingLoss(for batch: Batch, in context: inout PassContext) -> Tensor {
        softplus(-critic(codes(of: batch, in: &context), in: &context)).mean()
    }

    private func codes(of batch: Batch, in context: inout PassContext) -> Tensor {
        pass(batch, in: &context).output.code
    }

    public func prepared(_ batch: Batch, in context: inout PassContext) -> Batch {
        model.prepared(batch, in: &context)
    }

    public func callAsFunction(_ batch: Batch, in context: inout PassContext) -> Model.Output {
        model(batch, in: &context)
    }

    public func additionalMetrics(
        of pass: ForwardPass<Model.Output>
    ) -> [(name: String, value: Double)] { model.additionalMetrics(of: pass) }

    public func encode(_ batch: Batch) -> Tensor { model.encode(batch) }

    public func decode(_ code: Tensor) -> Tensor { model.decode(code) }

    /// The autoencoder's parameters have the names that they have in it.
    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor.inline("model", &model)
        visitor("critic", &critic)
    }
}

extension CodeAdversary: HasPriorCodes {
    public func priorCodes(_ count: Int, using generator: inout RandomGenerator) -> Tensor {
        target.sample(count, size: latentSize, as: dataType, using: &generator)
    }
}

extension CodeAdversary: Generates {
    public var codePrior: CodePrior { target == .normal ? .standardNormal : .own }

    /// Traps if a condition is given.
    public func sample(
        _ count: Int, given condition: Tensor?, using generator: inout RandomGenerator
    ) -> Tensor {
        requireNoCondition(condition, "CodeAdversary")
        return decode(priorCodes(count, using: &generator))
    }
}

extension CodeAdversary: ScalesSamples where Model: ScalesSamples {
    package var scale: SampleScale? { model.scale }
}

extension CodeAdversary: DescribesDecoder where Model: DescribesDecoder {
    public var decoderSteps: [NetworkStep]? { model.decoderSteps }
    public var codeNames: [String] { model.codeNames }
}

extension CodeAdversary: StartsAtMean where Model: StartsAtMean {
    public mutating func startOutput(at mean: Tensor) { model.startOutput(at: mean) }
}
