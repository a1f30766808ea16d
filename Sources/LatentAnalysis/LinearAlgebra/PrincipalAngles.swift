import Autograd
import Foundation

/// The largest angle between two spaces, spanned by the orthonormal rows of two matrices of one
/// shape, in radians: 0 where they are the same, π/2 where one has a direction that is orthogonal
/// to all of the other (Björck and Golub, "Numerical methods for computing angles between linear
/// subspaces", 1973; through its sine, which is exact for small angles). Not a number where an
/// element is not finite.
public func largestPrincipalAngle(between a: Tensor, and b: Tensor) -> Double {
    guard a.rank == 2, a.shape == b.shape, a.count > 0 else {
        programmerError("largestPrincipalAngle", "rows of shape \(a.shape) and \(b.shape)")
    }
    let (a, b) = (a.cast(to: .float64), b.cast(to: .float64))
    let along = matmul(matmul(b, a, transposingRight: true), a)
    let rest = b - along
    let (values, _) = symmetricEigenvectors(of: matmul(rest, rest, transposingRight: true))
    // In this order, as the minimum and maximum of numbers and what is none depend on it.
    return values[0].isNaN ? .nan : asin(min(1, max(0, values[0]).squareRoot()))
}
