import Autograd

/// Orthonormal rows that span those of a matrix with at least as many columns as rows.
///
/// A row without a part of its own along the others becomes a direction left by rounding, or zero.
package func orthonormalRows(of matrix: Tensor) -> Tensor {
    var rows = orthonormalizedOnce(matrix)
    let identity = Tensor.identity(matrix.shape[0], dataType: matrix.dataType)
    // What rounding left in the first pass, the second removes; of rows that depend on others
    // rounding is all there is, and they take some more.
    for _ in 0..<5 {
        rows = orthonormalizedOnce(rows)
        let products = matmul(rows, rows, transposingRight: true)
        if abs(products - identity).max().scalar < 1e-12 { break }
    }
    return rows
}

/// By Gram and Schmidt's method in halves: the second half is freed of its part along the first,
/// so that nearly all the work is in products of matrices.
private func orthonormalizedOnce(_ matrix: Tensor) -> Tensor {
    let count = matrix.shape[0]
    guard count > 1 else {
        let norm = sqrt(square(matrix).sum())
        return norm.scalar > 0 ? matrix / norm : matrix
    }
    let first = orthonormalizedOnce(matrix[0..<count / 2])
    let rest = matrix[count / 2..<count]
    let along = matmul(matmul(rest, first, transposingRight: true), first)
    return concatenated([first, orthonormalizedOnce(rest - along)])
}
