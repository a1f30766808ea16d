import Autograd
import Foundation

/// Student's t distribution of numbers: normal with a variance that varies, and so with heavy
/// tails; the fewer its degrees of freedom, the heavier. One degree is the Cauchy distribution.
public struct StudentT: ContinuousDistribution, ReparameterizedDistribution, UnivariateDistribution
{
    /// The degrees of freedom ν.
    public let degreesOfFreedom: Tensor
    /// The median μ.
    public let location: Tensor
    /// The scale s.
    public let scale: Tensor
    /// The degrees of freedom as they were given: their special functions are costly, and need no
    /// broadcasting.
    private let givenDegrees: Tensor

    /// From parameters that broadcast. Traps if degrees of freedom or scales are not positive and
    /// finite.
    public init(degreesOfFreedom: Tensor, location: Tensor, scale: Tensor) {
        requireParameter(
            degreesOfFreedom, "number of degrees of freedom", of: "StudentT", .positive)
        requireParameter(scale, "scale", of: "StudentT", .positive)
        let parts = broadcastTogether([degreesOfFreedom, location, scale], of: "StudentT")
        (self.degreesOfFreedom, self.location, self.scale) = (parts[0], parts[1], parts[2])
        givenDegrees = degreesOfFreedom
    }

    public var shape: [Int] { location.shape }
    public var dataType: DataType { location.dataType }

    /// μ; not a number for up to one degree of freedom.
    public var mean: Tensor {
        select(stopGradient(degreesOfFreedom) .> 1, location, constant(.nan))
    }

    /// s² ν / (ν − 2); infinite for up to two degrees of freedom, not a number for up to one.
    public var variance: Tensor {
        let degrees = stopGradient(degreesOfFreedom)
        let isFinite = degrees .> 2
        let safe = select(isFinite, degreesOfFreedom, constant(3))
        let variance = square(scale) * safe / (safe - 2)
        return select(
            isFinite, variance, select(degrees .> 1, constant(.infinity), constant(.nan)))
    }

    public var entropy: Tensor? {
        let (half, next) = (0.5 * degreesOfFreedom, 0.5 * (degreesOfFreedom + 1))
        return next * (digamma(next) - digamma(half)) + log(scale)
            + logBeta(half, constant(0.5)) + 0.5 * log(degreesOfFreedom)
    }

    /// Normal noise, divided by the root of a gamma variate with mean 1.
    public func sample(_ draws: [Int], using generator: inout RandomGenerator) -> Tensor {
        let shape = draws + shape
        let half = (0.5 * degreesOfFreedom).broadcast(to: shape)
        let noise = generator.normal(shape, dataType: location.dataType)
        let logPrecision = generator.logGamma(shape: half) - log(half)
        return location + scale * noise * exp(-0.5 * logPrecision)
    }

    public func logProbability(of x: Tensor) -> Tensor {
        requireDraw(x)
        let standard = (x - location) / scale
        let next = 0.5 * (degreesOfFreedom + 1)
        return
            -(next * log1p(square(standard) / degreesOfFreedom)
            + logBeta(0.5 * givenDegrees, Tensor(0.5, dataType: dataType))
            + 0.5 * log(givenDegrees) + log(scale))
    }

    /// By the quantile of t² / (ν + t²), or in the tails of ν / (ν + t²), which have beta
    /// distributions. Traps if the degrees of freedom are watched.
    public func quantile(_ probability: Tensor) -> Tensor {
        let parts = broadcastTogether([probability, 0.5 * degreesOfFreedom], of: "StudentT")
        let (probability, half) = (parts[0], parts[1])
        let centred = probability - 0.5
        let distance = abs(stopGradient(centred))
        let (isTail, isMiddle) = (distance .> 0.25, distance .== 0)
        let oneHalf = Tensor(repeating: 0.5, shape: half.shape, dataType: half.dataType)
        let near = betaQuantile(
            oneHalf, half,
            probability: select(isTail .| isMiddle, oneHalf, 2 * abs(centred)))
        let far = betaQuantile(
            half, oneHalf, probability: select(isTail, 1 - 2 * abs(centred), oneHalf))
        let ratio = select(isTail, (1 - far) / far, near / (1 - near))
        // The root has no slope at 0; there t is the distance from ½ over the density.
        let middle = centred * exp(logBeta(half, oneHalf))
        let standard = select(isMiddle, middle, sign(stopGradient(centred)) * sqrt(ratio))
        return location + scale * sqrt(2 * half) * standard
    }

    private func constant(_ value: Double) -> Tensor {
        Tensor(repeating: value, shape: shape, dataType: location.dataType)
    }
}
