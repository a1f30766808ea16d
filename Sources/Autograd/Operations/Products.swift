import KernelInterface

/// The matrix product over the last two axes: `[…, m, k]` times `[…, k, n]` gives `[…, m, n]`.
///
/// Leading axes broadcast. A factor that is flagged as transposed is given as `[…, k, m]` or `[…,
/// n, k]`; nothing is copied to transpose it. In products of 2¹⁸ multiplications and more, subnormal
/// elements count as zeros.
public func matmul(
    _ a: Tensor, _ b: Tensor, transposingLeft: Bool = false, transposingRight: Bool = false
) -> Tensor {
    differentiable("matmul", a, b) { a, b in
        product(a, b, transposingLeft, transposingRight)
    } left: { a, b, y -> Pullback in
        if !transposingLeft, b.rank == 2 { return .product(b, transposing: !transposingRight) }
        func products(_ cotangent: Tensor) -> Tensor {
            transposingLeft
                ? matmul(b, cotangent, transposingLeft: transposingRight, transposingRight: true)
                : matmul(cotangent, b, transposingRight: !transposingRight)
        }
        guard y.rank > 2 else { return .function(products) }
        return .sums(of: products, y.shape, to: a)
    } right: { a, b, y -> Pullback in
        let shape = b.shape
        func products(_ cotangent: Tensor) -> Tensor {
            transposingRight
                ? matmul(cotangent, a, transposingLeft: true, transposingRight: transposingLeft)
                : matmul(a, cotangent, transposingLeft: !transposingLeft)
        }
        /// One matrix for all rows, those of each sample if samples are kept apart: the gradient is
        /// one product, not a sum of many.
        func product(_ cotangent: Tensor, _ samples: Int?) -> Tensor {
            let rows = transposingLeft ? a.matrixTransposed : a
            func matrices(_ x: Tensor) -> Tensor {
                let count = x.shape.dropLast().reduce(1, *)
                let width = x.shape[x.rank - 1]
                guard let samples else { return x.reshaped([count, width]) }
                return x.reshaped([samples, count / samples, width])
            }
            return transposingRight
                ? matmul(matrices(cotangent), matrices(rows), transposingLeft: true)
                : matmul(matrices(rows), matrices(cotangent), transposingLeft: true)
        }
        if shape.count == 2, a.rank == y.rank {
            return .shared { cotangent, samples in
                samples != nil || (cotangent.rank > 2 && !transposingLeft)
                    ? product(cotangent, samples) : unbroadcast(products(cotangent), to: shape)
            }
        }
        return .sums(of: products, y.shape, to: b)
    } pushforward: { a, b, _, alongA, alongB in
        bilinear(a, b, alongA, alongB) {
            matmul($0, $1, transposingLeft: transposingLeft, transposingRight: transposingRight)
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
