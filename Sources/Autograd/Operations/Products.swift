import KernelInterface

/// The matrix product over the last two axes: `[…, m, k]` times `[…, k, n]` gives `[…, m, n]`.
///
/// Leading axes broadcast. A factor that is flagged as transposed is given as `[…, k, m]` or `[…,
/// n, k]`; nothing is copied to transpose it.
public func matmul(
    _ a: Tensor, _ b: Tensor, transposingLeft: Bool = false, transposingRight: Bool = false
) -> Tensor {
    differentiable("matmul", a, b) { a, b in
        product(a, b, transposingLeft, transposingRight)
    } left: { a, b, _ -> Pullback in
        if !transposingLeft, b.rank == 2 { return .product(b, transposing: !transposingRight) }
        let shape = a.shape
        return .function { cotangent in
            let gradient =
                transposingLeft
                ? matmul(
                    b, cotangent, transposingLeft: transposingRight, transposingRight: true)
                : matmul(cotangent, b, transposingRight: !transposingRight)
            return unbroadcast(gradient, to: shape)
        }
    } right: { a, b, _ -> Pullback in
        let shape = b.shape
        return .function { cotangent in
            if shape.count == 2, !transposingLeft, cotangent.rank > 2, a.rank == cotangent.rank {
                // One matrix for a whole batch: its gradient is one product, not a sum of many.
                let count = a.shape.dropLast().reduce(1, *)
                let rows = a.reshaped([count, a.shape[a.rank - 1]])
                let cotangents = cotangent.reshaped([count, cotangent.shape[cotangent.rank - 1]])
                return transposingRight
                    ? matmul(cotangents, rows, transposingLeft: true)
                    : matmul(rows, cotangents, transposingLeft: true)
            }
            let gradient =
                transposingRight
                ? matmul(
                    cotangent, a, transposingLeft: true, transposingRight: transposingLeft)
                : matmul(a, cotangent, transposingLeft: !transposingLeft)
            return unbroadcast(gradient, to: shape)
        }
    }
}

/// The dot product of two vectors: the sum of the products of their elements.
public func dot(_ a: Tensor, _ b: Tensor) -> Tensor {
    guard a.rank == 1, a.shape == b.shape else {
        trap("dot", "expected two vectors of equal length, found \(a.shape) and \(b.shape)")
    }
    return (a * b).sum()
}

private func product(
    _ a: Tensor, _ b: Tensor, _ transposingLeft: Bool, _ transposingRight: Bool
) -> Tensor {
    guard a.rank >= 2, b.rank >= 2 else {
        trap("matmul", "both factors need two axes or more: \(a.shape) × \(b.shape)")
    }
    guard a.dataType == b.dataType, a.dataType.isFloatingPoint else {
        trap("matmul", "not defined for \(a.dataType) × \(b.dataType)")
    }
    let left = Factor(a, transposed: transposingLeft)
    let right = Factor(b, transposed: transposingRight)
    guard left.columns == right.rows else {
        let flags = (
            transposingLeft ? " (transposed)" : "", transposingRight ? " (transposed)" : ""
        )
        trap(
            "matmul",
            "inner sizes differ: \(a.shape)\(flags.0) × \(b.shape)\(flags.1) (\(left.columns) and "
                + "\(right.rows))")
    }
    let type = a.dataType
    let matrices = MatrixProduct(type, left, right)
    if a.rank == 2, b.rank == 2 {
        return Tensor(type, [left.rows, right.columns], in: "matmul") { output in
            matrices.compute(a.storage.pointer, b.storage.pointer, into: output.pointer)
        }
    }
    let leading = Array(a.shape.dropLast(2))
    if b.rank == 2, !transposingLeft {
        // The rows of all matrices of the batch form one matrix.
        let rows = Tensor(a.storage, [leading.reduce(left.rows, *), left.columns])
        let result = product(rows, b, false, transposingRight)
        return Tensor(result.storage, leading + [left.rows, right.columns])
    }
    let batch = Shape.broadcast(leading, Array(b.shape.dropLast(2)), in: "matmul")
    return Tensor(type, batch + [left.rows, right.columns], in: "matmul") { output in
        matrices.compute(
            count: batch.reduce(1, *),
            offsets: matrixOffsets(batch, leading, Array(b.shape.dropLast(2))),
            a.storage.pointer, b.storage.pointer, into: output.pointer)
    }
}

/// The pairs of matrices of the factors that are multiplied, if a leading axis is repeated.
private func matrixOffsets(_ batch: [Int], _ left: [Int], _ right: [Int]) -> [(Int, Int)]? {
    guard left != right else { return nil }
    let strides = (
        Shape.broadcastStrides(left, to: batch), Shape.broadcastStrides(right, to: batch)
    )
    return (0..<batch.reduce(1, *)).map { index in
        var rest = index
        var offsets = (0, 0)
        for axis in batch.indices.reversed() {
            let position = rest % batch[axis]
            rest /= batch[axis]
            offsets.0 += position * strides.0[axis]
            offsets.1 += position * strides.1[axis]
        }
        return offsets
    }
}
