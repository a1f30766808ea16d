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
    checkImages("structuralSimilarity", images, truth, least: structuralSimilarityWindow)
    let (luminance, structure) = similarities(images, truth)
    return (luminance * structure).reshaped([images.shape[0], -1]).mean(axes: [1])
}

/// The structural similarity of images at several scales (Wang, Simoncelli and Bovik, "Multi-scale
/// structural similarity for image quality assessment", 2003, equation 7): contrast and structure
/// are compared at each scale, each half as large as the one before, luminance at the last;
/// `[batch, channels, height, width]` becomes `[batch]`, 1 for equal images.
///
/// Traps if the window of ``structuralSimilarity(_:_:)`` does not fit into the last scale.
///
/// - Parameter weights: the exponent of each scale, the largest images first; by default those of
///   the paper, for sides of 176 pixels or more.
public func multiScaleStructuralSimilarity(
    _ images: Tensor, _ truth: Tensor,
    weights: [Double] = structuralSimilarityWeights
) -> Tensor {
    let halvings = max(0, weights.count - 1)
    checkImages(
        "multiScaleStructuralSimilarity", images, truth,
        least: structuralSimilarityWindow << min(halvings, 32))
    var (x, y) = (images, truth)
    var product = Tensor.ones([images.shape[0]], dataType: images.dataType)
    for (scale, weight) in weights.enumerated() {
        if scale > 0 { (x, y) = (averagePooling2D(x, window: 2), averagePooling2D(y, window: 2)) }
        let (luminance, structure) = similarities(x, y)
        let isLast = scale == weights.count - 1
        let mean = (isLast ? luminance * structure : structure)
            .reshaped([x.shape[0], -1]).mean(axes: [1])
        // Images whose structures are opposed are as unlike as can be; a root has no slope at 0.
        let isAlike = stopGradient(mean) .> 0
        let power = pow(select(isAlike, mean, Tensor.ones(like: mean)), weight)
        product = product * select(isAlike, power, Tensor.zeros(like: mean))
    }
    return product
}

/// The exponents of the scales of ``multiScaleStructuralSimilarity(_:_:weights:)`` in its paper, the
/// largest images first.
public let structuralSimilarityWeights = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333]

private func checkImages(
    _ operation: String, _ images: Tensor, _ truth: Tensor, least side: Int
) {
    guard images.rank == 4, images.shape == truth.shape,
        min(images.shape[2], images.shape[3]) >= side
    else {
        programmerError(
            operation,
            "images of shape \(images.shape) and \(truth.shape), expected two of one shape "
                + "with at least \(side) × \(side) pixels")
    }
}

/// The similarities of luminance, and of contrast and structure, at each position and channel.
private func similarities(
    _ images: Tensor, _ truth: Tensor
) -> (luminance: Tensor, structure: Tensor) {
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
    return (luminance, structure)
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
