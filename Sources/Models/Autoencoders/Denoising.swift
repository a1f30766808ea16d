import Autograd
import Datasets

/// A model that reconstructs samples from corrupted ones (Vincent et al., 2008). Works with any
/// autoencoder and any corruption.
///
/// ```swift
/// let model = Denoising(autoencoder, from: MaskingNoise(fraction: 0.3))
/// ```
///
/// The input of each pass is corrupted anew, in training and in evaluation; the target stays
/// clean. `encode` and `reconstruct` use their input as it is, uncorrupted. The error of such
/// reconstructions is also measured in evaluations, as `cleanSquaredError`, unless the samples
/// are rows of a table.
public struct Denoising<Model: AutoencoderModel>: AutoencoderModel {
    /// The model that reconstructs corrupted samples.
    public var model: Model
    /// The corruption of the inputs.
    public let corruption: any Corruption

    /// Wraps `model`, corrupting its inputs by `corruption`.
    public init(_ model: Model, from corruption: any Corruption) {
        self.model = model
        self.corruption = corruption
    }

    public func prepared(_ batch: Batch, in context: inout PassContext) -> Batch {
        model.prepared(batch, in: &context)
    }

    public func callAsFunction(_ batch: Batch, in context: inout PassContext) -> Model.Output {
        var corrupted = batch
        corrupted.input = corruption(batch.input, using: &context.generator)
        return model(corrupted, in: &context)
    }

    public func additionalMetrics(of pass: ForwardPass<Model.Output>) -> [(
        name: String, value: Double
    )] {
        let measured = model.additionalMetrics(of: pass)
        if pass.likelihood is Tabular { return measured }
        let clean = model.reconstruct(pass.batch)
        guard clean.shape == pass.batch.target.shape else { return measured }
        let error = meanSquaredError(clean, pass.batch.target).scalar
        return measured + [("cleanSquaredError", error)]
    }

    public func encode(_ batch: Batch) -> Tensor { model.encode(batch) }

    public func decode(_ code: Tensor) -> Tensor { model.decode(code) }

    public mutating func visit(_ visitor: inout ModuleVisitor) { visitor("model", &model) }
}

/// A model around another, whose inputs it corrupts.
package protocol CorruptsInputs {
    /// The model that gets the inputs.
    var uncorrupted: any Trainable { get }
}

extension Denoising: CorruptsInputs {
    package var uncorrupted: any Trainable { model }
}

extension Denoising: TiedLayer where Model: TiedLayer {
    public var weight: Tensor { model.weight }
    public var codeBias: Tensor { model.codeBias }
    public var outputBias: Tensor { model.outputBias }
}

extension Denoising: Completes where Model: Completes {
    public func complete(_ batch: Batch) -> Tensor { model.complete(batch) }
}

extension Denoising: Generates where Model: Generates {
    public var sampleOrigin: String { model.sampleOrigin }
    public var codePrior: CodePrior { model.codePrior }

    public func sample(
        _ count: Int, given condition: Tensor?, using generator: inout RandomGenerator
    ) -> Tensor {
        model.sample(count, given: condition, using: &generator)
    }
}
