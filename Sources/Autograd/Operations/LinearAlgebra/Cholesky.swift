import Foundation

/// The lower triangular L with A = L Lᵀ, for symmetric positive definite matrices A in the last two
/// axes, `[…, n, n]`. Only their lower triangles are read; the derivative is symmetric (Murray,
/// "Differentiation of the Cholesky decomposition", arXiv:1602.07527, equation 10).
///
/// Traps if a matrix is not positive definite, and names it.
public func choleskyFactor(of a: Tensor) -> Tensor {
    let size = squareSize("choleskyFactor", a)
    return differentiable("choleskyFactor", a) { a in
        transformMatrices("choleskyFactor", a) { factorize($0, size) }
    } pullback: { _, factor in
        { cotangent in
            let product = matmul(factor, cotangent, transposingLeft: true)
            let half = 0.5 * (product.lowerTriangle() + product.lowerTriangle(diagonal: -1))
            let left = triangularSolve(factor, half, transposing: true)
            let both = triangularSolve(factor, left.matrixTransposed, transposing: true)
            return 0.5 * (both + both.matrixTransposed)
        }
    }
}

/// Replaces a matrix by its factor, column by column.
private func factorize(_ matrix: UnsafeMutablePointer<Double>, _ size: Int) -> String? {
    for column in 0..<size {
        for row in column..<size {
            var sum = matrix[row * size + column]
            for index in 0..<column {
                sum -= matrix[row * size + index] * matrix[column * size + index]
            }
            if row == column {
                guard sum > 0 || sum.isNaN else {
                    return "is not positive definite: pivot \(column) is \(sum)"
                }
                matrix[row * size + column] = sum.squareRoot()
            } else {
                matrix[row * size + column] = sum / matrix[column * size + column]
            }
        }
        for row in 0..<column { matrix[row * size + column] = 0 }
    }
    return nil
}

/// X with T X = B, or Tᵀ X = B, for lower triangular matrices T, `[…, n, n]`, and B, `[…, n, m]`,
/// whose leading axes are the same. What stands above the diagonals of T is not read.
///
/// Traps if an element of a diagonal is 0, and names the matrix.
public func triangularSolve(
    _ triangle: Tensor, _ b: Tensor, transposing: Bool = false
) -> Tensor {
    let size = squareSize("triangularSolve", triangle)
    checkRightHandSide("triangularSolve", triangle, b)
    return differentiable("triangularSolve", triangle, b) { triangle, b in
        // Both side by side, so that each matrix has its own right-hand side.
        let columns = b.shape[b.rank - 1]
        let joined = concatenated([triangle, b], axis: -1)
        let solved = transformMatrices("triangularSolve", joined) {
            substitute($0, size, columns, transposing)
        }
        return solved.sliced(axis: -1, size..<size + columns)
    } left: { triangle, _, x in
        .rowwise(if: x.rank > 2) { cotangent in
            let right = triangularSolve(triangle, cotangent, transposing: !transposing)
            let product =
                transposing
                ? matmul(x, right, transposingRight: true)
                : matmul(right, x, transposingRight: true)
            return -product.lowerTriangle()
        }
    } right: { triangle, _, x in
        .rowwise(if: x.rank > 2) { cotangent in
            triangularSolve(triangle, cotangent, transposing: !transposing)
        }
    } pushforward: { triangle, _, x, alongTriangle, alongB in
        sum(
            alongB,
            alongTriangle.map { -matmul($0.lowerTriangle(), x, transposingLeft: transposing) }
        ).map { triangularSolve(triangle, $0, transposing: transposing) }
    }
}

/// Replaces the right-hand side of `[T | B]`, row by row, by the solution.
private func substitute(
    _ matrix: UnsafeMutablePointer<Double>, _ size: Int, _ columns: Int, _ transposing: Bool
) -> String? {
    let width = size + columns
    for step in 0..<size {
        let row = transposing ? size - 1 - step : step
        let pivot = matrix[row * width + row]
        guard pivot != 0 else { return "has a 0 in row \(row) of its diagonal" }
        for other in transposing ? row + 1..<size : 0..<row {
            let factor = matrix[transposing ? other * width + row : row * width + other]
            for column in size..<width {
                matrix[row * width + column] -= factor * matrix[other * width + column]
            }
        }
        for column in size..<width { matrix[row * width + column] /= pivot }
    }
    return nil
}

/// Traps unless b, `[…, n, m]`, fits square matrices, `[…, n, n]`.
func checkRightHandSide(_ operation: StaticString, _ a: Tensor, _ b: Tensor) {
    guard b.rank == a.rank, a.shape.dropLast() == b.shape.dropLast(), a.dataType == b.dataType
    else {
        trap(
            operation,
            "matrices of \(a.dataType) of shape \(a.shape) with right-hand sides of "
                + "\(b.dataType) of shape \(b.shape)")
    }
}
