import Autograd
import Foundation

/// The beta distribution of numbers between 0 and 1, x^(a−1) (1 − x)^(b−1) / B(a, b).
public struct Beta: ContinuousDistribution, ReparameterizedDistribution, UnivariateDistribution {
    /// The exponent of x, plus 1.
    public let a: Tensor
    /// The exponent of 1 − x, plus 1.
    public let b: Tensor

    /// From parameters that broadcast. Traps if they are not positive and finite.
    public init(_ a: Tensor, _ b: Tensor) {
        requireParameter(a, "first parameter", of: "Beta", .positive)
        requireParameter(b, "second parameter", of: "Beta", .positive)
        let parts = broadcastTogether([a, b], of: "Beta")
        (self.a, self.b) = (parts[0], parts[1])
    }

    public var shape: [Int] { a.shape }
    public var dataType: DataType { a.dataType }
    public var support: ClosedRange<Double> { 0...1 }
    public var mean: Tensor { a / (a + b) }
    public var variance: Tensor { a * b / (square(a + b) * (a + b + 1)) }

    public var entropy: Tensor? {
        logBeta(a, b) - (a - 1) * digamma(a) - (b - 1) * digamma(b)
            + (a + b - 2) * digamma(a + b)
    }

    /// x / (x + y) of two gamma variates. Draws that round to 0 or 1 are moved to the next number
    /// between.
    public func sample(_ draws: [Int], using generator: inout RandomGenerator) -> Tensor {
        let (a, b) = (a.broadcast(to: draws + shape), b.broadcast(to: draws + shape))
        let first = generator.logGamma(shape: a)
        return sigmoid(first - generator.logGamma(shape: b)).withinOpenUnitInterval()
    }

    /// −∞ outside of 0 to 1.
    public func logProbability(of x: Tensor) -> Tensor {
        requireDraw(x)
        return within(support, x, elsewhere: 0.5) { x in
            (a - 1).timesLogarithm(of: x) + (b - 1).timesLogarithm(ofOneMinus: x) - logBeta(a, b)
        }
    }

    /// Traps if the parameters are watched.
    public func quantile(_ probability: Tensor) -> Tensor {
        betaQuantile(a, b, probability: probability)
    }

    /// In closed form from another beta distribution.
    public func divergence(from other: any Distribution) -> Tensor? {
        guard let other = other.unwrapped as? Beta else { return nil }
        requireComparable(other)
        return logBeta(other.a, other.b) - logBeta(a, b)
            + (a - other.a) * digamma(a) + (b - other.b) * digamma(b)
            + (other.a - a + other.b - b) * digamma(a + b)
    }
}
