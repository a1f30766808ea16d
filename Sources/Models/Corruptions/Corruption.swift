import Autograd

/// A change of samples, most often a random one, which a model learns to undo.
///
/// One's own is a type with this method:
///
/// ```swift
/// struct Dimming: Corruption {
///     func callAsFunction(_ x: Tensor, using generator: inout RandomGenerator) -> Tensor {
///         x * generator.uniform([x.shape[0]] + x.shape.dropFirst().map { _ in 1 })
///     }
/// }
/// ```
public protocol Corruption: Sendable {
    /// Samples `[batch, …]` as the model is to see them; each call draws anew. Of the same shape,
    /// but for those of images that ``ImageRestoration`` models undo.
    func callAsFunction(_ samples: Tensor, using generator: inout RandomGenerator) -> Tensor
}

/// Adds normal noise to every element.
public struct GaussianNoise: Corruption {
    public let standardDeviation: Double
    /// What the result is clipped to, such as 0 … 1 for pixels; nil where it is not.
    public let range: ClosedRange<Double>?

    public init(standardDeviation: Double, clippedTo range: ClosedRange<Double>? = nil) {
        guard standardDeviation >= 0, standardDeviation.isFinite else {
            programmerError("GaussianNoise", "a standard deviation of \(standardDeviation)")
        }
        self.standardDeviation = standardDeviation
        self.range = range
    }

    public func callAsFunction(
        _ samples: Tensor, using generator: inout RandomGenerator
    ) -> Tensor {
        let noisy =
            samples
            + generator.normal(
                samples.shape, standardDeviation: standardDeviation, dataType: samples.dataType)
        return range.map { clamp(noisy, from: $0.lowerBound, through: $0.upperBound) } ?? noisy
    }
}

/// Sets a random part of the elements to zero (Vincent et al., "Extracting and Composing Robust
/// Features with Denoising Autoencoders", 2008).
public struct MaskingNoise: Corruption {
    /// The probability with which each element is lost.
    public let fraction: Double

    public init(fraction: Double) {
        self.fraction = checked(fraction, "MaskingNoise")
    }

    public func callAsFunction(
        _ samples: Tensor, using generator: inout RandomGenerator
    ) -> Tensor {
        samples
            * generator.bernoulli(
                samples.shape, probability: 1 - fraction, dataType: samples.dataType)
    }
}

/// Sets a random part of the elements to 0 or 1, either with the same probability (Vincent et
/// al., "Stacked Denoising Autoencoders", 2010).
public struct SaltAndPepperNoise: Corruption {
    /// The probability with which each element is lost.
    public let fraction: Double

    public init(fraction: Double) {
        self.fraction = checked(fraction, "SaltAndPepperNoise")
    }

    public func callAsFunction(
        _ samples: Tensor, using generator: inout RandomGenerator
    ) -> Tensor {
        // One number decides both whether and what: below half the fraction 0, below it 1.
        let draw = generator.uniform(samples.shape, dataType: samples.dataType)
        let grains = (draw .>= fraction / 2).cast(to: samples.dataType)
        return select(draw .< fraction, grains, samples)
    }
}

private func checked(_ fraction: Double, _ name: String) -> Double {
    guard (0...1).contains(fraction) else {
        programmerError(name, "a fraction of \(fraction) is not from 0 to 1")
    }
    return fraction
}
