/// Diagonalises a symmetric tridiagonal matrix by implicit QR steps with Wilkinson's shift (Golub and
/// Van Loan, "Matrix Computations", section 8.3).
///
/// - Parameters:
///   - diagonal: becomes the eigenvalues, in no order.
///   - beside: what is beside the diagonal, which becomes 0.
///   - vectors: rows that are rotated like the rows of the matrix: the columns of Q, of the matrix
///     that was made tridiagonal, become its eigenvectors. Nil if they are not wanted.
/// - Returns: whether the steps have converged; that they do not is not known to happen.
func diagonalize(
    _ diagonal: UnsafeMutablePointer<Double>, _ beside: UnsafeMutablePointer<Double>,
    _ size: Int, _ vectors: MatrixView?
) -> Bool {
    let (d, e) = (diagonal, beside)
    var greatest = 0.0
    for index in 0..<size {
        greatest = max(greatest, abs(d[index]), index + 1 < size ? abs(e[index]) : 0)
    }
    let epsilon = Double.ulpOfOne
    let least = greatest * epsilon * epsilon

    /// Whether an element beside the diagonal is as good as 0, which it then becomes.
    func vanishes(_ index: Int) -> Bool {
        guard abs(e[index]) <= max(least, 0.5 * epsilon * (abs(d[index]) + abs(d[index + 1])))
        else { return false }
        e[index] = 0
        return true
    }

    return withRotationSweep(size) { sweep in
        var last = size - 1
        var steps = 0
        while last > 0 {
            if vanishes(last - 1) {
                last -= 1
                continue
            }
            var first = last - 1
            while first > 0, !vanishes(first - 1) { first -= 1 }
            steps += 1
            guard steps <= 60 * size else { return false }
            let half = 0.5 * (d[last - 1] - d[last])
            let other = e[last - 1]
            let root = (half * half + other * other).squareRoot()
            let shift = d[last] - other * (other / (half + (half < 0 ? -root : root)))
            var (x, y) = (d[first] - shift, e[first])
            for k in first..<last {
                let (c, s, length) = rotation(x, y)
                if k > first { e[k - 1] = length }
                let middle = e[k]
                let turned = s * (d[k + 1] - d[k]) + 2 * c * middle
                d[k] += s * turned
                d[k + 1] -= s * turned
                e[k] = c * turned - middle
                if k + 1 < last {
                    x = e[k]
                    y = s * e[k + 1]
                    e[k + 1] *= c
                }
                sweep.cosines[k] = c
                sweep.sines[k] = s
            }
            if let vectors { sweep.apply(to: vectors, first...last) }
        }
        return true
    }
}
