/// The lower triangular L with A = L Lᵀ, for symmetric positive definite matrices A in the last two
/// axes, `[…, n, n]`. Only their lower triangles are read; the derivative is symmetric (Murray,
/// "Differentiation of the Cholesky decomposition", arXiv:1602.07527, equation 10).
///
/// Traps if a matrix is not positive definite, and names it.
public func choleskyFactor(of a: Tensor) -> Tensor {
    let size = squareSize("choleskyFactor", a)
    return differentiable("choleskyFactor", a) { a in
        transformMatrices("choleskyFactor", a) {
            factorizeByCholesky(MatrixView($0, rows: size, columns: size))
        }
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
        let solved = transformMatrices("triangularSolve", joined) { elements in
            let matrix = MatrixView(elements, rows: size, columns: size + columns)
            let triangle = matrix.part(0..<size, 0..<size)
            return substitute(
                transposing ? triangle.transposed : triangle, isLower: !transposing,
                in: matrix.part(0..<size, size..<size + columns))
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
