import Autograd
import Foundation

/// Equally spaced numbers, each with the probability that a logistic distribution gives to the
/// interval around it; the lowest and the highest take the tails (Kingma et al.,
/// arXiv:1606.04934, equation 11; Salimans et al., arXiv:1701.05517). A likelihood of 8-bit pixels.
public struct DiscretizedLogistic: DiscreteDistribution, UnivariateDistribution {
    /// The location μ of the logistic distribution.
    public let location: Tensor
    /// The logarithm of its scale s. Used without bounds.
    public let logScale: Tensor
    /// The lowest and the highest number.
    public let range: ClosedRange<Double>
    /// How many numbers there are.
    public let levels: Int

    /// From parameters that broadcast. Traps unless there are at least two levels in a finite
    /// range.
    ///
    /// - Parameters:
    ///   - range: the lowest and the highest number.
    ///   - levels: how many numbers there are: 256 for 8-bit pixels.
    public init(
        location: Tensor, logScale: Tensor, in range: ClosedRange<Double> = 0...1,
        levels: Int = 256
    ) {
        let width = range.upperBound - range.lowerBound
        guard levels >= 2, width > 0, width.isFinite else {
            programmerError("DiscretizedLogistic", "\(levels) levels in \(range)")
        }
        let parts = broadcastTogether([location, logScale], of: "DiscretizedLogistic")
        (self.location, self.logScale) = (parts[0], parts[1])
        (self.range, self.levels) = (range, levels)
    }

    public var shape: [Int] { location.shape }
    public var dataType: DataType { location.dataType }
    public var support: ClosedRange<Double> { range }

    /// The distance of two numbers.
    private var step: Double { (range.upperBound - range.lowerBound) / Double(levels - 1) }

    /// The lowest number, and a step for every border between numbers that a draw exceeds.
    public var mean: Tensor {
        range.lowerBound + step * exceedance { _ in 1 }
    }

    public var variance: Tensor {
        // E k² is the sum of 2k − 1 over the borders that are exceeded.
        let first = exceedance { _ in 1 }
        let second = exceedance { Double(2 * $0 - 1) }
        return step * step * (second - square(first))
    }

    /// The sum of the probabilities that a draw is above the k-th border, each times a weight.
    private func exceedance(weight: (_ k: Int) -> Double) -> Tensor {
        let inverse = exp(-logScale)
        return (1..<levels).reduce(Tensor.zeros(like: location)) { sum, k in
            let border = range.lowerBound + (Double(k) - 0.5) * step
            return sum + weight(k) * sigmoid((location - border) * inverse)
        }
    }

    public func sample(_ draws: [Int], using generator: inout RandomGenerator) -> Tensor {
        quantile(generator.openUniform(draws + shape, dataType: location.dataType))
    }

    /// log(σ(a) − σ(b)) with the borders a and b of the interval around x: −softplus(−a) −
    /// softplus(b) + log(1 − e^(b − a)), of which the lowest number has only the first part and the
    /// highest only the second. `x` must be one of the numbers, but for rounding.
    public func logProbability(of x: Tensor) -> Tensor {
        requireDraw(x)
        let inverse = exp(-logScale)
        let centred = x - location
        let above = softplus(-(centred + 0.5 * step) * inverse)
        let below = softplus((centred - 0.5 * step) * inverse)
        let interior = log(-expm1(-step * inverse)) - above - below
        let fixed = stopGradient(x)
        let isLowest = fixed .< range.lowerBound + 0.5 * step
        let isHighest = fixed .> range.upperBound - 0.5 * step
        return select(isLowest, -above, select(isHighest, -below, interior))
    }

    public func quantile(_ probability: Tensor) -> Tensor {
        let (location, logScale) = (stopGradient(location), stopGradient(logScale))
        let probability = stopGradient(probability)
        let logit = log(probability) - log1p(-probability)
        let position = (location + exp(logScale) * logit - range.lowerBound) / step
        let level = clamp(round(position), from: 0, through: Double(levels - 1))
        return range.lowerBound + step * level
    }
}
