import Autograd

/// A model that says how it decodes, step by step, so that codes can be decoded elsewhere: in the page
/// of a run.
public protocol DescribesDecoder: Module {
    /// From codes to expected samples in evaluation mode; nil if a part of the decoder has no description.
    /// Where it decodes under conditions (``DecodesGiven``), the flattened code is followed by the numbers
    /// that tell them.
    var decoderSteps: [NetworkStep]? { get }
    /// The names of a code's first numbers, if they mean something by themselves; by default none.
    var codeNames: [String] { get }
    /// Where each condition has codes of its own, how these are distributed; by default nil.
    var codeScale: CodeScale? { get }
}

extension DescribesDecoder {
    public var codeNames: [String] { [] }
    public var codeScale: CodeScale? { nil }
}

/// The normal distributions that codes have under conditions: a code is moved to another condition by
/// keeping it as many standard deviations from the mean.
public struct CodeScale: Sendable {
    /// From the numbers that tell conditions, `[batch, size]`, to means, `[batch, latentSize]`.
    public let mean: [NetworkStep]
    /// From the same to the logarithms of variances.
    public let logVariance: [NetworkStep]
}

// MARK: - Models

extension Autoencoder: DescribesDecoder {
    public var decoderSteps: [NetworkStep]? { decoder.steps }
    public var codeNames: [String] { decoder.codeNames }
}

extension LatentVariableModel: DescribesDecoder {
    public var decoderSteps: [NetworkStep]? { decoder.steps }
    public var codeNames: [String] { decoder.codeNames }
}

extension ConditionalModel: DescribesDecoder {
    public var decoderSteps: [NetworkStep]? { decoder.steps }
    public var codeNames: [String] { decoder.codeNames }
    public var codeScale: CodeScale? { (prior as? ConditionalNormalPrior)?.scale }
}

extension ClassVariableModel: DescribesDecoder {
    public var decoderSteps: [NetworkStep]? { decoder.steps }
    public var codeNames: [String] { decoder.codeNames }
}

extension NumberVariableModel: DescribesDecoder {
    public var decoderSteps: [NetworkStep]? { decoder.steps }
    public var codeNames: [String] { decoder.codeNames }
}

extension ClassesOfCodes: DescribesDecoder where Features: DescribesDecoder {
    public var decoderSteps: [NetworkStep]? {
        [NetworkStep](joining: [model.decoderSteps, features.decoderSteps])
    }
}

extension LadderNetwork: DescribesDecoder {
    /// By the means of the priors beneath.
    public var decoderSteps: [NetworkStep]? {
        let down = rungs.dropLast().reversed().flatMap { [$0.down?.steps, $0.priorMean?.steps] }
        return [NetworkStep](joining: down + [decoder.steps])
    }
}

extension TiedAutoencoder: DescribesDecoder {
    public var decoderSteps: [NetworkStep]? {
        output.steps.map { [.dense(weight: weight.transposed(), bias: outputBias)] + $0 }
    }
}

extension RestrictedBoltzmannMachine: DescribesDecoder {
    public var decoderSteps: [NetworkStep]? {
        [.dense(weight: weight.transposed(), bias: outputBias), .reshape(sampleShape)]
            + (visible == .bernoulli ? [.sigmoid] : [])
    }
}

extension DeepBeliefNetwork: DescribesDecoder {
    public var decoderSteps: [NetworkStep]? {
        [NetworkStep](joining: layers.reversed().map(\.decoderSteps))
    }
}

extension CodeClassifier: DescribesDecoder where Model: DescribesDecoder {
    public var decoderSteps: [NetworkStep]? { model.decoderSteps }
    public var codeNames: [String] { model.codeNames }
}

extension Denoising: DescribesDecoder where Model: DescribesDecoder {
    public var decoderSteps: [NetworkStep]? { model.decoderSteps }
    public var codeNames: [String] { model.codeNames }
}

extension Scaled: DescribesDecoder where Model: DescribesDecoder {
    public var decoderSteps: [NetworkStep]? {
        guard let scale, let steps = model.decoderSteps else { return model.decoderSteps }
        return steps + [.affine(scale: scale.unit, shift: scale.shift)]
    }
    public var codeNames: [String] { model.codeNames }
    public var codeScale: CodeScale? { model.codeScale }
}
