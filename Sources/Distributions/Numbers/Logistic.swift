import Autograd
import Foundation

/// The logistic distribution of numbers, whose distribution function is the logistic function
/// σ((x − μ) / s).
public struct Logistic: ContinuousDistribution, ReparameterizedDistribution, UnivariateDistribution
{
    /// The mean and median μ.
    public let location: Tensor
    /// The scale s; the standard deviation is πs / √3.
    public let scale: Tensor

    /// From parameters that broadcast. Traps if a scale is not positive and finite.
    public init(location: Tensor, scale: Tensor) {
        requireParameter(scale, "scale", of: "Logistic", .positive)
        let parts = broadcastTogether([location, scale], of: "Logistic")
        (self.location, self.scale) = (parts[0], parts[1])
    }

    public var shape: [Int] { location.shape }
    public var dataType: DataType { location.dataType }
    public var mean: Tensor { location }
    public var variance: Tensor { square(scale) * (Double.pi * Double.pi / 3) }
    /// log s + 2.
    public var entropy: Tensor? { log(scale) + 2 }

    public func sample(_ draws: [Int], using generator: inout RandomGenerator) -> Tensor {
        quantile(generator.openUniform(draws + shape, dataType: location.dataType))
    }

    public func logProbability(of x: Tensor) -> Tensor {
        requireDraw(x)
        let standard = (x - location) / scale
        // log σ(z) + log σ(−z): neither is a difference of infinities.
        return -(softplus(standard) + softplus(-standard) + log(scale))
    }

    public func quantile(_ probability: Tensor) -> Tensor {
        location + scale * (log(probability) - log1p(-probability))
    }
}
