import Autograd

/// How far codes are from the middle of others, in units of how these spread in each direction
/// (Mahalanobis, "On the generalised distance in statistics", 1936).
///
/// Directions along which the others hardly vary, with less than 10⁻⁹ of the greatest variance,
/// are left out.
public struct MahalanobisDistance: Sendable {
    private let mean: Tensor
    /// `[components, kept]`: to coordinates of variance 1 that do not vary together.
    private let whitening: Tensor

    /// - Parameter codes: `[count, …]`, flattened; at least one.
    public init(from codes: Tensor) {
        let flat = codes.flattened().cast(to: .float64)
        guard flat.shape[0] > 0 else {
            programmerError("MahalanobisDistance", "no codes to measure from")
        }
        mean = flat.mean(axes: [0])
        let deviations = flat - mean
        let covariance =
            matmul(deviations, deviations, transposingLeft: true) / Double(flat.shape[0])
        let (variances, directions) = symmetricEigenvectors(of: covariance)
        let kept = variances.filter { $0 > 1e-9 * variances[0] && $0 > 0 }
        let scales = Tensor(kept.map { 1 / $0.squareRoot() }, shape: [kept.count, 1])
        whitening = (directions[0..<kept.count] * scales).transposed()
    }

    /// The squared distances, `[count]` in `float64`.
    public func callAsFunction(_ codes: Tensor) -> Tensor {
        square(matmul(codes.flattened().cast(to: .float64) - mean, whitening)).sum(axes: [1])
    }
}
