import Autograd
import Datasets

/// The largest angle between the space of the reconstructions and that of as many principal
/// components, in radians.
func angleToPrincipalComponents(
    _ model: any Module, _ training: Tensor
) -> [String: Double] {
    guard let model = model as? any AutoencoderModel else { return [:] }
    let sample = training[0..<1].cast(to: .float32)
    let (elements, size) = (sample.count, model.encode(sample).count)
    guard size <= elements else { return [:] }
    // The decoder is a matrix and a bias: what it makes of each component of a code alone.
    let origin = model.decode(Tensor.zeros([1, size]))
    let spanning = (model.decode(Tensor.identity(size)) - origin).flattened()
    let angle = largestPrincipalAngle(
        between: PrincipalComponents(of: training, count: size).directions,
        and: orthonormalRows(of: spanning.cast(to: .float64)))
    return ["largestPrincipalAngle": angle]
}
