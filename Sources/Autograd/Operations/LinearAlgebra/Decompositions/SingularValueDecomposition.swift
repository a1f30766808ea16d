/// The singular value decomposition X = U S Vᵀ of a matrix of m rows and n columns, with k = min(m,
/// n), as a matrix of k columns: the rows of U, then one of the singular values, descending, then
/// the rows of V. If U and V are not wanted, the result is the singular values alone. All is NaN if
/// an element is not finite.
func decomposeBySingularValues(
    _ source: MatrixView, into result: UnsafeMutablePointer<Double>, withVectors: Bool
) -> String? {
    // At least as many rows as columns.
    let tall = source.rows < source.columns ? source.transposed : source
    let count = tall.columns
    return withMatrix(tall.rows, count) { a in
        a.copy(from: tall)
        guard let unit = a.scale() else {
            let size = withVectors ? (source.rows + source.columns + 1) * count : count
            result.update(repeating: .nan, count: size)
            return nil
        }
        a.multiply(by: 1 / unit)
        return withVector(2 * count) { diagonal in
            withMatrix(withVectors ? 2 * count : 0, count) { both in
                let vectors =
                    withVectors
                    ? (both.part(0..<count, 0..<count), both.part(count..<2 * count, 0..<count))
                    : nil
                guard diagonalize(tall: a, diagonal, vectors) else {
                    return "has no singular values that iteration would find"
                }
                let order = (0..<count).sorted { abs(diagonal[$0]) > abs(diagonal[$1]) }
                guard let (_, right) = vectors else {
                    for (place, index) in order.enumerated() {
                        result[place] = unit * abs(diagonal[index])
                    }
                    return nil
                }
                let u = MatrixView(result, rows: source.rows, columns: count)
                let s = result + source.rows * count
                let v = MatrixView(s + count, rows: source.columns, columns: count)
                let (tallSide, wideSide) = source.rows < source.columns ? (v, u) : (u, v)
                for (place, index) in order.enumerated() {
                    s[place] = unit * abs(diagonal[index])
                    let sign = diagonal[index] < 0 ? -1.0 : 1
                    for row in 0..<tall.rows { tallSide[row, place] = a[row, index] }
                    for row in 0..<count { wideSide[row, place] = sign * right[index, row] }
                    guard u.columnIsNegative(place) else { continue }
                    for row in 0..<u.rows { u[row, place] = -u[row, place] }
                    for row in 0..<v.rows { v[row, place] = -v[row, place] }
                }
                return nil
            }
        }
    }
}

/// Makes the singular values, of any sign and in no order, of a matrix with at least as many rows as
/// columns. If they are wanted, the columns of U replace the matrix and those of V become the rows
/// of the second of `vectors`.
private func diagonalize(
    tall a: MatrixView, _ diagonal: UnsafeMutablePointer<Double>,
    _ vectors: (left: MatrixView, right: MatrixView)?
) -> Bool {
    guard a.rows > a.columns else {
        guard diagonalize(square: a, diagonal, vectors) else { return false }
        if let (left, _) = vectors { a.copy(from: left.transposed) }
        return true
    }
    // The singular values are those of R, and U is Q times its own.
    return withMatrix(a.columns, a.columns) { r in
        withMatrix(vectors == nil ? 0 : a.rows, a.columns) { q in
            factorizeOrthogonally(a, q: vectors == nil ? nil : q, r: r)
            guard diagonalize(square: r, diagonal, vectors) else { return false }
            if let (left, _) = vectors { a.setProduct(q, left.transposed) }
            return true
        }
    }
}

/// Makes the singular values of a square matrix, which is lost, and the rows of Uᵀ and Vᵀ.
private func diagonalize(
    square a: MatrixView, _ diagonal: UnsafeMutablePointer<Double>,
    _ vectors: (left: MatrixView, right: MatrixView)?
) -> Bool {
    let size = a.rows
    withReflectors(size, length: size, offset: 0) { lefts in
        withReflectors(size - 1, length: size, offset: 1) { rights in
            bidiagonalize(a, diagonal, diagonal + size, lefts, rights)
            guard let (left, right) = vectors else { return }
            lefts.formTransposed(left)
            rights.formTransposed(right)
        }
    }
    return diagonalize(diagonal, diagonal + size, size, vectors?.left, vectors?.right)
}
