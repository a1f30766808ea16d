import Autograd

extension Initializer {
    /// `gain` times a matrix with orthonormal rows, or orthonormal columns where it has more rows
    /// than columns, uniform among those (Saxe et al., "Exact solutions to the nonlinear dynamics
    /// of learning in deep linear neural networks", arXiv:1312.6120).
    ///
    /// The shape needs two axes or more; all but the first are taken as one.
    public static func orthogonal(gain: Double = 1) -> Initializer {
        Initializer { shape, _, _, generator in
            guard shape.count >= 2 else {
                programmerError("Initializer.orthogonal", "shape \(shape) is not a matrix's")
            }
            let (rows, columns) = (shape[0], shape[1...].reduce(1, *))
            let isTall = rows > columns
            let matrix = generator.normal(
                [min(rows, columns), max(rows, columns)], dataType: .float64)
            // What rounding left in the first pass, the second removes.
            let basis = orthonormalRows(orthonormalRows(matrix)) * gain
            return (isTall ? basis.transposed() : basis).reshaped(shape).cast(to: .float32)
        }
    }

    /// The rows of a wide matrix made orthonormal in their order, by Gram and Schmidt's method in
    /// halves: the second half is freed of its part along the first, so that nearly all the work
    /// is in products of matrices. Of normally distributed rows the result is uniform among all
    /// orthonormal ones (Mezzadri, arXiv:math-ph/0609050: the triangular factor has a positive
    /// diagonal).
    private static func orthonormalRows(_ matrix: Tensor) -> Tensor {
        let count = matrix.shape[0]
        guard count > 1 else { return matrix / sqrt(square(matrix).sum()) }
        let first = orthonormalRows(matrix[0..<count / 2])
        let rest = matrix[count / 2..<count]
        let along = matmul(matmul(rest, first, transposingRight: true), first)
        return concatenated([first, orthonormalRows(rest - along)])
    }
}
