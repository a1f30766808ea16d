import Autograd
import Foundation

/// The uniform distribution of numbers between two bounds.
public struct Uniform: ContinuousDistribution, ReparameterizedDistribution, UnivariateDistribution {
    /// The lower bounds.
    public let lower: Tensor
    /// The upper bounds.
    public let upper: Tensor

    /// From bounds that broadcast. Traps if they are not finite, or an upper one is not above the
    /// lower one.
    public init(from lower: Tensor, to upper: Tensor) {
        requireParameter(lower, "lower bound", of: "Uniform", .finite)
        requireParameter(upper, "upper bound", of: "Uniform", .finite)
        let parts = broadcastTogether([lower, upper], of: "Uniform")
        requireParameter(parts[1] - parts[0], "width", of: "Uniform", .positive)
        (self.lower, self.upper) = (parts[0], parts[1])
    }

    public var shape: [Int] { lower.shape }
    public var dataType: DataType { lower.dataType }
    public var support: ClosedRange<Double> {
        let (least, greatest) = (lower.min().scalar, upper.max().scalar)
        return least <= greatest ? least...greatest : .unbounded
    }
    public var mean: Tensor { 0.5 * (lower + upper) }
    public var variance: Tensor { square(upper - lower) / 12 }
    public var entropy: Tensor? { log(upper - lower) }

    public func sample(_ draws: [Int], using generator: inout RandomGenerator) -> Tensor {
        quantile(generator.uniform(draws + shape, dataType: lower.dataType))
    }

    /// −log(upper − lower) within the bounds, −∞ outside.
    public func logProbability(of x: Tensor) -> Tensor {
        requireDraw(x)
        let standard = (x - lower) / (upper - lower)
        return within(0...1, standard, elsewhere: 0.5) { 0 * $0 - log(upper - lower) }
    }

    public func quantile(_ probability: Tensor) -> Tensor {
        lower + (upper - lower) * probability
    }
}
