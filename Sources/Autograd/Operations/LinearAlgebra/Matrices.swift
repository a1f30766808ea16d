import KernelInterface

// Decompositions are computed in double precision, whatever the tensor's type, one matrix of a batch
// after another, shared out among threads.

/// The matrices in the last two axes, in double precision, each to be replaced by what `body` makes
/// of it in place. `body` returns what is wrong with the matrix, if anything is; then it traps.
func transformMatrices(
    _ operation: StaticString, _ x: Tensor,
    _ body: (_ elements: UnsafeMutablePointer<Double>) -> String?
) -> Tensor {
    let shape = (x.shape[x.rank - 2], x.shape[x.rank - 1])
    return mapMatrices(operation, x, to: shape) { source, result in
        result.update(from: source, count: shape.0 * shape.1)
        return body(result)
    }
}

/// Matrices of another shape made of those in the last two axes, in double precision: `body` reads
/// each and writes all elements of its result. It returns what is wrong with the matrix, if anything
/// is; then it traps.
func mapMatrices(
    _ operation: StaticString, _ x: Tensor, to shape: (rows: Int, columns: Int),
    _ body: (_ source: UnsafePointer<Double>, _ result: UnsafeMutablePointer<Double>) -> String?
) -> Tensor {
    x.checkComputes(operation)
    let leading = Array(x.shape.dropLast(2))
    let size = x.shape[x.rank - 1] * x.shape[x.rank - 2]
    let resultSize = shape.rows * shape.columns
    let source = x.cast(to: .float64)
    let failure = Guarded<(index: Int, text: String)?>(nil)
    let result = Tensor(.float64, leading + [shape.rows, shape.columns]) { output in
        let (input, elements) = (source.storage.typed(Double.self), output.typed(Double.self))
        let count = resultSize > 0 ? leading.reduce(1, *) : 0
        inParallel(count, grain: max(1, (1 << 12) / max(1, size))) { range in
            for index in range {
                guard let text = body(input + index * size, elements + index * resultSize)
                else { continue }
                // The first one, whichever thread finds its own first.
                failure.withLock { if index < $0?.index ?? .max { $0 = (index, text) } }
            }
        }
    }
    if let found = failure.withLock({ $0 }) {
        let matrix = x.rank > 2 ? "matrix \(found.index) " : "a matrix "
        trap(operation, "\(matrix)of shape \(x.shape) \(found.text)")
    }
    return result.cast(to: x.dataType)
}

/// The number of rows of square matrices in the last two axes. Traps if they are none, or integers.
func squareSize(_ operation: StaticString, _ x: Tensor) -> Int {
    let (rows, columns) = matrixSize(operation, x)
    guard rows == columns else {
        trap(operation, "expected square matrices […, n, n], found shape \(x.shape)")
    }
    return rows
}

/// The numbers of rows and columns of matrices in the last two axes. Traps if they are none, or
/// integers.
func matrixSize(_ operation: StaticString, _ x: Tensor) -> (rows: Int, columns: Int) {
    x.checkFloatingPoint(operation)
    guard x.rank >= 2 else {
        trap(operation, "expected matrices […, m, n], found shape \(x.shape)")
    }
    return (x.shape[x.rank - 2], x.shape[x.rank - 1])
}

extension Tensor {
    /// The matrices in the last two axes, transposed.
    var matrixTransposed: Tensor { swappingAxes(-2, -1) }

    /// The matrices with these diagonals, `[…, n]`.
    var onDiagonal: Tensor {
        let size = shape[rank - 1]
        return expandingAxis(-1) * Tensor.identity(size, dataType: dataType)
    }
}
