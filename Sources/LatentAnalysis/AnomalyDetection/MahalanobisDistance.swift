import Autograd

/// How far codes are from the middle of others, in units of how these spread in each direction
/// (Mahalanobis, "On the generalised distance in statistics", 1936).
///
/// Directions along which the others hardly vary, with less than 10⁻⁹ of the greatest variance,
/// count as if they had that much, so that rounding is not taken for distance; a code that leaves
/// the others along such a direction is far from them, but not infinitely. From others that do not
/// vary at all every other code is infinitely far.
public struct MahalanobisDistance: Sendable {
    /// What codes are divided by, a power of two, so that no square overflows.
    private let unit: Double
    /// The first code, from which the others are measured: where all are equal nothing is left.
    private let origin: Tensor
    /// Of the codes from there.
    private let mean: Tensor
    /// `[components, components]`: to coordinates that do not vary together, the spread of each
    /// of which is 1.
    private let directions: Tensor
    private let spreads: Tensor
    /// Whether all codes to measure from are finite.
    private let isKnown: Bool

    /// - Parameter codes: `[count, …]`, flattened; at least one. From codes that are not all finite
    ///   every distance is not a number.
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
        let (variances, vectors) = symmetricEigenvectors(of: covariance)
        directions = vectors.transposed()
        spreads = Tensor(variances.map { max($0, 1e-9 * variances[0]).squareRoot() })
    }

    /// The squared distances, `[count]` in `float64`: infinite for a code with an infinite element
    /// or too far to be told, not a number for one with an element that is none.
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

/// The greatest power of two that is not greater than a positive number; 1 for what is none, or
/// not finite. To divide by it changes no digit.
func powerOfTwo(near value: Double) -> Double {
    guard value.isNormal, value > 0 else { return 1 }
    // So that its inverse is a number, too.
    let exponent = min(max(value.exponent, -1000), 1000)
    return Double(sign: .plus, exponent: exponent, significand: 1)
}
