import KernelInterface

/// For each query, the index of the nearest code in squared Euclidean distance; if several are
/// equally near, the first. Has no derivative.
///
/// - Parameters:
///   - queries: `[…, count, size]`.
///   - codes: `[…, codes, size]`, one or more, with the same leading axes.
/// - Returns: indices of `int32`, `[…, count]`.
public func nearestRows(of queries: Tensor, in codes: Tensor) -> Tensor {
    notDifferentiable("nearestRows", queries, codes)
    guard areSetsOfPoints(queries, codes), codes.shape[codes.rank - 2] > 0 else {
        trap("nearestRows", "queries of shape \(queries.shape) and codes of shape \(codes.shape)")
    }
    // |q − c|² = |q|² − 2 q·c + |c|², whose first term is the same for all codes. The differences
    // of large squares would lose digits, so a mean is subtracted first.
    let mean = codes.mean(axes: [-2], keepingAxes: true)
    let (queries, codes) = (queries - mean, codes - mean)
    let squares = (codes * codes).sum(axes: [-1]).expandingAxis(-2)
    return (squares - 2 * matmul(queries, codes, transposingRight: true)).argmin()
}

/// The squared Euclidean distance of each point to each other one, computed by a product of matrices:
/// `[…, n, size]` and `[…, m, size]`, with the same leading axes, become `[…, n, m]`.
///
/// Traps if the shapes do not match. Distances are accurate to a rounding error of the squared
/// distances from the mean of the second points, and never negative.
public func pairwiseSquaredDistances(_ a: Tensor, _ b: Tensor) -> Tensor {
    guard areSetsOfPoints(a, b), a.dataType == b.dataType, a.dataType.isFloatingPoint else {
        trap(
            "pairwiseSquaredDistances",
            "points of \(a.dataType) of shape \(a.shape) and \(b.dataType) of shape \(b.shape)")
    }
    // Whatever is subtracted from both, distances do not depend on it, and need not be
    // differentiated with respect to it.
    let mean =
        b.shape[b.rank - 2] > 0
        ? stopGradient(b).mean(axes: [-2], keepingAxes: true) : Tensor(0, dataType: b.dataType)
    let (a, b) = (a - mean, b - mean)
    let squares =
        (a * a).sum(axes: [-1], keepingAxes: true)
        + (b * b).sum(axes: [-1]).expandingAxis(-2)
    let distances = squares - 2 * matmul(a, b, transposingRight: true)
    // Where rounding has made one negative, it is raised to 0 without a kink in its derivative.
    return distances + relu(-stopGradient(distances))
}

/// Whether both are `[…, points, size]` with equal leading axes and sizes.
private func areSetsOfPoints(_ a: Tensor, _ b: Tensor) -> Bool {
    a.rank >= 2 && a.rank == b.rank && a.shape.dropLast(2) == b.shape.dropLast(2)
        && a.shape.last == b.shape.last
}
