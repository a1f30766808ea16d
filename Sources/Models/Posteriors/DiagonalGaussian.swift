import Autograd
import Foundation

/// A normal distribution of codes with independent components: the posterior of a variational
/// autoencoder (Kingma and Welling, arXiv:1312.6114).
public struct DiagonalGaussian: ProbabilisticPosterior {
    /// The mean, `[batch, …]`.
    public let mean: Tensor
    /// The logarithms of the components' variances, of the shape of the mean.
    public let logVariance: Tensor

    /// Traps if the shapes of mean and log-variance differ.
    public init(mean: Tensor, logVariance: Tensor) {
        guard mean.shape == logVariance.shape else {
            programmerError(
                "DiagonalGaussian",
                "a mean of shape \(mean.shape) and a log-variance of shape \(logVariance.shape)")
        }
        self.mean = mean
        self.logVariance = logVariance
    }

    /// The square root of the variance.
    public var standardDeviation: Tensor { exp(0.5 * logVariance) }

    /// Mean plus standard deviation times standard normal noise: gradients flow to both, as the
    /// noise does not depend on them (equation 4 of the paper).
    public func sample(using generator: inout RandomGenerator) -> Tensor {
        mean + standardDeviation * generator.normal(mean.shape, dataType: mean.dataType)
    }

    public func logProbability(of code: Tensor) -> Tensor {
        requireEqualShapes("DiagonalGaussian", "a code", code, "a mean", mean)
        return -0.5
            * (square(code - mean) * exp(-logVariance) + logVariance + log(2 * Double.pi))
            .summedOverSample()
    }

    /// ½ Σ (μ² + σ² − 1 − log σ²) (appendix B of the paper).
    public var divergenceFromStandardNormal: Tensor {
        0.5 * (square(mean) + expm1(logVariance) - logVariance).summedOverSample()
    }
}
