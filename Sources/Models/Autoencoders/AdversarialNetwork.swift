import Autograd
import Datasets

/// A generator of samples, and the critic that it learns from (Goodfellow et al., "Generative
/// Adversarial Nets", arXiv:1406.2661). There is no encoder.
///
/// ```swift
/// Alternating(
///     network,
///     [
///         Phase(\.critic, named: "critic", optimizer: Adam(for: network.critic)) {
///             $0.tellingLoss(for: $1, in: &$2)
///         },
///         Phase(\.generator, named: "generator", optimizer: Adam(for: network.generator)) {
///             $0.foolingLoss(for: $1, in: &$2)
///         },
///     ])
/// ```
///
/// Losses are means over the samples of a batch, and each is the loss of one of the two: gradients with
/// respect to the other are not meant.
public struct AdversarialNetwork<Generator: Layer, Critic: Layer>: Module {
    /// From codes, `[batch, latentSize]`, to scaled samples.
    public var generator: Generator
    /// From scaled samples to one number for each, in any shape: the greater, the more the sample looks
    /// like one of the data.
    public var critic: Critic
    /// How many numbers a code has.
    public let latentSize: Int
    /// That of the samples; nil if they are taken as they are.
    public let scale: SampleScale?

    /// Traps if codes have no numbers.
    public init(
        generator: Generator, critic: Critic, latentSize: Int, scale: SampleScale? = nil
    ) {
        guard latentSize > 0 else {
            programmerError("AdversarialNetwork", "codes of \(latentSize) numbers")
        }
        (self.generator, self.critic) = (generator, critic)
        (self.latentSize, self.scale) = (latentSize, scale)
    }

    /// As many scaled samples as a batch has, real and made.
    private func samples(
        _ batch: Batch, in context: inout PassContext
    ) -> (real: Tensor, made: Tensor) {
        let real = scale?.scaled(batch.input) ?? batch.input
        return (real, made(batch.count, as: real.dataType, in: &context))
    }

    private func made(
        _ count: Int, as dataType: DataType, in context: inout PassContext
    ) -> Tensor {
        let codes = context.generator.normal([count, latentSize], dataType: dataType)
        return generator(codes, in: &context)
    }

    /// What the critic says of scaled samples, `[batch]`. Traps unless it is one number of each.
    func judgement(of samples: Tensor, in context: inout PassContext) -> Tensor {
        let judgement = critic(samples, in: &context)
        guard judgement.count == samples.shape[0] else {
            programmerError(
                "AdversarialNetwork",
                "the critic gives \(judgement.shape) for samples of shape \(samples.shape)")
        }
        return judgement.flattened(fromAxis: 0)
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("generator", &generator)
        visitor("critic", &critic)
    }
}

// MARK: - The critic says how likely a sample is real

extension AdversarialNetwork {
    /// The cross-entropy of telling real samples from made ones by the critic's numbers as logits, the
    /// sum of both means (equation 1): 2 log 2 if nothing can be told. For the critic.
    public func tellingLoss(for batch: Batch, in context: inout PassContext) -> Tensor {
        let (real, made) = samples(batch, in: &context)
        return softplus(-judgement(of: real, in: &context)).mean()
            + softplus(judgement(of: stopGradient(made), in: &context)).mean()
    }

    /// The cross-entropy of made samples if they were real, whose gradient does not vanish where the
    /// critic is sure, as that of the game in which one gains what the other loses (section 3). For the
    /// generator.
    public func foolingLoss(for batch: Batch, in context: inout PassContext) -> Tensor {
        let made = made(batch.count, as: dataType, in: &context)
        return softplus(-judgement(of: made, in: &context)).mean()
    }
}

// MARK: - The critic measures a distance

extension AdversarialNetwork {
    /// By how much less the critic finds in made samples than in real ones, whose negative estimates the
    /// Wasserstein distance of both, with a penalty where its slope between them is not 1 (Gulrajani et
    /// al., "Improved Training of Wasserstein GANs", arXiv:1704.00028, equation 3). For the critic.
    ///
    /// Beside the loss there are the estimate of the distance, the penalty without its weight, and the
    /// mean slope. The critic must treat the samples of a batch apart, and so have no batch
    /// normalisation.
    public func distanceLoss(
        for batch: Batch, penalty weight: Double, in context: inout PassContext
    ) -> ObjectiveValue {
        let (real, made) = samples(batch, in: &context)
        let fixed = stopGradient(made)
        let distance =
            judgement(of: real, in: &context).mean() - judgement(of: fixed, in: &context).mean()
        var random = context.generator.split()
        let slopes = slopesBetween(real, and: fixed, using: &random) {
            judgement(of: $0, in: &context)
        }
        let penalty = square(slopes - 1).mean()
        return ObjectiveValue(
            total: weight * penalty - distance,
            terms: [
                ("wassersteinDistance", distance), ("gradientPenalty", penalty),
                ("criticSlope", slopes.mean()),
            ])
    }

    /// The negative mean of what the critic finds in made samples. For the generator.
    public func approachLoss(for batch: Batch, in context: inout PassContext) -> Tensor {
        -judgement(of: made(batch.count, as: dataType, in: &context), in: &context).mean()
    }
}

/// The norms of a function's gradients at random points on the lines between samples and others,
/// `[batch]`: one point for each pair (Gulrajani et al., arXiv:1704.00028, section 4).
///
/// The derivative of the norm is 0 where the gradient is 0, so that a function that is constant there
/// has a finite penalty and a finite gradient of it. A second derivative: the function's own has to have
/// one.
///
/// - Parameters:
///   - samples: `[batch, …]`, as the others.
///   - function: from samples to one number for each, `[batch]`, that does not depend on the others.
public func slopesBetween(
    _ samples: Tensor, and others: Tensor, using generator: inout RandomGenerator,
    of function: (Tensor) -> Tensor
) -> Tensor {
    guard samples.shape == others.shape, samples.rank > 1 else {
        programmerError(
            "slopesBetween", "samples of shape \(samples.shape) and others of \(others.shape)")
    }
    let single = [samples.shape[0]] + [Int](repeating: 1, count: samples.rank - 1)
    let share = generator.uniform(single, dataType: samples.dataType)
    let between = share * samples + (1 - share) * others
    return gradient(at: between) { function($0).sum() }.flattened().norm(axes: [1])
}

// MARK: - What it can do

extension AdversarialNetwork: ScalesSamples {}

extension AdversarialNetwork: Decodes {
    public func decode(_ code: Tensor) -> Tensor {
        let made = generator(code)
        return scale?.unscaled(made) ?? made
    }
}

extension AdversarialNetwork: HasPriorCodes {
    /// Standard normal numbers, `[count, latentSize]`.
    public func priorCodes(_ count: Int, using generator: inout RandomGenerator) -> Tensor {
        generator.normal([count, latentSize], dataType: dataType)
    }
}

extension AdversarialNetwork: Generates {
    public var codePrior: CodePrior { .standardNormal }

    public var sampleOrigin: String { "What the generator makes of standard normal codes." }

    /// Traps if a condition is given.
    public func sample(
        _ count: Int, given condition: Tensor?, using generator: inout RandomGenerator
    ) -> Tensor {
        requireNoCondition(condition, "AdversarialNetwork")
        return decode(priorCodes(count, using: &generator))
    }
}
