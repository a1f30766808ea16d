import Autograd
import Foundation

/// The peak signal-to-noise ratio of images with values from 0 to 1, −10 log₁₀ of the mean
/// squared error over all pixels and channels, in decibels: `[batch, …]` becomes `[batch]`.
/// Infinite for equal images.
public func peakSignalToNoiseRatio(_ images: Tensor, _ truth: Tensor) -> Tensor {
    let pixels = images.shape.dropFirst().reduce(1, *)
    return -10 / M_LN10 * log(squaredError(images, truth) / Double(pixels))
}

/// The structural similarity of images with values from 0 to 1 (Wang, Bovik, Sheikh and
/// Simoncelli, "Image Quality Assessment: From Error Visibility to Structural Similarity", 2004,
/// equation 13, with their constants): `[batch, channels, height, width]` becomes `[batch]`, 1
/// for equal images.
///
/// Means, variances and covariances are taken under a Gaussian window of 11 × 11 pixels with a
/// standard deviation of 1.5 pixels, at every position where it fits into the image, and the
/// similarities are averaged over positions and channels. Traps if it fits nowhere.
public func structuralSimilarity(_ images: Tensor, _ truth: Tensor) -> Tensor {
    guard images.rank == 4, images.shape == truth.shape,
        min(images.shape[2], images.shape[3]) >= structuralSimilarityWindow
    else {
        programmerError(
            "structuralSimilarity",
            "images of shape \(images.shape) and \(truth.shape), expected two of one shape "
                + "with at least \(structuralSimilarityWindow) × \(structuralSimilarityWindow) "
                + "pixels")
    }
    let (batch, channels) = (images.shape[0], images.shape[1])
    let single = [batch * channels, 1, images.shape[2], images.shape[3]]
    let (x, y) = (images.reshaped(single), truth.reshaped(single))
    let (meanX, meanY) = (windowMeans(x), windowMeans(y))
    let varianceX = windowMeans(x * x) - meanX * meanX
    let varianceY = windowMeans(y * y) - meanY * meanY
    let covariance = windowMeans(x * y) - meanX * meanY
    // They keep the quotients finite if an image is black or uniform.
    let (c1, c2) = (0.01 * 0.01, 0.03 * 0.03)
    let luminance = (2 * meanX * meanY + c1) / (meanX * meanX + meanY * meanY + c1)
    let structure = (2 * covariance + c2) / (varianceX + varianceY + c2)
    return (luminance * structure).reshaped([batch, -1]).mean(axes: [1])
}

/// The side of the window of ``structuralSimilarity(_:_:)``, in pixels.
let structuralSimilarityWindow = 11

/// The means under the window, which is separable into a column and a row.
private func windowMeans(_ x: Tensor) -> Tensor {
    let distances = (0..<structuralSimilarityWindow).map {
        Double($0 - structuralSimilarityWindow / 2)
    }
    let bell = distances.map { exp(-$0 * $0 / (2 * 1.5 * 1.5)) }
    let weights = Tensor(bell.map { $0 / bell.reduce(0, +) }).cast(to: x.dataType)
    return convolution2D(
        convolution2D(x, weights.reshaped([1, 1, -1, 1])), weights.reshaped([1, 1, 1, -1]))
}
