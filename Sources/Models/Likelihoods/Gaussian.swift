import Autograd
import Foundation

/// Components that are normally distributed.
///
/// With the scale fixed to 1, the negative log-density is half the squared error plus a constant.
public struct Gaussian: Likelihood {
    /// The mean, `[batch, …]`.
    public let mean: Tensor
    /// The logarithm of the standard deviation, of a shape that broadcasts to the mean's.
    ///
    /// Used without bounds: in `float32` safe from −40 to 40, where its exponentials neither vanish
    /// nor overflow. ``GaussianDecoder`` keeps it well within this range.
    public let logScale: Tensor

    /// Traps if the log-scale does not broadcast to the shape of the mean.
    public init(mean: Tensor, logScale: Tensor) {
        self.mean = mean
        self.logScale = logScale.broadcast(to: mean.shape)
    }

    /// With one standard deviation for all components. Traps if it is not positive and finite.
    public init(mean: Tensor, scale: Double) {
        guard scale > 0, scale.isFinite else {
            programmerError("Gaussian", "the scale \(scale) is not positive and finite")
        }
        self.init(mean: mean, logScale: Tensor(log(scale), dataType: mean.dataType))
    }

    /// −Σ ½ ((x − μ) / σ)² + log σ + ½ log 2π.
    public func logProbability(of x: Tensor) -> Tensor {
        requireEqualShapes("Gaussian", "a sample", x, "a mean", mean)
        let deviation = (x - mean) * exp(-logScale)
        return -(0.5 * square(deviation) + logScale + 0.5 * log(2 * Double.pi))
            .summedOverSample()
    }

    public func sample(using generator: inout RandomGenerator) -> Tensor {
        let noise = generator.normal(mean.shape, dataType: mean.dataType)
        return stopGradient(mean) + exp(stopGradient(logScale)) * noise
    }
}
