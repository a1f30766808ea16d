import KernelInterface

/// For each query, the index of the nearest code in squared Euclidean distance; if several are
/// equally near, the first. Has no derivative.
///
/// - Parameters:
///   - queries: `[count, size]`.
///   - codes: `[codes, size]`, one or more.
/// - Returns: indices of `int32`, `[count]`.
public func nearestRows(of queries: Tensor, in codes: Tensor) -> Tensor {
    notDifferentiable("nearestRows", queries, codes)
    guard queries.rank == 2, codes.rank == 2, queries.shape[1] == codes.shape[1],
        codes.shape[0] > 0
    else {
        trap("nearestRows", "queries of shape \(queries.shape) and codes of shape \(codes.shape)")
    }
    // |q − c|² = |q|² − 2 q·c + |c|², whose first term is the same for all codes. The differences
    // of large squares would lose digits, so a mean is subtracted first.
    let mean = codes.mean(axes: [0])
    let (queries, codes) = (queries - mean, codes - mean)
    let squares = (codes * codes).sum(axes: [1])
    return (squares - 2 * matmul(queries, codes, transposingRight: true)).argmin()
}
