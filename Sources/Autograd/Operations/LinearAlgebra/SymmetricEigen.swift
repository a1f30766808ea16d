/// The eigenvalues of symmetric matrices in the last two axes, `[…, n, n]`, in ascending order,
/// `[…, n]`. Only their lower triangles are read; the derivative is symmetric, and exists where
/// eigenvalues are equal, too. NaN for a matrix with an element that is not finite.
public func symmetricEigenvalues(of x: Tensor) -> Tensor {
    let size = squareSize("symmetricEigenvalues", x)
    return differentiable("symmetricEigenvalues", x) { x in
        mapMatrices("symmetricEigenvalues", x, to: (1, size)) { source, result in
            decomposeSymmetric(
                MatrixView(source, rows: size, columns: size), into: result, withVectors: false)
        }.squeezed(axes: [-2])
    } pullback: { x, _ in
        let vectors = symmetricEigen(of: x).vectors
        return { cotangent in
            matmul(vectors * cotangent.expandingAxis(-2), vectors, transposingRight: true)
        }
    }
}

/// The eigenvalues of symmetric matrices X in the last two axes, `[…, n, n]`, in ascending order,
/// `[…, n]`, and their orthonormal eigenvectors, the columns of V, `[…, n, n]`: X = V diag(values) Vᵀ.
/// The element of greatest magnitude of an eigenvector (the first of them) is positive.
///
/// Only the lower triangles are read; the derivative is symmetric (Giles, "Collected matrix
/// derivative results for forward and reverse mode algorithmic differentiation", 2008, section 3.1).
/// All is NaN for a matrix with an element that is not finite.
///
/// Where eigenvalues are equal (no farther from one another than the sum of their magnitudes times
/// eight machine epsilons of the type), their eigenvectors have no derivative: it traps if it is
/// needed. For the eigenvalues alone, ``symmetricEigenvalues(of:)`` is faster and its derivative always exists.
public func symmetricEigen(of x: Tensor) -> (values: Tensor, vectors: Tensor) {
    let size = squareSize("symmetricEigen", x)
    /// Both are recorded as one tensor, with the values above the vectors.
    func parts(_ both: Tensor) -> (values: Tensor, vectors: Tensor) {
        (
            both.sliced(axis: -2, 0..<1).squeezed(axes: [-2]),
            both.sliced(axis: -2, 1..<size + 1)
        )
    }
    let both = differentiable("symmetricEigen", x) { x in
        mapMatrices("symmetricEigen", x, to: (size + 1, size)) { source, result in
            decomposeSymmetric(
                MatrixView(source, rows: size, columns: size), into: result, withVectors: true)
        }
    } pullback: { x, both in
        let (values, vectors) = parts(both)
        let divided = GapDivision(
            operation: "symmetricEigen", least: leastGap(between: values), isBetweenAll: true,
            problem: "eigenvectors of equal eigenvalues, in matrices of shape \(x.shape), have no "
                + "derivative")
        return { cotangent in
            let (ofValues, ofVectors) = parts(cotangent)
            let turning = divided(
                matmul(vectors, ofVectors, transposingLeft: true),
                values.expandingAxis(-2) - values.expandingAxis(-1))
            let along = ofValues.onDiagonal + turning
            let result = matmul(matmul(vectors, along), vectors, transposingRight: true)
            return 0.5 * (result + result.matrixTransposed)
        }
    }
    return parts(both)
}
