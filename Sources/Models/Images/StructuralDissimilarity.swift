import Autograd

/// How unlike images with values from 0 to 1 are, n (1 − s) with their structural similarity s at
/// several scales and the number n of their elements (Snell et al., "Learning to Generate Images with
/// Perceptual Similarity Metrics", arXiv:1511.06409): `[batch, height, width]` or
/// `[batch, channels, height, width]` becomes `[batch]`. The factor makes it as large as errors that
/// are summed over elements, so that the weights of other terms keep their meaning.
///
/// There are as many scales as the window of ``structuralSimilarity(_:_:)`` fits into, up to the five
/// of ``multiScaleStructuralSimilarity(_:_:weights:)``, and their weights add up to 1: two for sides of
/// 28 pixels. Images of opposed structure have the greatest value and no gradient. Traps if the shapes
/// differ or the window does not fit.
public func structuralDissimilarity(_ prediction: Tensor, _ target: Tensor) -> Tensor {
    requireEqualShapes("structuralDissimilarity", "a prediction", prediction, "a target", target)
    let image = ImageShape(
        of: Array(prediction.shape.dropFirst()), for: "structuralDissimilarity")
    let side = min(image.size.height, image.size.width)
    let scales = structuralSimilarityWeights.indices.prefix {
        structuralSimilarityWindow << $0 <= side
    }
    // At least one, so that what is too small traps with its size.
    let weights = structuralSimilarityWeights.prefix(max(scales.count, 1))
    let shape = [prediction.shape[0]] + image.shape
    let similarity = multiScaleStructuralSimilarity(
        prediction.reshaped(shape), target.reshaped(shape),
        weights: weights.map { $0 / weights.reduce(0, +) })
    return Double(image.shape.reduce(1, *)) * (1 - similarity)
}
