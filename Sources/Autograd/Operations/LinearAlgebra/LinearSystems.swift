import Foundation

/// X with A X = B, for square matrices A, `[…, n, n]`, and B, `[…, n, m]`, whose leading axes are the
/// same: by elimination with partial pivoting.
///
/// Traps if a matrix is singular, and names it.
public func solve(_ a: Tensor, _ b: Tensor) -> Tensor {
    let size = squareSize("solve", a)
    checkRightHandSide("solve", a, b)
    return differentiable("solve", a, b) { a, b in
        let columns = b.shape[b.rank - 1]
        let joined = concatenated([a, b], axis: -1)
        let solved = transformMatrices("solve", joined) { elements in
            let matrix = MatrixView(elements, rows: size, columns: size + columns)
            guard eliminate(matrix) != 0 else { return "is singular" }
            return substitute(
                matrix.part(0..<size, 0..<size), isLower: false,
                in: matrix.part(0..<size, size..<size + columns))
        }
        return solved.sliced(axis: -1, size..<size + columns)
    } left: { a, _, x in
        .rowwise(if: a.rank > 2) { cotangent in
            -matmul(solve(a.matrixTransposed, cotangent), x, transposingRight: true)
        }
    } right: { a, _, _ in
        .rowwise(if: a.rank > 2) { cotangent in solve(a.matrixTransposed, cotangent) }
    } pushforward: { a, _, x, alongA, alongB in
        sum(alongB, alongA.map { -matmul($0, x) }).map { solve(a, $0) }
    }
}

/// The inverses of square matrices in the last two axes, `[…, n, n]`. To solve a system,
/// ``solve(_:_:)`` is faster and more exact. Traps if a matrix is singular, and names it.
public func inverse(of a: Tensor) -> Tensor {
    let size = squareSize("inverse", a)
    let identity = Tensor.identity(size, dataType: a.dataType)
    return solve(a, identity.broadcast(to: a.shape))
}

/// The logarithms of the magnitudes of the determinants of square matrices in the last two axes:
/// `[…, n, n]` becomes `[…]`; −∞ for a singular matrix, of which there is no derivative: it traps.
public func logDeterminant(of a: Tensor) -> Tensor {
    let size = squareSize("logDeterminant", a)
    return differentiable("logDeterminant", a) { a in
        determinants(a, size, of: 0) { $0 + log(abs($1)) }
    } pullback: { a, _ in
        let shape = Array(a.shape.dropLast(2)) + [1, 1]
        return { cotangent in cotangent.reshaped(shape) * inverse(of: a).matrixTransposed }
    }
}

/// The determinants of square matrices in the last two axes: `[…, n, n]` becomes `[…]`. Of a singular
/// matrix there is no derivative: it traps. Where many factors overflow, ``logDeterminant(of:)``
/// does not.
public func determinant(of a: Tensor) -> Tensor {
    let size = squareSize("determinant", a)
    return differentiable("determinant", a) { a in
        determinants(a, size, of: 1, *)
    } pullback: { a, y in
        let shape = Array(a.shape.dropLast(2)) + [1, 1]
        return { cotangent in
            (cotangent * y).reshaped(shape) * inverse(of: a).matrixTransposed
        }
    }
}

/// What the pivots of each matrix, whose product is the determinant, are combined to.
private func determinants(
    _ a: Tensor, _ size: Int, of none: Double, _ combine: @Sendable (Double, Double) -> Double
) -> Tensor {
    let shape = Array(a.shape.dropLast(2))
    guard size > 0 else { return Tensor(repeating: none, shape: shape, dataType: a.dataType) }
    let results = mapMatrices("determinant", a, to: (1, 1)) { source, result in
        withMatrix(size, size) { matrix in
            matrix.copy(from: MatrixView(source, rows: size, columns: size))
            let sign = eliminate(matrix)
            result[0] = combine(none, sign * matrix[0, 0])
            for index in 1..<size { result[0] = combine(result[0], matrix[index, index]) }
            return nil
        }
    }
    return results.reshaped(shape)
}
