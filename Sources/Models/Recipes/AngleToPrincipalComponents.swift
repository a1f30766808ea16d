import Autograd
import Datasets

/// The largest angle between the space of the reconstructions and that of the same number of
/// principal components, in radians.
func angleToPrincipalComponents(
    _ model: any Module, _ training: Tensor
) -> [String: Double] {
    guard let model = model as? any AutoencoderModel else { return [:] }
    let sample = training[0..<1].cast(to: .float32)
    let (elements, size) = (sample.count, model.encode(sample).count)
    guard size <= elements else { return [:] }
    // The decoder is a matrix and a bias, so decoding unit codes gives the spanning vectors.
    let origin = model.decode(Tensor.zeros([1, size]))
    let spanning = (model.decode(Tensor.identity(size)) - origin).flattened()
    let angle = largestPrincipalAngle(
        between: PrincipalComponents(of: training, count: size).directions,
        and: orthonormalRows(of: spanning.cast(to: .float64)))
    return ["largestPrincipalAngle": angle]
}
