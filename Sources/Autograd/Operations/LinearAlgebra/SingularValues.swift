/// The singular values of matrices in the last two axes, `[…, m, n]`, in descending order, `[…, min(m,
/// n)]`. Where they are equal there is a derivative, too, and where they are 0 a subderivative. NaN
/// for a matrix with an element that is not finite.
public func singularValues(of x: Tensor) -> Tensor {
    let (rows, columns) = matrixSize("singularValues", x)
    return differentiable("singularValues", x) { x in
        mapMatrices("singularValues", x, to: (1, min(rows, columns))) { source, result in
            decomposeBySingularValues(
                MatrixView(source, rows: rows, columns: columns), into: result, withVectors: false)
        }.squeezed(axes: [-2])
    } pullback: { x, _ in
        let (left, _, right) = singularValueDecomposition(of: x)
        return { cotangent in
            matmul(left * cotangent.expandingAxis(-2), right, transposingRight: true)
        }
    }
}

/// The singular value decomposition of matrices in the last two axes, `[…, m, n]`: X = left ·
/// diag(values) · rightᵀ, with k = min(m, n) values in descending order, `[…, k]`, and orthonormal
/// columns in `left`, `[…, m, k]`, and `right`, `[…, n, k]`. The element of greatest magnitude of a
/// column of `left` (the first of them) is positive. All is NaN for a matrix with an element that is
/// not finite.
///
/// The derivative (Townsend, "Differentiating the singular value decomposition", 2016) needs what has
/// none where singular values are equal, where two are 0, and where one is 0 if m and n differ: it
/// traps if it is needed. Values are equal, or 0, if they are no farther from it than the sum of all
/// times eight machine epsilons of the type. For the values alone, ``singularValues(of:)`` is faster
/// and its derivative always exists.
public func singularValueDecomposition(
    of x: Tensor
) -> (left: Tensor, values: Tensor, right: Tensor) {
    let (rows, columns) = matrixSize("singularValueDecomposition", x)
    /// All are recorded as one tensor, one above the other.
    func parts(_ all: Tensor) -> (left: Tensor, values: Tensor, right: Tensor) {
        (
            all.sliced(axis: -2, 0..<rows),
            all.sliced(axis: -2, rows..<rows + 1).squeezed(axes: [-2]),
            all.sliced(axis: -2, rows + 1..<rows + 1 + columns)
        )
    }
    let all = differentiable("singularValueDecomposition", x) { x in
        mapMatrices(
            "singularValueDecomposition", x, to: (rows + 1 + columns, min(rows, columns))
        ) { source, result in
            decomposeBySingularValues(
                MatrixView(source, rows: rows, columns: columns), into: result, withVectors: true)
        }
    } pullback: { x, all in
        let (left, values, right) = parts(all)
        let derivative = SingularValueDerivative(left: left, values: values, right: right)
        return { cotangent in
            let (ofLeft, ofValues, ofRight) = parts(cotangent)
            return derivative.pulled(ofLeft, ofValues, ofRight)
        }
    }
    return parts(all)
}

private struct SingularValueDerivative {
    let left: Tensor
    let values: Tensor
    let right: Tensor

    func pulled(_ ofLeft: Tensor, _ ofValues: Tensor, _ ofRight: Tensor) -> Tensor {
        let alongLeft = matmul(left, ofLeft, transposingLeft: true)
        let alongRight = matmul(right, ofRight, transposingLeft: true)
        let (row, column) = (values.expandingAxis(-2), values.expandingAxis(-1))
        let divided = division("equal singular values, or of two that are 0,", isBetweenAll: true)
        // With L = Uᵀ Ū and R likewise, ((L − Lᵀ) sⱼ + sᵢ (R − Rᵀ)) / (sⱼ² − sᵢ²), without squares.
        let apart = divided(alongLeft + alongRight, row - column)
        let together = divided(alongLeft - alongRight, row + column)
        let both =
            ofValues.onDiagonal
            + 0.5 * (apart + apart.matrixTransposed + together - together.matrixTransposed)
        var result = matmul(matmul(left, both), right, transposingRight: true)
        // What leaves the space of the vectors.
        let count = values.shape[values.rank - 1]
        if left.shape[left.rank - 2] > count {
            let leaving = dividedByValues(ofLeft - matmul(left, alongLeft))
            result = result + matmul(leaving, right, transposingRight: true)
        }
        if right.shape[right.rank - 2] > count {
            let leaving = dividedByValues(ofRight - matmul(right, alongRight))
            result = result + matmul(left, leaving, transposingRight: true)
        }
        return result
    }

    private func dividedByValues(_ w: Tensor) -> Tensor {
        let divided = division("a singular value of 0,", isBetweenAll: false)
        return divided(w, values.expandingAxis(-2).broadcast(to: w.shape))
    }

    private func division(_ what: String, isBetweenAll: Bool) -> GapDivision {
        let shape =
            values.shape.dropLast() + [left.shape[left.rank - 2], right.shape[right.rank - 2]]
        return GapDivision(
            operation: "singularValueDecomposition", least: leastGap(between: values),
            isBetweenAll: isBetweenAll,
            problem: "singular vectors of \(what) in matrices of shape \(Array(shape)), have no "
                + "derivative")
    }
}
