/// The QR factorisation of matrices in the last two axes, `[…, m, n]`: X = Q R with k = min(m, n)
/// orthonormal columns in `q`, `[…, m, k]`, and upper triangular `r`, `[…, k, n]`, whose diagonal is
/// positive; 0 where a column depends on those before it, which leaves a column of `q` arbitrary. All
/// is NaN if an element of the first k columns of a matrix is not finite.
///
/// The derivative (Walter and Lehmann, "Algorithmic differentiation of linear algebra functions with
/// application in optimum experimental design", arXiv:1001.1654) traps if the first k columns of a
/// matrix are linearly dependent: if an element of the diagonal of `r` is at most their sum times
/// eight machine epsilons of the type.
public func qrFactors(of x: Tensor) -> (q: Tensor, r: Tensor) {
    let (rows, columns) = matrixSize("qrFactors", x)
    guard rows < columns else { return tallFactors(x, rows, columns) }
    let (q, r) = tallFactors(x.sliced(axis: -1, 0..<rows), rows, rows)
    let rest = matmul(q, x.sliced(axis: -1, rows..<columns), transposingLeft: true)
    return (q, concatenated([r, rest], axis: -1))
}

/// Of matrices with at least as many rows as columns.
private func tallFactors(_ x: Tensor, _ rows: Int, _ columns: Int) -> (q: Tensor, r: Tensor) {
    /// Both are recorded as one tensor, one above the other.
    func parts(_ both: Tensor) -> (q: Tensor, r: Tensor) {
        (both.sliced(axis: -2, 0..<rows), both.sliced(axis: -2, rows..<rows + columns))
    }
    let both = differentiable("qrFactors", x) { x in
        mapMatrices("qrFactors", x, to: (rows + columns, columns)) { source, result in
            result.update(repeating: 0, count: (rows + columns) * columns)
            withMatrix(rows, columns) { a in
                a.copy(from: MatrixView(source, rows: rows, columns: columns))
                guard let unit = a.scale() else {
                    result.update(repeating: .nan, count: (rows + columns) * columns)
                    return
                }
                a.multiply(by: 1 / unit)
                let r = MatrixView(result + rows * columns, rows: columns, columns: columns)
                factorizeOrthogonally(
                    a, q: MatrixView(result, rows: rows, columns: columns), r: r)
                r.multiply(by: unit)
            }
            return nil
        }
    } pullback: { x, both in
        let (q, r) = parts(both)
        return { cotangent in
            checkIndependence(x, r)
            let (ofQ, ofR) = parts(cotangent)
            let m =
                matmul(r, ofR.upperTriangle(), transposingRight: true)
                - matmul(ofQ, q, transposingLeft: true)
            let symmetric = m.lowerTriangle() + m.lowerTriangle(diagonal: -1).matrixTransposed
            let sum = ofQ + matmul(q, symmetric)
            // Sum times the inverse of Rᵀ.
            return triangularSolve(
                r.matrixTransposed, sum.matrixTransposed, transposing: true
            ).matrixTransposed
        }
    }
    return parts(both)
}

private func checkIndependence(_ x: Tensor, _ r: Tensor) {
    let diagonal = stopGradient(r).diagonal()
    let least = leastGap(between: diagonal).squeezed(axes: [-1])
    guard (diagonal .<= least).any().scalar == 0 else {
        trap(
            "qrFactors",
            "factors of linearly dependent columns, in matrices of shape \(x.shape), have no "
                + "derivative")
    }
}
