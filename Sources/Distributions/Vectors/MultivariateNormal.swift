import Autograd
import Foundation

/// The normal distribution of vectors, with a covariance L Lᵀ given by its Cholesky factor L.
public struct MultivariateNormal: ContinuousDistribution, ReparameterizedDistribution {
    /// `[…, size]`.
    public let mean: Tensor
    /// L, lower triangular with a positive diagonal, `[…, size, size]`.
    public let choleskyFactor: Tensor

    /// From parameters whose axes before the last ones broadcast. Traps if the shapes do not fit, or
    /// an element of the diagonal is not positive and finite; what stands above the diagonal is
    /// taken as 0. For a covariance: `choleskyFactor(of: covariance)`.
    public init(mean: Tensor, choleskyFactor factor: Tensor) {
        guard let size = mean.shape.last, size > 0, factor.shape.suffix(2) == [size, size] else {
            programmerError(
                "MultivariateNormal",
                "a mean of shape \(mean.shape) and a Cholesky factor of shape \(factor.shape)")
        }
        requireParameter(
            factor.diagonal(), "diagonal of the Cholesky factor", of: "MultivariateNormal",
            .positive)
        let parts = broadcastTogether(
            [mean.expandingAxis(-1), factor[.ellipsis, 0..<1]], of: "MultivariateNormal")
        self.mean = mean.broadcast(to: parts[0].shape.dropLast())
        choleskyFactor = factor.lowerTriangle()
            .broadcast(to: parts[1].shape.dropLast() + [size])
    }

    public var shape: [Int] { mean.shape }
    public var dataType: DataType { mean.dataType }
    public var eventRank: Int { 1 }
    /// The diagonal of L Lᵀ.
    public var variance: Tensor { square(choleskyFactor).sum(axes: [-1]) }
    /// L Lᵀ, `[…, size, size]`.
    public var covariance: Tensor {
        matmul(choleskyFactor, choleskyFactor, transposingRight: true)
    }

    /// ½ log det 2πe L Lᵀ.
    public var entropy: Tensor? { logScale + Double(size) * (halfLogTwoPi + 0.5) }

    /// μ + L ε with standard normal noise ε.
    public func sample(_ draws: [Int], using generator: inout RandomGenerator) -> Tensor {
        let noise = generator.normal(draws + shape + [1], dataType: mean.dataType)
        let factor = choleskyFactor.broadcast(to: draws + choleskyFactor.shape)
        return mean + matmul(factor, noise).squeezed(axes: [-1])
    }

    public func logProbability(of x: Tensor) -> Tensor {
        requireDraw(x)
        return -(0.5 * squaredDistance(of: x - mean) + logScale + Double(size) * halfLogTwoPi)
    }

    /// In closed form from another multivariate normal distribution, and from independent normal ones.
    public func divergence(from other: any Distribution) -> Tensor? {
        if let other = other.unwrapped as? Independent<Normal>, other.eventRank == 1 {
            requireComparable(other)
            let variance = other.base.variance
            let distance = (self.variance + square(mean - other.mean)) / variance
            return 0.5 * (distance + log(variance) - 1).sum(axes: [-1]) - logScale
        }
        guard let other = other.unwrapped as? MultivariateNormal else { return nil }
        requireComparable(other)
        let ratio = triangularSolve(other.choleskyFactor, choleskyFactor)
        return other.logScale - logScale
            + 0.5
            * (square(ratio).sum(axes: [-2, -1]) - Double(size)
                + other.squaredDistance(of: mean - other.mean))
    }

    private var size: Int { shape[shape.count - 1] }

    /// log det L.
    private var logScale: Tensor { log(choleskyFactor.diagonal()).sum(axes: [-1]) }

    /// |L⁻¹ x|².
    private func squaredDistance(of x: Tensor) -> Tensor {
        let factor = choleskyFactor.broadcast(to: x.shape + [size])
        return square(triangularSolve(factor, x.expandingAxis(-1))).sum(axes: [-2, -1])
    }
}
