import Autograd

/// A change of samples, usually a random one, which a model learns to undo.
///
/// For a corruption of your own, write a type with this method:
///
/// ```swift
/// struct Dimming: Corruption {
///     func callAsFunction(_ x: Tensor, using generator: inout RandomGenerator) -> Tensor {
///         x * generator.uniform([x.shape[0]] + x.shape.dropFirst().map { _ in 1 })
///     }
/// }
/// ```
public protocol Corruption: Sendable {
    /// The corrupted samples, `[batch, …]`; each call draws new random numbers. The shape stays the
    /// same, except for the degradations of images that ``ImageRestoration`` undoes.
    func callAsFunction(_ samples: Tensor, using generator: inout RandomGenerator) -> Tensor
}

/// Adds normal noise to every element.
public struct GaussianNoise: Corruption {
    /// The standard deviation of the noise.
    public let standardDeviation: Double
    /// The interval to which the result is clipped, such as 0 … 1 for pixels; nil for no clipping.
    public let range: ClosedRange<Double>?

    /// Traps if the standard deviation is negative or not finite.
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

/// Sets a random fraction of the elements to zero (Vincent et al., "Extracting and Composing Robust
/// Features with Denoising Autoencoders", 2008).
public struct MaskingNoise: Corruption {
    /// The probability with which each element is set to zero.
    public let fraction: Double

    /// Traps if the fraction is not from 0 to 1.
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

/// Sets a random fraction of the elements to one of two extremes, 0 or 1 for grey values, with equal
/// probability (Vincent et al., "Stacked Denoising Autoencoders", 2010).
public struct SaltAndPepperNoise: Corruption {
    /// The probability with which each element is replaced.
    public let fraction: Double
    /// The extremes.
    public let range: ClosedRange<Double>

    /// Traps if the fraction is not from 0 to 1.
    public init(fraction: Double, between range: ClosedRange<Double> = 0...1) {
        self.fraction = checked(fraction, "SaltAndPepperNoise")
        self.range = range
    }

    public func callAsFunction(
        _ samples: Tensor, using generator: inout RandomGenerator
    ) -> Tensor {
        // One draw decides both whether and how: below half the fraction the lower
        // extreme, from there up to it the upper one.
        let draw = generator.uniform(samples.shape, dataType: samples.dataType)
        let grains = (draw .>= fraction / 2).cast(to: samples.dataType)
        let extremes = range.lowerBound + (range.upperBound - range.lowerBound) * grains
        return select(draw .< fraction, extremes, samples)
    }
}

private func checked(_ fraction: Double, _ name: String) -> Double {
    guard (0...1).contains(fraction) else {
        programmerError(name, "a fraction of \(fraction) is not from 0 to 1")
    }
    return fraction
}
