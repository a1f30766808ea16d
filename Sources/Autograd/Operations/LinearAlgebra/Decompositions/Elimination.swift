// Triangular factors by blocks of columns, so that most of the work is products of matrices (Golub
// and Van Loan, "Matrix Computations", sections 3.2 and 4.2).

/// How many columns are eliminated at a time.
private let blockSize = 32

/// Replaces the lower triangle of a matrix by that of its Cholesky factor, and the rest by zeros.
/// Only the lower triangle is read. Returns what is wrong.
func factorizeByCholesky(_ a: MatrixView) -> String? {
    let size = a.rows
    return withVector(size) { column in
        for start in stride(from: 0, to: size, by: blockSize) {
            let end = min(size, start + blockSize)
            for k in start..<end {
                let pivot = a[k, k]
                guard pivot > 0 || pivot.isNaN else {
                    return "is not positive definite: pivot \(k) is \(pivot)"
                }
                let root = pivot.squareRoot()
                a[k, k] = root
                for row in k + 1..<max(size, k + 1) {
                    let factor = a[row, k] / root
                    a[row, k] = factor
                    column[row] = factor
                    let count = min(row + 1, end) - k - 1
                    subtract(factor, times: column + k + 1, from: a.row(row) + k + 1, count)
                }
            }
            subtractSquare(
                of: a.part(end..<size, start..<end), from: a.part(end..<size, end..<size))
        }
        for row in 0..<size {
            (a.row(row) + row + 1).update(repeating: 0, count: size - row - 1)
        }
        return nil
    }
}

/// Subtracts L Lᵀ from the lower triangle of a matrix.
private func subtractSquare(of l: MatrixView, from a: MatrixView) {
    guard a.rows > 0 else { return }
    withMatrix(l.rows, l.columns) { negated in
        negated.copy(from: l)
        negated.multiply(by: -1)
        let height = 2 * blockSize
        for start in stride(from: 0, to: a.rows, by: height) {
            let end = min(a.rows, start + height)
            a.part(start..<end, 0..<end).setProduct(
                negated.part(start..<end, 0..<l.columns), l.part(0..<end, 0..<l.columns).transposed,
                adding: true)
        }
    }
}

/// Replaces a matrix with at least as many columns as rows, [A | B], by [U | L⁻¹ P B] with P A = L U,
/// by elimination with partial pivoting. Below the diagonal is L without its diagonal of ones.
///
/// - Returns: the determinant of P; 0 if A is singular. Then there are zeros on the diagonal from the
///   first pivot that is 0.
func eliminate(_ a: MatrixView) -> Double {
    let (size, width) = (a.rows, a.columns)
    var sign = 1.0
    for start in stride(from: 0, to: size, by: blockSize) {
        let end = min(size, start + blockSize)
        for k in start..<end {
            var best = k
            for row in k + 1..<max(size, k + 1) where abs(a[row, k]) > abs(a[best, k]) {
                best = row
            }
            if best != k {
                sign = -sign
                let (upper, lower) = (a.row(k), a.row(best))
                for column in 0..<width {
                    (upper[column], lower[column]) = (lower[column], upper[column])
                }
            }
            let pivot = a[k, k]
            guard pivot != 0 else {
                for row in k..<size { a[row, row] = 0 }
                return 0
            }
            for row in k + 1..<max(size, k + 1) {
                let factor = a[row, k] / pivot
                a[row, k] = factor
                subtract(factor, times: a.row(k) + k + 1, from: a.row(row) + k + 1, end - k - 1)
            }
        }
        for row in start..<end {
            for other in start..<row {
                subtract(
                    a[row, other], times: a.row(other) + end, from: a.row(row) + end, width - end)
            }
        }
        subtractProduct(
            a.part(end..<size, start..<end), a.part(start..<end, end..<width),
            from: a.part(end..<size, end..<width))
    }
    return sign
}

/// Replaces B by T⁻¹ B for a triangular matrix T, of which only the lower or the upper triangle is
/// read. Returns what is wrong.
func substitute(_ t: MatrixView, isLower: Bool, in b: MatrixView) -> String? {
    let (size, width) = (b.rows, b.columns)
    let blocks = (size + blockSize - 1) / blockSize
    for step in 0..<blocks {
        let start = (isLower ? step : blocks - 1 - step) * blockSize
        let end = min(size, start + blockSize)
        let solved = isLower ? 0..<start : end..<size
        subtractProduct(
            t.part(start..<end, solved), b.part(solved, 0..<width),
            from: b.part(start..<end, 0..<width))
        for index in 0..<end - start {
            let row = isLower ? start + index : end - 1 - index
            let pivot = t[row, row]
            guard pivot != 0 else { return "has a 0 in row \(row) of its diagonal" }
            for other in isLower ? start..<row : row + 1..<end {
                subtract(t[row, other], times: b.row(other), from: b.row(row), width)
            }
            let elements = b.row(row)
            for column in 0..<width { elements[column] /= pivot }
        }
    }
    return nil
}

private func subtractProduct(_ a: MatrixView, _ b: MatrixView, from c: MatrixView) {
    guard c.rows > 0, c.columns > 0, a.columns > 0 else { return }
    withMatrix(a.rows, a.columns) { negated in
        negated.copy(from: a)
        negated.multiply(by: -1)
        c.setProduct(negated, b, adding: true)
    }
}

@inline(__always)
private func subtract(
    _ factor: Double, times source: UnsafePointer<Double>,
    from target: UnsafeMutablePointer<Double>, _ count: Int
) {
    for index in 0..<count { target[index] -= factor * source[index] }
}
