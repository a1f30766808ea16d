import Autograd

extension Initializer {
    /// `gain` times a matrix with orthonormal rows, or orthonormal columns if it has more rows than
    /// columns, uniformly distributed (Saxe et al., "Exact solutions to the nonlinear dynamics of
    /// learning in deep linear neural networks", arXiv:1312.6120): the orthonormalised rows of a
    /// normally distributed matrix, with a positive diagonal of the triangular factor (Mezzadri,
    /// arXiv:math-ph/0609050).
    ///
    /// Traps if the shape has fewer than two axes; all but the first are flattened.
    public static func orthogonal(gain: Double = 1) -> Initializer {
        Initializer { shape, _, _, generator in
            guard shape.count >= 2 else {
                programmerError("Initializer.orthogonal", "shape \(shape) is not a matrix's")
            }
            let (rows, columns) = (shape[0], shape[1...].reduce(1, *))
            let isTall = rows > columns
            let matrix = generator.normal(
                [min(rows, columns), max(rows, columns)], dataType: .float64)
            let basis = orthonormalRows(of: matrix) * gain
            return (isTall ? basis.transposed() : basis).reshaped(shape).cast(to: .float32)
        }
    }
}
