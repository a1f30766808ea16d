/// Householder's QR factorisation of a matrix with at least as many rows as columns, by blocks of
/// columns (Golub and Van Loan, "Matrix Computations", section 5.2).
///
/// R replaces the upper triangle; what is left below it means nothing. `reflectors`, one for each
/// column, make Q.
func triangularize(_ a: MatrixView, _ reflectors: Reflectors) {
    for start in stride(from: 0, to: a.columns, by: Reflectors.blockSize) {
        let end = min(a.columns, start + Reflectors.blockSize)
        for k in start..<end {
            let vector = reflectors.vectors.row(k)
            for row in k..<a.rows { vector[row] = a[row, k] }
            a[k, k] = reflectors.reflect(k)
            reflectors.apply(k..<k + 1, transposing: true, to: a.part(k..<a.rows, k + 1..<end))
        }
        reflectors.apply(
            start..<end, transposing: true, to: a.part(start..<a.rows, end..<a.columns))
    }
}

/// Makes Q and R of a matrix with at least as many rows as columns, which is lost.
///
/// - Parameters:
///   - q: zeros, which become the factor with orthonormal columns; nil if it is not wanted.
///   - r: zeros, which become the upper triangular factor. Its diagonal is not negative.
func factorizeOrthogonally(_ a: MatrixView, q: MatrixView?, r: MatrixView) {
    withReflectors(a.columns, length: a.rows, offset: 0) { reflectors in
        triangularize(a, reflectors)
        if let q { reflectors.form(q) }
    }
    for row in 0..<a.columns {
        let sign = a[row, row] < 0 ? -1.0 : 1
        for column in row..<a.columns { r[row, column] = sign * a[row, column] }
        guard sign < 0, let q else { continue }
        for index in 0..<a.rows { q[index, row] = -q[index, row] }
    }
}
