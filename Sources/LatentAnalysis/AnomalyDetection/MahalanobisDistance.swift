import Autograd

/// The distance of codes from the mean of others, relative to the spread of these in each direction
/// (Mahalanobis, "On the generalised distance in statistics", 1936).
///
/// Directions in which the others hardly vary, with less than 10⁻⁹ of the largest variance, are
/// treated as if they had that much, so that rounding errors do not count as distance; a code that
/// differs from the others in such a direction has a large but finite distance. If the others do
/// not vary at all, every different code is infinitely far.
public struct MahalanobisDistance: Sendable {
    /// The divisor of the codes, a power of two, so that no square overflows.
    private let unit: Double
    /// The first code, from which the others are measured; if all are equal, the differences are 0.
    private let origin: Tensor
    /// The mean of the codes relative to the origin.
    private let mean: Tensor
    /// `[components, components]`: to uncorrelated coordinates.
    private let directions: Tensor
    /// The standard deviations along the directions.
    private let spreads: Tensor
    /// Whether all reference codes are finite.
    private let isKnown: Bool

    /// Traps if there are no codes.
    ///
    /// - Parameter codes: the reference codes, `[count, …]`, flattened; at least one. If not all
    ///   are finite, every distance is NaN.
    public init(from codes: Tensor) {
        guard codes.rank > 0, codes.count > 0 else {
            programmerError(
                "MahalanobisDistance", "no codes to measure from in shape \(codes.shape)")
        }
        let flat = codes.flattened().cast(to: .float64)
        isKnown = flat.allFinite
        unit = powerOfTwo(near: abs(flat).max().scalar)
        let scaled = flat * (1 / unit)
        origin = scaled[0]
        let fromOrigin = scaled - origin
        mean = fromOrigin.mean(axes: [0])
        let deviations = fromOrigin - mean
        let covariance =
            matmul(deviations, deviations, transposingLeft: true) / Double(flat.shape[0])
        let (variances, vectors) = symmetricEigen(of: covariance)
        directions = vectors
        spreads = sqrt(maximum(variances, 1e-9 * variances.max()))
    }

    /// The squared distances, `[count]` in `float64`: infinite for a code with an infinite or very
    /// large element, NaN for one with a NaN.
    public func callAsFunction(_ codes: Tensor) -> Tensor {
        let flat = codes.flattened().cast(to: .float64)
        let unknown = Tensor(.nan, dataType: .float64)
        guard isKnown else {
            return Tensor(repeating: .nan, shape: [flat.shape[0]], dataType: .float64)
        }
        let deviations = flat * (1 / unit) - origin - mean
        let isNear = abs(deviations) .<= 1e150
        let zero = Tensor(0, dataType: .float64)
        let coordinates = matmul(select(isNear, deviations, zero), directions)
        let distances = select(coordinates .== 0, zero, square(coordinates / spreads))
            .sum(axes: [1])
        let infinite = Tensor(.infinity, dataType: .float64)
        return select(
            flat.isNaN.any(axes: [1]), unknown,
            select(isNear.all(axes: [1]), distances, infinite))
    }
}

/// The largest power of two that is not greater than a positive number; 1 if the number is not
/// positive and finite. Dividing by it is exact.
func powerOfTwo(near value: Double) -> Double {
    guard value.isNormal, value > 0 else { return 1 }
    // So that its inverse is finite, too.
    let exponent = min(max(value.exponent, -1000), 1000)
    return Double(sign: .plus, exponent: exponent, significand: 1)
}
