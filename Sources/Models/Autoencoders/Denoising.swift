import Autograd

/// A model that reconstructs samples from corrupted ones (Vincent et al., 2008): of any kind, and
/// with any corruption.
///
/// ```swift
/// let model = Denoising(autoencoder, from: MaskingNoise(fraction: 0.3))
/// ```
///
/// What a pass is given is corrupted anew each time, in training and in evaluation; its target
/// stays as it is. Codes and reconstructions are those of what one gives, uncorrupted: how far
/// these reconstructions are from the target is measured in an evaluation too, as
/// `cleanSquaredError`, where all elements of a sample are of one kind.
public struct Denoising<Model: AutoencoderModel>: AutoencoderModel {
    public var model: Model
    public let corruption: any Corruption

    public init(_ model: Model, from corruption: some Corruption) {
        self.model = model
        self.corruption = corruption
    }

    public func pass(_ input: Tensor, target: Tensor, in context: inout Context) -> Pass {
        let corrupted = corruption(input, using: &context.generator)
        let pass = model.pass(corrupted, target: target, in: &context)
        if pass.output is Tabular { return pass }
        return pass.measuring { [model] in
            let clean = model.reconstruct(input)
            guard clean.shape == target.shape else { return [] }
            return [("cleanSquaredError", meanSquaredError(clean, target).scalar)]
        }
    }

    public func encode(_ input: Tensor) -> Tensor { model.encode(input) }

    public func decode(_ code: Tensor) -> Tensor { model.decode(code) }

    public mutating func visit(_ visitor: inout ModuleVisitor) { visitor("model", &model) }
}

extension AutoencoderModel {
    /// The model that undoes a corruption, or itself where there is none.
    func undoing(_ corruption: CorruptionSetting?) -> any AutoencoderModel {
        guard let corruption = corruption?.corruption else { return self }
        return Denoising(self, from: corruption)
    }
}

extension Denoising: TiedLayer where Model: TiedLayer {
    public var weight: Tensor { model.weight }
    public var codeBias: Tensor { model.codeBias }
    public var outputBias: Tensor { model.outputBias }
}

extension Denoising: GenerativeModel where Model: GenerativeModel {
    public var hasNormalPrior: Bool { model.hasNormalPrior }

    public func sample(_ count: Int, using generator: inout RandomGenerator) -> Tensor {
        model.sample(count, using: &generator)
    }
}
