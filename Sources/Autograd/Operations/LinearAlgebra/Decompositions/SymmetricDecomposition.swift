/// The eigenvalues of a symmetric matrix, ascending, into row 0 of the result, and the eigenvectors
/// into the columns below: it has one row more than the matrix. If these are not wanted, the result
/// is row 0 alone. All is NaN if an element that is read is not finite.
///
/// Only the lower triangle of the source is read.
func decomposeSymmetric(
    _ source: MatrixView, into result: UnsafeMutablePointer<Double>, withVectors: Bool
) -> String? {
    let size = source.rows
    return withMatrix(size, size) { a in
        for row in 0..<size {
            for column in 0...row {
                a[row, column] = source[row, column]
                a[column, row] = source[row, column]
            }
        }
        guard let unit = a.scale() else {
            result.update(repeating: .nan, count: withVectors ? (size + 1) * size : size)
            return nil
        }
        a.multiply(by: 1 / unit)
        return withVector(2 * size) { diagonal in
            withReflectors(size - 1, length: size, offset: 1) { reflectors in
                tridiagonalize(a, diagonal, diagonal + size, reflectors)
                // What will be the eigenvectors, as rows.
                if withVectors { reflectors.formTransposed(a) }
            }
            guard diagonalize(diagonal, diagonal + size, size, withVectors ? a : nil) else {
                return "has no eigenvalues that iteration would find"
            }
            let order = (0..<size).sorted { diagonal[$0] < diagonal[$1] }
            for (place, index) in order.enumerated() { result[place] = unit * diagonal[index] }
            guard withVectors else { return nil }
            let vectors = MatrixView(result + size, rows: size, columns: size)
            for (place, index) in order.enumerated() {
                let sign = a.transposed.columnIsNegative(index) ? -1.0 : 1
                for row in 0..<size { vectors[row, place] = sign * a[index, row] }
            }
            return nil
        }
    }
}
