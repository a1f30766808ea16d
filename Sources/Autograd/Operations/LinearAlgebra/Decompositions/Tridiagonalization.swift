/// Reduces a symmetric matrix A to the tridiagonal Qᵀ A Q by Householder reflections, whose effects
/// on the matrix are added up for some rows at a time (Dongarra, Sorensen and Hammarling, "Block
/// reduction of matrices to condensed forms for eigenvalue computations", 1989).
///
/// - Parameters:
///   - a: all of the matrix, which is lost.
///   - diagonal: becomes the diagonal.
///   - beside: becomes what is beside it, one element less.
///   - reflectors: as many as that, which make Q.
func tridiagonalize(
    _ a: MatrixView, _ diagonal: UnsafeMutablePointer<Double>,
    _ beside: UnsafeMutablePointer<Double>, _ reflectors: Reflectors
) {
    let size = a.rows
    let block = Reflectors.blockSize
    // What the reflections of a block add to A is −V Wᵀ − W Vᵀ; here as rows [−V; −W], [W; V].
    withMatrix(2 * block, size) { left in
        withMatrix(2 * block, size) { right in
            withVector(size + 2 * block) { scratch in
                for start in stride(from: 0, to: size, by: block) {
                    let end = min(size, start + block)
                    for k in start..<end {
                        let updates = Updates(
                            left: left, right: right, rows: k - start, half: block,
                            scratch: scratch)
                        updates.add(toRow: k, of: a)
                        diagonal[k] = a[k, k]
                        guard k + 1 < size else { break }
                        let vector = reflectors.vectors.row(k)
                        (vector + k + 1).update(from: a.row(k) + k + 1, count: size - k - 1)
                        beside[k] = reflectors.reflect(k)
                        updates.append(vector, k + 1, reflectors.scales[k], a)
                    }
                    let rest = end..<size
                    for half in [0, block] {
                        let rows = half..<half + end - start
                        a.part(rest, rest).setProduct(
                            left.part(rows, rest).transposed, right.part(rows, rest), adding: true)
                    }
                }
            }
        }
    }
}

/// What is to be added to a matrix: the product of a transposed matrix with another, with some rows
/// in the first half of each and as many in the second.
private struct Updates {
    let left: MatrixView
    let right: MatrixView
    let rows: Int
    let half: Int
    let scratch: UnsafeMutablePointer<Double>

    /// Adds to a row from the diagonal on.
    func add(toRow k: Int, of a: MatrixView) {
        guard rows > 0 else { return }
        let count = a.columns - k
        let row = MatrixView(a.row(k) + k, rows: 1, columns: count)
        for first in [0, half] {
            row.setProduct(
                left.part(first..<first + rows, k..<k + 1).transposed,
                right.part(first..<first + rows, k..<a.columns), adding: true)
        }
    }

    /// Appends what the reflection by a vector, which is 0 before `first`, adds:
    /// −v wᵀ − w vᵀ for p = τ A v and w = p − τ (p · v) v / 2.
    func append(
        _ v: UnsafeMutablePointer<Double>, _ first: Int, _ scale: Double, _ a: MatrixView
    ) {
        let count = a.rows - first
        let w = right.row(rows)
        w.update(repeating: 0, count: first)
        let rest = first..<a.rows
        kernels.dotRows(
            .float64, v + first, 0, a.part(rest, rest).elements, a.rowStride, count, count,
            w + first)
        if rows > 0 {
            let product = MatrixView(w + first, rows: 1, columns: count)
            for start in [0, half] {
                kernels.dotRows(
                    .float64, v + first, 0, right.row(start) + first, right.rowStride, rows, count,
                    scratch)
                product.setProduct(
                    MatrixView(scratch, rows: 1, columns: rows),
                    left.part(start..<start + rows, rest), adding: true)
            }
        }
        for index in rest { w[index] *= scale }
        let share = -0.5 * scale * dot(w + first, v + first, count)
        let (negatedV, negatedW) = (left.row(rows), left.row(half + rows))
        let otherV = right.row(half + rows)
        for index in 0..<first {
            negatedV[index] = 0
            negatedW[index] = 0
            otherV[index] = 0
        }
        for index in rest {
            w[index] += share * v[index]
            otherV[index] = v[index]
            negatedV[index] = -v[index]
            negatedW[index] = -w[index]
        }
    }
}
