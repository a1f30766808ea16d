import Autograd
import Foundation

/// The largest angle between two spaces, each spanned by the orthonormal rows of a matrix, in
/// radians: 0 if they are equal, π/2 if one has a direction orthogonal to all of the other (Björck
/// and Golub, "Numerical methods for computing angles between linear subspaces", 1973; computed
/// from its sine, which is accurate for small angles). NaN if an element is not finite. Traps if
/// the shapes differ.
public func largestPrincipalAngle(between a: Tensor, and b: Tensor) -> Double {
    guard a.rank == 2, a.shape == b.shape, a.count > 0 else {
        programmerError("largestPrincipalAngle", "rows of shape \(a.shape) and \(b.shape)")
    }
    let (a, b) = (a.cast(to: .float64), b.cast(to: .float64))
    let along = matmul(matmul(b, a, transposingRight: true), a)
    let rest = b - along
    let sine = singularValues(of: rest).max().scalar
    // The order of the arguments matters, as the minimum with NaN depends on it.
    return sine.isNaN ? .nan : asin(min(1, sine))
}
