import KernelInterface

/// The matrix product of the last two axes: `[…, m, k]` times `[…, k, n]` is `[…, m, n]`.
///
/// Leading axes broadcast. A factor that is flagged as transposed is given as `[…, k, m]` or
/// `[…, n, k]`; nothing is copied to transpose it.
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

/// The product of two vectors: the sum of the products of their elements.
public func dot(_ a: Tensor, _ b: Tensor) -> Tensor {
    guard a.rank == 1, a.shape == b.shape else {
        trap("dot", "expected two vectors of equal length, found \(a.shape) and \(b.shape)")
    }
    return (a * b).sum()
}

/// A matrix of a batch as the kernel takes it.
private struct Factor {
    let rows: Int
    let columns: Int
    let rowStride: Int
    let columnStride: Int

    init(_ tensor: Tensor, transposed: Bool) {
        let (height, width) = (tensor.shape[tensor.rank - 2], tensor.shape[tensor.rank - 1])
        rows = transposed ? width : height
        columns = transposed ? height : width
        rowStride = transposed ? 1 : width
        columnStride = transposed ? width : 1
    }
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
    let leading = Array(a.shape.dropLast(2))
    if b.rank == 2, !transposingLeft, a.rank > 2 {
        // The rows of all matrices of the batch are those of one.
        let rows = Tensor(a.storage, [leading.reduce(left.rows, *), left.columns])
        let result = product(rows, b, false, transposingRight)
        return Tensor(result.storage, leading + [left.rows, right.columns])
    }
    let batch = Shape.broadcast(leading, Array(b.shape.dropLast(2)), in: "matmul")
    let type = a.dataType
    let (leftSize, rightSize) = (left.rows * left.columns, right.rows * right.columns)
    return Tensor(type, batch + [left.rows, right.columns]) { output in
        let resultSize = left.rows * right.columns
        guard resultSize > 0 else { return }
        let matrices = output.count / resultSize
        let offsets = matrixOffsets(batch, leading, Array(b.shape.dropLast(2)))
        let parts = ProductParts(rows: left.rows, columns: right.columns, depth: left.columns)
        inParallel(matrices * parts.count, grain: parts.grain) { range in
            let workspace = Storage(.uint8, count: kernels.productWorkspace)
            for index in range {
                let matrix = index / parts.count
                let (rows, columns) = parts[index % parts.count]
                let start = offsets?[matrix] ?? (matrix, matrix)
                let leftStart = start.0 * leftSize + rows.lowerBound * left.rowStride
                let rightStart = start.1 * rightSize + columns.lowerBound * right.columnStride
                let resultStart =
                    matrix * resultSize + rows.lowerBound * right.columns + columns.lowerBound
                kernels.multiply(
                    type, rows.count, columns.count, left.columns,
                    a.storage.pointer + leftStart * type.size, left.rowStride, left.columnStride,
                    b.storage.pointer + rightStart * type.size, right.rowStride,
                    right.columnStride,
                    output.pointer + resultStart * type.size, right.columns, false,
                    workspace.pointer)
            }
        }
    }
}

/// Which matrix of each factor makes which of the result, where a leading axis is repeated.
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

/// How one product is cut for the threads: along the longer side of the result, in as many
/// parts as there are threads. Every element is summed in the same order wherever the cuts are.
private struct ProductParts {
    let count: Int
    /// How many parts (of several small products) make one block of parallel work.
    let grain: Int
    private let rows: Int
    private let columns: Int
    private let cutsRows: Bool
    private let size: Int

    init(rows: Int, columns: Int, depth: Int) {
        self.rows = rows
        self.columns = columns
        let work = rows * columns * max(depth, 1)
        let worthwhile = 1 << 19
        cutsRows = rows >= columns
        let (length, tile) =
            cutsRows ? (rows, kernels.tileRows) : (columns, kernels.tileColumns)
        let parts = max(1, min(Threads.count, work / worthwhile))
        let part = (length + parts - 1) / parts
        size = max(tile, (part + tile - 1) / tile * tile)
        count = max(1, (length + size - 1) / size)
        grain = max(1, worthwhile / max(1, work))
    }

    subscript(part: Int) -> (rows: Range<Int>, columns: Range<Int>) {
        let start = part * size
        let end = min(start + size, cutsRows ? rows : columns)
        return cutsRows ? (start..<end, 0..<columns) : (0..<rows, start..<end)
    }
}
