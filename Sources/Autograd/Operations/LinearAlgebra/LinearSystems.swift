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
        let solved = transformMatrices("solve", joined) { matrix in
            let pivots = eliminate(matrix, size, size + columns)
            guard pivots.allSatisfy({ $0 != 0 }) else { return "is singular" }
            for row in (0..<size).reversed() {
                for other in row + 1..<size {
                    let factor = matrix[row * (size + columns) + other]
                    for column in size..<size + columns {
                        matrix[row * (size + columns) + column] -=
                            factor * matrix[other * (size + columns) + column]
                    }
                }
                for column in size..<size + columns {
                    matrix[row * (size + columns) + column] /= pivots[row]
                }
            }
            return nil
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
        determinants(a, size) { pivots in pivots.reduce(0) { $0 + log(abs($1)) } }
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
        determinants(a, size) { pivots in pivots.reduce(1, *) }
    } pullback: { a, y in
        let shape = Array(a.shape.dropLast(2)) + [1, 1]
        return { cotangent in
            (cotangent * y).reshaped(shape) * inverse(of: a).matrixTransposed
        }
    }
}

/// What is made of the pivots of each matrix, whose product is the determinant.
private func determinants(
    _ a: Tensor, _ size: Int, _ body: @Sendable ([Double]) -> Double
) -> Tensor {
    let shape = Array(a.shape.dropLast(2))
    guard size > 0 else {
        return Tensor(repeating: body([]), shape: shape, dataType: a.dataType)
    }
    let results = transformMatrices("determinant", a) { matrix in
        matrix[0] = body(eliminate(matrix, size, size, countingSwaps: true))
        return nil
    }
    return results.sliced(axis: -1, 0..<1).sliced(axis: -2, 0..<1).reshaped(shape)
}

/// Brings the first `size` columns of a matrix of `width` columns to upper triangular form by adding
/// rows to others and swapping them.
///
/// - Parameter countingSwaps: whether the last pivot changes its sign with each swap.
/// - Returns: the pivots; 0 from the first that is.
private func eliminate(
    _ matrix: UnsafeMutablePointer<Double>, _ size: Int, _ width: Int, countingSwaps: Bool = false
) -> [Double] {
    var pivots: [Double] = []
    var sign = 1.0
    for step in 0..<size {
        var best = step
        for row in step + 1..<size
        where abs(matrix[row * width + step]) > abs(matrix[best * width + step]) {
            best = row
        }
        if best != step {
            sign = -sign
            for column in 0..<width {
                swap(&matrix[step * width + column], &matrix[best * width + column])
            }
        }
        let pivot = matrix[step * width + step]
        pivots.append(pivot)
        guard pivot != 0 else { break }
        for row in step + 1..<size {
            let factor = matrix[row * width + step] / pivot
            guard factor != 0 else { continue }
            for column in step..<width {
                matrix[row * width + column] -= factor * matrix[step * width + column]
            }
        }
    }
    pivots += Array(repeating: 0, count: size - pivots.count)
    if countingSwaps, let last = pivots.popLast() { pivots.append(sign * last) }
    return pivots
}
