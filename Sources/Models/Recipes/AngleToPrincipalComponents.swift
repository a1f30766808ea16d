import Autograd
import Datasets

/// The largest angle between the space of the reconstructions and that of the same number of
/// principal components, in radians.
func angleToPrincipalComponents(
    _ model: any Module, _ training: Examples
) -> [String: Double] {
    guard let model = model as? any AutoencoderModel else { return [:] }
    let scale = (model as? any ScalesSamples)?.scale
    func scaled(_ samples: Tensor) -> Tensor { scale?.scaled(samples) ?? samples }
    let sample = training.batch(0..<1, as: .float32).input
    let (elements, size) = (sample.count, model.encode(sample).count)
    guard size <= elements else { return [:] }
    // The decoder is a matrix and a bias, so decoding unit codes gives the spanning vectors.
    let origin = scaled(model.decode(Tensor.zeros([1, size])))
    let spanning = (scaled(model.decode(Tensor.identity(size))) - origin).flattened()
    let angle = largestPrincipalAngle(
        between: PrincipalComponents(
            of: scale.map { $0.scaled(training.scaled()) } ?? training.inputs, count: size
        ).directions,
        and: orthonormalRows(of: spanning.cast(to: .float64)))
    return ["largestPrincipalAngle": angle]
}
