import Autograd
import Distributions
import Foundation

/// A decoder whose head computes the means of a normal likelihood with the standard deviation that
/// fits best, ``OptimalNormal``: there is no scale to be learned or chosen (σ-VAE; Rybkin, Daniilidis
/// and Levine, "Simple and Effective VAE Training with Calibrated Decoders", arXiv:2006.13202).
///
/// It is a decoder of its own and no scale of ``GaussianDecoder``, as the deviation is not known until
/// there is a target.
public struct OptimalGaussianDecoder<Head: Layer>: DecoderNetwork {
    /// From codes to means, of the shape of the samples.
    public var head: Head

    /// A decoder with the given head.
    public init(_ head: Head) { self.head = head }

    public func callAsFunction(
        _ code: Tensor, in context: inout PassContext
    ) -> Independent<OptimalNormal> {
        Independent(OptimalNormal(mean: head(code, in: &context)))
    }

    public var steps: [NetworkStep]? { head.steps }

    public mutating func visit(_ visitor: inout ModuleVisitor) { visitor("head", &head) }
}

/// A normal likelihood of given means with the standard deviation under which the samples that it is
/// asked about are most probable: the root of their mean squared error, over all of them and all their
/// elements.
///
/// The deviation is so a statistic of the batch, through which gradients flow, and so are
/// log-probabilities: those of a sample depend a little on the others, and are not those of a
/// distribution that was fixed before. Without samples there is no deviation: the variance is not a
/// number, and draws trap.
public struct OptimalNormal: ContinuousDistribution {
    public let mean: Tensor

    /// From the means.
    public init(mean: Tensor) { self.mean = mean }

    public var shape: [Int] { mean.shape }
    public var dataType: DataType { mean.dataType }
    public var variance: Tensor { Tensor(repeating: .nan, shape: shape, dataType: dataType) }

    /// The normal distribution that fits samples best. The logarithm of its deviation is bounded
    /// from below as in the paper, min + softplus(log σ − min) with min = −6, which makes the
    /// deviation σ + e⁻⁶.
    ///
    /// - Parameter x: samples, of the shape of draws.
    public func fitted(to x: Tensor) -> Normal {
        let difference = x - mean
        let error = difference.norm() / Double(max(difference.count, 1)).squareRoot()
        return Normal(mean: mean, logScale: log(error + exp(-6.0)))
    }

    public func logProbability(of x: Tensor) -> Tensor { fitted(to: x).logProbability(of: x) }

    /// Traps.
    public func sample(_ draws: [Int], using generator: inout RandomGenerator) -> Tensor {
        programmerError(
            "OptimalNormal", "its deviation is that of samples: draw from fitted(to:)")
    }
}
