import Autograd
import Datasets

/// A model of the codes of another, which was trained before and does not change: it learns of draws of the
/// codes, and otherwise sees their means.
///
/// Losses and errors are those of codes; codes, reconstructions and new samples are of samples.
public struct ClassesOfCodes<
    Features: AutoencoderModel & DrawsCodes, E: VariationalEncoder, P: Prior, D: DecoderNetwork
>: Trainable {
    /// The model of samples.
    public var features: Features
    /// The model of its codes.
    public var model: ClassVariableModel<E, P, D>

    /// Puts a model on the codes of another.
    public init(_ model: ClassVariableModel<E, P, D>, of features: Features) {
        (self.features, self.model) = (features, model)
    }

    public func prepared(_ batch: Batch, in context: inout PassContext) -> Batch {
        let codes =
            context.isTraining
            ? features.drawCodes(of: batch, using: &context.generator) : features.encode(batch)
        return model.prepared(onCodes(batch, codes), in: &context)
    }

    /// A batch of codes in place of samples.
    private func onCodes(_ batch: Batch, _ codes: Tensor) -> Batch {
        Batch(stopGradient(codes), labels: batch.labels, weights: batch.weights)
    }

    private func onCodes(_ batch: Batch) -> Batch { onCodes(batch, features.encode(batch)) }

    public func callAsFunction(
        _ batch: Batch, in context: inout PassContext
    ) -> ClassVariableOutput<D.Output> {
        model(batch, in: &context)
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor.state("features", &features)
        visitor("model", &model)
    }
}

/// A model that draws codes of samples from their posteriors.
public protocol DrawsCodes: Encodes {
    /// A draw of the code of each sample, `[batch, …]`, in evaluation mode.
    func drawCodes(of batch: Batch, using generator: inout RandomGenerator) -> Tensor
}

extension LatentVariableModel: DrawsCodes {
    public func drawCodes(of batch: Batch, using generator: inout RandomGenerator) -> Tensor {
        encoder.draw(1, from: encoder(batch.input), using: &generator).code
    }
}

// MARK: - What it can do

extension ClassesOfCodes: Classifies, Encodes, Reconstructs, DecodesGiven {
    public var condition: Condition { model.condition }

    public func logits(of batch: Batch) -> Tensor { model.logits(of: onCodes(batch)) }

    public func encode(_ batch: Batch) -> Tensor { model.encode(onCodes(batch)) }

    public func decode(_ code: Tensor, given condition: Tensor) -> Tensor {
        features.decode(model.decode(code, given: condition))
    }

    public func reconstruct(_ batch: Batch) -> Tensor {
        features.decode(model.reconstruct(onCodes(batch)))
    }
}

extension ClassesOfCodes: Generates {
    public var codePrior: CodePrior { model.codePrior }
    public var sampleOrigin: String { model.sampleOrigin }

    public func sample(
        _ count: Int, given condition: Tensor?, using generator: inout RandomGenerator
    ) -> Tensor {
        features.decode(model.sample(count, given: condition, using: &generator))
    }
}
