/// Reduces a square matrix A to the upper bidiagonal Uᵀ A V by Householder reflections, whose effects
/// on the matrix are added up for some rows at a time (Golub and Kahan, "Calculating the singular
/// values and pseudo-inverse of a matrix", 1965; blocked as by Dongarra, Sorensen and Hammarling).
///
/// - Parameters:
///   - a: the matrix, which is lost.
///   - diagonal: becomes the diagonal.
///   - beside: becomes what is above it, one element less.
///   - left: as many reflectors as rows, which make U.
///   - right: one less, which make V.
func bidiagonalize(
    _ a: MatrixView, _ diagonal: UnsafeMutablePointer<Double>,
    _ beside: UnsafeMutablePointer<Double>, _ left: Reflectors, _ right: Reflectors
) {
    let size = a.rows
    let block = Reflectors.blockSize
    // What the reflections of a block add to A is Lᵀ R, with two rows of each for a column.
    withMatrix(2 * block, size) { l in
        withMatrix(2 * block, size) { r in
            withVector(2 * block) { products in
                for start in stride(from: 0, to: size, by: block) {
                    let end = min(size, start + block)
                    var count = 0

                    /// Appends the rows −τ v and y = vᵀ (A + Lᵀ R), for a reflection from the left.
                    func reflectFromTheLeft(_ k: Int) {
                        let (v, rows, rest) = (left.vectors.row(k), k..<size, k + 1..<size)
                        let y = MatrixView(r.row(count) + k + 1, rows: 1, columns: rest.count)
                        y.setProduct(
                            MatrixView(v + k, rows: 1, columns: size - k), a.part(rows, rest))
                        kernels.dotRows(
                            .float64, v + k, 0, l.row(0) + k, l.rowStride, count, size - k,
                            products)
                        y.setProduct(
                            MatrixView(products, rows: 1, columns: count), r.part(0..<count, rest),
                            adding: true)
                        for index in 0..<k { l[count, index] = 0 }
                        for index in rows { l[count, index] = -left.scales[k] * v[index] }
                        count += 1
                    }

                    /// Appends the rows x = (A + Lᵀ R) u and −τ u, for a reflection from the right.
                    func reflectFromTheRight(_ k: Int) {
                        let (u, rest) = (right.vectors.row(k), k + 1..<size)
                        let x = MatrixView(l.row(count) + k + 1, rows: 1, columns: rest.count)
                        kernels.dotRows(
                            .float64, u + k + 1, 0, a.part(rest, rest).elements, a.rowStride,
                            rest.count, rest.count, x.elements)
                        kernels.dotRows(
                            .float64, u + k + 1, 0, r.row(0) + k + 1, r.rowStride, count,
                            rest.count, products)
                        x.setProduct(
                            MatrixView(products, rows: 1, columns: count), l.part(0..<count, rest),
                            adding: true)
                        for index in 0...k { r[count, index] = 0 }
                        for index in rest { r[count, index] = -right.scales[k] * u[index] }
                        count += 1
                    }

                    for k in start..<end {
                        let column = left.vectors.row(k)
                        for row in k..<size { column[row] = a[row, k] }
                        MatrixView(column + k, rows: 1, columns: size - k).setProduct(
                            r.part(0..<count, k..<k + 1).transposed, l.part(0..<count, k..<size),
                            adding: true)
                        diagonal[k] = left.reflect(k)
                        guard k + 1 < size else { break }
                        reflectFromTheLeft(k)
                        let row = right.vectors.row(k)
                        (row + k + 1).update(from: a.row(k) + k + 1, count: size - k - 1)
                        MatrixView(row + k + 1, rows: 1, columns: size - k - 1).setProduct(
                            l.part(0..<count, k..<k + 1).transposed,
                            r.part(0..<count, k + 1..<size), adding: true)
                        beside[k] = right.reflect(k)
                        reflectFromTheRight(k)
                    }
                    let rest = end..<size
                    a.part(rest, rest).setProduct(
                        l.part(0..<count, rest).transposed, r.part(0..<count, rest), adding: true)
                }
            }
        }
    }
}
