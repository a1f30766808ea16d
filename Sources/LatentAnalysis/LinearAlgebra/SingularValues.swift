import Autograd
import Datasets
import NeuralNetworks

/// The largest singular values of a matrix `[rows, columns]`, in descending order, in double
/// precision.
///
/// Computed by subspace iteration with a random start (Halko, Martinsson and Tropp, "Finding
/// structure with randomness", arXiv:0909.4061, algorithm 4.4): values that are close together at
/// the end of the list are the least accurate. If the matrix has at most ten others, it is solved
/// exactly. All values are NaN if an element is not finite.
///
/// - Parameter count: the number of values; traps if the matrix has fewer.
public func singularValues(of matrix: Tensor, count: Int) -> [Double] {
    guard matrix.rank == 2, 0...min(matrix.shape[0], matrix.shape[1]) ~= count else {
        programmerError(
            "singularValues", "\(count) singular values of a matrix of shape \(matrix.shape)")
    }
    guard matrix.allFinite else { return Array(repeating: .nan, count: count) }
    // So that no product overflows.
    let unit = powerOfTwo(near: matrix.greatestMagnitude)
    var rows = matrix.cast(to: .float64) * (1 / unit)
    if rows.shape[0] > rows.shape[1] { rows = rows.transposed() }
    let width = count + 10
    if rows.shape[0] > width {
        var generator = RandomGenerator(seed: 0)
        var basis = orthonormalRows(
            of: generator.normal([width, rows.shape[0]], dataType: .float64))
        for _ in 0..<6 {
            let images = matmul(matmul(basis, rows), rows, transposingRight: true)
            basis = orthonormalRows(of: images)
        }
        rows = matmul(basis, rows)
    }
    return singularValues(of: rows).elements(as: Double.self).prefix(count).map { unit * $0 }
}
