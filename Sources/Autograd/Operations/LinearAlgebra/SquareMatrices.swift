import KernelInterface

// Decompositions are computed in double precision, whatever the tensor's type, one matrix of a batch
// after another, shared out among threads.

/// The matrices in the last two axes, in double precision, each to be replaced by what `body` makes
/// of it in place. `body` returns what is wrong with the matrix, if anything is; then it traps.
func transformMatrices(
    _ operation: StaticString, _ x: Tensor,
    _ body: (_ elements: UnsafeMutablePointer<Double>) -> String?
) -> Tensor {
    x.checkComputes(operation)
    let size = x.shape[x.rank - 1] * x.shape[x.rank - 2]
    let source = x.cast(to: .float64)
    let failure = Guarded<(index: Int, text: String)?>(nil)
    let result = Tensor(.float64, x.shape) { output in
        output.pointer.copyMemory(
            from: source.storage.pointer, byteCount: source.count * MemoryLayout<Double>.size)
        let elements = output.typed(Double.self)
        inParallel(x.count / max(1, size), grain: max(1, (1 << 12) / max(1, size))) { range in
            for index in range {
                guard let text = body(elements + index * size) else { continue }
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
    x.checkFloatingPoint(operation)
    guard x.rank >= 2, x.shape[x.rank - 1] == x.shape[x.rank - 2] else {
        trap(operation, "expected square matrices […, n, n], found shape \(x.shape)")
    }
    return x.shape[x.rank - 1]
}

extension Tensor {
    /// The matrices in the last two axes, transposed.
    var matrixTransposed: Tensor { swappingAxes(-2, -1) }
}
