import KernelInterface

/// A matrix of a batch in the form that the kernel takes.
struct Factor {
    let rows: Int
    let columns: Int
    let rowStride: Int
    let columnStride: Int

    /// The last two axes of a tensor.
    init(_ tensor: Tensor, transposed: Bool) {
        let (height, width) = (tensor.shape[tensor.rank - 2], tensor.shape[tensor.rank - 1])
        rows = transposed ? width : height
        columns = transposed ? height : width
        rowStride = transposed ? 1 : width
        columnStride = transposed ? width : 1
    }

    private init(rows: Int, columns: Int, rowStride: Int, columnStride: Int) {
        self.rows = rows
        self.columns = columns
        self.rowStride = rowStride
        self.columnStride = columnStride
    }

    var transposed: Factor {
        Factor(rows: columns, columns: rows, rowStride: columnStride, columnStride: rowStride)
    }

    var count: Int { rows * columns }

    func offset(row: Int, column: Int) -> Int { row * rowStride + column * columnStride }
}

/// The product of two matrices of given sizes, or of many such pairs, on the threads.
///
/// Every element is summed in the same order however the result is split, so the split may depend
/// on the number of threads. If the depth is split, the pieces depend on the sizes alone.
struct MatrixProduct {
    private let type: DataType
    private let left: Factor
    private let right: Factor
    /// A matrix times a column is computed as the row times the transposed matrix: a row of the
    /// result fills vectors, a column does not.
    private let isExchanged: Bool
    private var depth: Int { left.columns }
    private var resultCount: Int { left.rows * right.columns }

    init(_ type: DataType, _ left: Factor, _ right: Factor) {
        self.type = type
        isExchanged = right.columns == 1 && left.rows > 1
        self.left = isExchanged ? right.transposed : left
        self.right = isExchanged ? left.transposed : right
    }

    /// One product.
    func compute(
        _ a: UnsafeMutableRawPointer, _ b: UnsafeMutableRawPointer,
        into result: UnsafeMutableRawPointer
    ) {
        guard resultCount > 0 else { return }
        guard depth < Self.deep || resultCount > Self.small else {
            return computeInPieces(a, b, into: result)
        }
        if isRowTimesRows { return computeDots(a, b, into: result) }
        let parts = ProductParts(rows: left.rows, columns: right.columns, depth: depth)
        inParallel(parts.count, grain: 1, subnormalsAsZeros: isLarge(1)) { range in
            for part in range { compute(parts[part], 0..<depth, a, b, into: result) }
        }
    }

    /// Whether so many products of numbers are to be added that setting how subnormal ones count
    /// costs next to nothing.
    private func isLarge(_ count: Int) -> Bool { count * resultCount * depth >= 1 << 18 }

    /// Whether every element is the dot product of two rows that are contiguous in memory.
    private var isRowTimesRows: Bool {
        left.rows == 1 && left.columnStride == 1 && right.rowStride == 1
            && right.columnStride == depth && depth >= 64
    }

    /// Packing the right factor would take as long as the product.
    private func computeDots(
        _ a: UnsafeMutableRawPointer, _ b: UnsafeMutableRawPointer,
        into result: UnsafeMutableRawPointer
    ) {
        let (row, matrix) = isExchanged ? (b, a) : (a, b)
        inParallel(right.columns, grain: max(1, elementwiseGrain / depth)) { range in
            kernels.dotRows(
                type, row, 0, matrix + range.lowerBound * depth * type.size, depth, range.count,
                depth, result + range.lowerBound * type.size)
        }
    }

    /// Many products. Product i uses the matrices of the factors at `offsets[i]`, or at i in both.
    func compute(
        count: Int, offsets: [(Int, Int)]?,
        _ a: UnsafeMutableRawPointer, _ b: UnsafeMutableRawPointer,
        into result: UnsafeMutableRawPointer
    ) {
        guard resultCount > 0 else { return }
        let parts = ProductParts(rows: left.rows, columns: right.columns, depth: depth)
        let (firstCount, secondCount) =
            isExchanged ? (right.count, left.count) : (left.count, right.count)
        inParallel(count * parts.count, grain: parts.grain, subnormalsAsZeros: isLarge(count)) {
            range in
            for index in range {
                let matrix = index / parts.count
                let (first, second) = offsets?[matrix] ?? (matrix, matrix)
                compute(
                    parts[index % parts.count], 0..<depth,
                    a + first * firstCount * type.size, b + second * secondCount * type.size,
                    into: result + matrix * resultCount * type.size)
            }
        }
    }

    /// From this depth on, a result of at most this many elements is the sum of products over
    /// pieces of the depth: the only way to share the work without every thread reading a whole
    /// factor.
    private static let deep = 1 << 14
    private static let small = 1 << 16

    private func computeInPieces(
        _ a: UnsafeMutableRawPointer, _ b: UnsafeMutableRawPointer,
        into result: UnsafeMutableRawPointer
    ) {
        let length = max(Self.deep / 4, (depth + 31) / 32)
        let count = (depth + length - 1) / length
        let partial = Storage(type, count: count * resultCount)
        inParallel(count, grain: 1, subnormalsAsZeros: true) { range in
            for piece in range {
                compute(
                    (0..<left.rows, 0..<right.columns),
                    piece * length..<min(depth, (piece + 1) * length), a, b,
                    into: partial.pointer + piece * resultCount * type.size)
            }
        }
        kernels.reduceRows(
            .sum, type, partial.pointer, count, resultCount, resultCount, result)
    }

    /// A part of one product, over a part of the depth.
    private func compute(
        _ part: (rows: Range<Int>, columns: Range<Int>), _ depth: Range<Int>,
        _ a: UnsafeMutableRawPointer, _ b: UnsafeMutableRawPointer,
        into result: UnsafeMutableRawPointer
    ) {
        let (a, b) = isExchanged ? (b, a) : (a, b)
        let (rows, columns) = part
        let first = left.offset(row: rows.lowerBound, column: depth.lowerBound)
        let second = right.offset(row: depth.lowerBound, column: columns.lowerBound)
        let target = rows.lowerBound * right.columns + columns.lowerBound
        withWorkspace(rows.count, columns.count, depth.count) { workspace in
            kernels.multiply(
                type, rows.count, columns.count, depth.count,
                a + first * type.size, left.rowStride, left.columnStride,
                b + second * type.size, right.rowStride, right.columnStride,
                result + target * type.size, right.columns, false, workspace)
        }
    }

    /// Calls `body` with the workspace that a product needs: the smallest ones need none from the
    /// pool.
    private func withWorkspace(
        _ rows: Int, _ columns: Int, _ depth: Int, _ body: (UnsafeMutableRawPointer) -> Void
    ) {
        let bytes = kernels.productWorkspace(
            type, rows, columns, depth, left.rowStride, left.columnStride, right.rowStride,
            right.columnStride)
        if bytes <= 1024 {
            withUnsafeTemporaryAllocation(byteCount: 1024, alignment: 16) {
                body($0.baseAddress!)
            }
        } else {
            let workspace = Storage(.uint8, count: bytes)
            withExtendedLifetime(workspace) { body(workspace.pointer) }
        }
    }
}
