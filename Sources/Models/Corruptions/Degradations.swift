import Autograd
import Datasets

/// Converts images to grey: `[batch, 3, height, width]`, red, green and blue, becomes
/// `[batch, 1, height, width]`, their luma.
public struct Greying: Corruption {
    public init() {}

    public func callAsFunction(
        _ samples: Tensor, using generator: inout RandomGenerator
    ) -> Tensor {
        guard samples.rank == 4, samples.shape[1] == 3 else {
            programmerError(
                "Greying", "expected images [batch, 3, height, width], found \(samples.shape)")
        }
        return samples.luma
    }
}

/// Makes images smaller by bicubic interpolation, the usual way to reduce the resolution for
/// superresolution: `[batch, channels, height, width]` becomes
/// `[batch, channels, height / factor, width / factor]`.
public struct Downscaling: Corruption {
    /// How many times smaller the sides become.
    public let factor: Int

    /// Traps if the factor is not positive.
    public init(by factor: Int) {
        guard factor > 0 else { programmerError("Downscaling", "by \(factor)") }
        self.factor = factor
    }

    /// Traps if the factor does not divide both sides.
    public func callAsFunction(
        _ samples: Tensor, using generator: inout RandomGenerator
    ) -> Tensor {
        guard samples.rank == 4, samples.shape[2] % factor == 0, samples.shape[3] % factor == 0
        else {
            programmerError("Downscaling", "images of shape \(samples.shape) by \(factor)")
        }
        return resized(
            samples,
            to: Size2D(height: samples.shape[2] / factor, width: samples.shape[3] / factor))
    }
}
