import Autograd
import Foundation

/// Components that are normally distributed.
///
/// With a scale fixed to 1 the negative log-density is half of the squared error, and a constant.
public struct Gaussian: Likelihood {
    /// `[batch, …]`.
    public let mean: Tensor
    /// The logarithm of the standard deviation, of a shape that broadcasts to the mean's.
    ///
    /// Used as it is: safe in `float32` from −40 to 40, where its exponentials neither vanish nor
    /// overflow. ``GaussianDecoder`` keeps it well within.
    public let logScale: Tensor

    /// Traps unless the log-scale broadcasts to the shape of the mean.
    public init(mean: Tensor, logScale: Tensor) {
        self.mean = mean
        self.logScale = logScale.broadcast(to: mean.shape)
    }

    /// With one standard deviation for all components. Traps unless it is positive and finite.
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
