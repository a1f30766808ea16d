import Autograd
import Foundation

/// The Laplace distribution of numbers, exp(−|x − μ| / b) / 2b.
public struct Laplace: ContinuousDistribution, ReparameterizedDistribution, UnivariateDistribution {
    /// The mean and median μ.
    public let location: Tensor
    /// The mean absolute deviation b.
    public let scale: Tensor

    /// From parameters that broadcast. Traps if a scale is not positive and finite.
    public init(location: Tensor, scale: Tensor) {
        requireParameter(scale, "scale", of: "Laplace", .positive)
        let parts = broadcastTogether([location, scale], of: "Laplace")
        (self.location, self.scale) = (parts[0], parts[1])
    }

    public var shape: [Int] { location.shape }
    public var dataType: DataType { location.dataType }
    public var mean: Tensor { location }
    public var variance: Tensor { 2 * square(scale) }
    /// log 2be.
    public var entropy: Tensor? { log(scale) + (log(2) + 1) }

    public func sample(_ draws: [Int], using generator: inout RandomGenerator) -> Tensor {
        quantile(generator.openUniform(draws + shape, dataType: location.dataType))
    }

    public func logProbability(of x: Tensor) -> Tensor {
        requireDraw(x)
        return -(abs(x - location) / scale + log(scale) + log(2))
    }

    public func quantile(_ probability: Tensor) -> Tensor {
        let isBelow = stopGradient(probability) .< 0.5
        let half = Tensor(0.5, dataType: probability.dataType)
        let below = log(2 * select(isBelow, probability, half))
        let above = -log(2 * (1 - select(isBelow, half, probability)))
        return location + scale * select(isBelow, below, above)
    }

    /// log(c / b) + (|μ − ν| + b exp(−|μ − ν| / b)) / c − 1 from one with location ν and scale c.
    public func divergence(from other: any Distribution) -> Tensor? {
        guard let other = other.unwrapped as? Laplace else { return nil }
        requireComparable(other)
        let difference = location - other.location
        // Unlike those of the magnitude, the second derivatives at equal locations are right.
        let distance = select(stopGradient(difference) .>= 0, difference, -difference)
        return log(other.scale / scale)
            + (distance + scale * exp(-distance / scale)) / other.scale - 1
    }
}
