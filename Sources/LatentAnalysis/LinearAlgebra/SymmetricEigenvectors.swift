import Autograd
import Datasets
import Foundation

/// The eigenvalues of a symmetric matrix, in descending order, and their orthonormal eigenvectors
/// as the rows of a matrix, in `float64`. All are NaN if an element of the matrix is not finite.
///
/// Uses Jacobi's method of successive rotations, for matrices of some hundred rows (Golub and Van
/// Loan, "Matrix Computations", section 8.5).
func symmetricEigenvectors(of matrix: Tensor) -> (values: [Double], vectors: Tensor) {
    let count = matrix.shape[0]
    guard matrix.allFinite else {
        return (
            Array(repeating: .nan, count: count),
            Tensor(repeating: .nan, shape: [count, count], dataType: .float64)
        )
    }
    // With this scale no square overflows, and no square that matters underflows.
    let unit = powerOfTwo(near: matrix.greatestMagnitude)
    var a = matrix.cast(to: .float64).elements(as: Double.self).map { $0 / unit }
    var vectors = Tensor.identity(count, dataType: .float64).elements(as: Double.self)
    let tolerance = 1e-30 * a.reduce(0) { $0 + $1 * $1 }

    /// The sum of the squares above the diagonal.
    func rest() -> Double {
        (0..<count).reduce(0) { sum, row in
            (row + 1..<max(count, row + 1)).reduce(sum) {
                $0 + a[row * count + $1] * a[row * count + $1]
            }
        }
    }
    var sweeps = 0
    while rest() > tolerance, sweeps < 60 {
        sweeps += 1
        for p in 0..<count {
            for q in p + 1..<max(count, p + 1) where a[p * count + q] != 0 {
                let theta = (a[q * count + q] - a[p * count + p]) / (2 * a[p * count + q])
                let tangent =
                    (theta < 0 ? -1 : 1) / (abs(theta) + (theta * theta + 1).squareRoot())
                let cosine = 1 / (tangent * tangent + 1).squareRoot()
                let sine = tangent * cosine
                rotate(&a, count, columns: (p, q), cosine, sine)
                rotate(&a, count, rows: (p, q), cosine, sine)
                rotate(&vectors, count, rows: (p, q), cosine, sine)
            }
        }
    }
    let order = (0..<count).sorted { a[$0 * count + $0] > a[$1 * count + $1] }
    let sorted = order.flatMap { vectors[$0 * count..<($0 + 1) * count] }
    return (order.map { unit * a[$0 * count + $0] }, Tensor(sorted, shape: [count, count]))
}

private func rotate(
    _ a: inout [Double], _ count: Int, rows: (Int, Int), _ cosine: Double, _ sine: Double
) {
    for index in 0..<count {
        let (x, y) = (a[rows.0 * count + index], a[rows.1 * count + index])
        a[rows.0 * count + index] = cosine * x - sine * y
        a[rows.1 * count + index] = sine * x + cosine * y
    }
}

private func rotate(
    _ a: inout [Double], _ count: Int, columns: (Int, Int), _ cosine: Double, _ sine: Double
) {
    for index in stride(from: 0, to: count * count, by: count) {
        let (x, y) = (a[index + columns.0], a[index + columns.1])
        a[index + columns.0] = cosine * x - sine * y
        a[index + columns.1] = sine * x + cosine * y
    }
}
