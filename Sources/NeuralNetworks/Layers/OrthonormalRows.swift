import Autograd

/// Orthonormal rows that span the rows of a matrix with at least as many columns as rows.
///
/// A row that depends on the others becomes a direction determined by rounding errors, or zero.
package func orthonormalRows(of matrix: Tensor) -> Tensor {
    var rows = orthonormalizedOnce(matrix)
    let identity = Tensor.identity(matrix.shape[0], dataType: matrix.dataType)
    // A second pass removes the rounding errors of the first; rows that depend on others consist
    // only of rounding errors and take a few more.
    for _ in 0..<5 {
        rows = orthonormalizedOnce(rows)
        let products = matmul(rows, rows, transposingRight: true)
        if abs(products - identity).max().scalar < 1e-12 { break }
    }
    return rows
}

/// Gram–Schmidt by halves: the first half is projected out of the second, so that nearly all the
/// work is in matrix products.
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
