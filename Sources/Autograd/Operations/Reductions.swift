import KernelInterface

extension Tensor {
    /// The sum over some axes, or over all.
    ///
    /// - Parameters:
    ///   - axes: negative ones count from the end; nil for all.
    ///   - keepingAxes: whether reduced axes stay, with size 1.
    /// - Returns: the sums; those of `int32` wrap around on overflow. Other integer types trap:
    ///   cast them first.
    public func sum(axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor {
        let axes = Shape.normalize(axes: axes, rank: rank, in: "sum")
        return differentiable("sum", self) { x in
            reduce(.sum, x, axes, keepingAxes, "sum")
        } pullback: { x, _ -> Pullback in
            let shape = x.shape
            let kept = Shape.removing(axes: axes, from: shape, keeping: true)
            return .rowwise(if: !shape.isEmpty && axes.first != 0) { cotangent in
                cotangent.reshaped(kept).broadcast(to: shape)
            }
        } pushforward: { _, _, tangent in
            tangent.sum(axes: axes, keepingAxes: keepingAxes)
        }
    }

    /// The mean over some axes, or over all; NaN over no elements. Traps on integers, whose type
    /// cannot hold it: cast them first.
    public func mean(axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor {
        checkFloatingPoint("mean")
        let normalized = Shape.normalize(axes: axes, rank: rank, in: "mean")
        let size = normalized.reduce(1) { $0 * shape[$1] }
        return sum(axes: axes, keepingAxes: keepingAxes) / Double(size)
    }

    /// The variance over some axes, or over all: the mean squared distance from the mean, with
    /// `count - correction` in the denominator. Traps on integers: cast them first.
    public func variance(
        axes: [Int]? = nil, correction: Int = 0, keepingAxes: Bool = false
    ) -> Tensor {
        checkFloatingPoint("variance")
        let normalized = Shape.normalize(axes: axes, rank: rank, in: "variance")
        let size = normalized.reduce(1) { $0 * shape[$1] }
        let deviation = self - mean(axes: axes, keepingAxes: true)
        let total = (deviation * deviation).sum(axes: axes, keepingAxes: keepingAxes)
        return total / (Double(size) - Double(correction))
    }

    /// The greatest element over some axes, or over all; NaN if one is NaN, −∞ over no elements.
    /// Equal greatest elements share the derivative equally.
    public func max(axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor {
        extremum(.maximum, axes, keepingAxes, "max")
    }

    /// The least element over some axes, or over all; NaN if one is NaN, +∞ over no elements. Equal
    /// least elements share the derivative equally.
    public func min(axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor {
        extremum(.minimum, axes, keepingAxes, "min")
    }

    private func extremum(
        _ reduction: Reduction, _ axes: [Int]?, _ keepingAxes: Bool, _ operation: StaticString
    ) -> Tensor {
        let axes = Shape.normalize(axes: axes, rank: rank, in: operation)
        let kept = Shape.removing(axes: axes, from: shape, keeping: true)
        /// How much of the result's derivative each element has.
        func shares(_ x: Tensor, _ y: Tensor) -> Tensor {
            let isExtremum = stopGradient(x) .== stopGradient(y).reshaped(kept)
            let share = isExtremum.cast(to: x.dataType)
            return share / share.sum(axes: axes, keepingAxes: true)
        }
        return differentiable(operation, self) { x in
            reduce(reduction, x, axes, keepingAxes, operation)
        } pullback: { x, y -> Pullback in
            .rowwise(if: x.rank > 0 && axes.first != 0) { cotangent in
                cotangent.reshaped(kept) * shares(x, y)
            }
        } pushforward: { x, y, tangent in
            (tangent * shares(x, y)).sum(axes: axes, keepingAxes: keepingAxes)
        }
    }

    /// Traps on integers, for an operation whose results they cannot hold.
    func checkFloatingPoint(_ operation: StaticString) {
        guard dataType.isFloatingPoint else {
            trap(operation, dataType.notDefined)
        }
    }

    /// log Σ eˣ over some axes, or over all, without overflow. If the greatest element is infinite,
    /// value and derivative are those of ``max(axes:keepingAxes:)``.
    public func logSumExp(axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor {
        checkFloatingPoint("logSumExp")
        let normalized = Shape.normalize(axes: axes, rank: rank, in: "logSumExp")
        var shift = stopGradient(self).max(axes: axes, keepingAxes: true)
        var difference = self - shift
        let isFinite = abs(shift) .< Double.infinity
        if isFinite.all().scalar == 0 {
            // ∞ − ∞ is NaN: there the shift alone counts.
            shift = select(isFinite, shift, max(axes: axes, keepingAxes: true))
            difference = select(isFinite, difference, difference.number(0, in: "logSumExp"))
        }
        let result = log(exp(difference).sum(axes: axes, keepingAxes: true)) + shift
        return keepingAxes
            ? result
            : result.reshaped(Shape.removing(axes: normalized, from: shape, keeping: false))
    }

    /// The index of the greatest element along an axis, the first of equal ones, as `int32`. Has no
    /// derivative.
    public func argmax(axis: Int = -1) -> Tensor { positionOfExtremum(axis, true, "argmax") }

    /// The index of the least element along an axis, the first of equal ones, as `int32`. Has no
    /// derivative.
    public func argmin(axis: Int = -1) -> Tensor { positionOfExtremum(axis, false, "argmin") }

    private func positionOfExtremum(
        _ axis: Int, _ isGreatest: Bool, _ operation: StaticString
    ) -> Tensor {
        notDifferentiable(operation, self)
        let axis = Shape.normalize(axis: axis, rank: rank, in: operation)
        let size = shape[axis]
        guard size > 0 else { trap(operation, "axis \(axis) of shape \(shape) is empty") }
        guard size <= Int(Int32.max) else {
            trap(operation, "axis \(axis) of shape \(shape) is too long for int32")
        }
        checkComputes(operation)
        let isOrdered = dataType.isFloatingPoint || dataType == .int32
        let rows = (isOrdered ? self : cast(to: .int32)).swappingAxes(axis, -1)
        let type = rows.dataType
        let positions = Tensor(.int32, Array(rows.shape.dropLast())) { output in
            inParallel(output.count, grain: Swift.max(1, reductionGrain / size)) { range in
                kernels.extremumPositions(
                    type, isGreatest, rows.storage.pointer + range.lowerBound * size * type.size,
                    range.count, size, output.typed(Int32.self) + range.lowerBound)
            }
        }
        // The axis that replaced the reduced one moves back to where it was.
        let reduced = Shape.removing(axes: [axis], from: shape, keeping: false)
        guard axis < rank - 1 else { return positions }
        var order = Array(positions.shape.indices)
        order.append(order.remove(at: axis))
        return positions.transposed(order).reshaped(reduced)
    }
}

/// Elements that one block of a parallel reduction reads; also the length of the runs whose partial
/// results are combined.
private let reductionGrain = 1 << 14

/// Whether a sum has so many terms of `float32` that it is computed in `float64`: in a run, where
/// several accumulators share them, or in a column, where one accumulator takes them all.
private func isLongSum(_ type: DataType, count: Int, inner: Int) -> Bool {
    type == .float32 && count > (inner == 1 ? 2048 : longestColumn)
}

/// The number of `float32` terms that can be added one after the other without losing significant
/// digits.
let longestColumn = 512

/// The values of a reduction over ascending axes: neighbouring axes at once, the last first.
private func reduce(
    _ reduction: Reduction, _ x: Tensor, _ axes: [Int], _ keepingAxes: Bool,
    _ operation: StaticString
) -> Tensor {
    guard x.dataType.isFloatingPoint || x.dataType == .int32 else {
        trap(operation, x.dataType.notDefined)
    }
    let result = Shape.removing(axes: axes, from: x.shape, keeping: keepingAxes)
    var remaining = axes.filter { x.shape[$0] != 1 }
    var sizes = x.shape
    var current = x
    while let last = remaining.popLast() {
        var first = last
        while remaining.last == first - 1 { first = remaining.removeLast() }
        let outer = sizes[..<first].reduce(1, *)
        let count = sizes[first...last].reduce(1, *)
        let inner = sizes[(last + 1)...].reduce(1, *)
        current = reduce(reduction, current, outer: outer, count: count, inner: inner)
        for axis in first...last { sizes[axis] = 1 }
    }
    return Tensor(current.storage, result)
}

/// Reduces the middle one of three axes. The split into blocks depends on the sizes alone.
private func reduce(
    _ reduction: Reduction, _ x: Tensor, outer: Int, count: Int, inner: Int
) -> Tensor {
    let kernel = ReductionKernel(reduction, x.dataType, count: count, inner: inner)
    let result = reduce(kernel, x, outer: outer, count: count, inner: inner)
    return result.cast(to: x.dataType)
}

/// The same, in the result type of the kernel.
private func reduce(
    _ kernel: ReductionKernel, _ x: Tensor, outer: Int, count: Int, inner: Int
) -> Tensor {
    let (size, type) = (x.dataType.size, kernel.resultType)
    if kernel.reduction == .sum, inner == 1,
        let sums = sumExpression(kernel, x, outer: outer, count: count)
    {
        return sums
    }
    if outer * inner <= reductionGrain / 8, count * inner > 2 * reductionGrain {
        // Few long sums: first over pieces, and then over the pieces.
        let piece = Swift.max(1, reductionGrain / inner)
        let pieces = (count + piece - 1) / piece
        let partial = Tensor(type, [outer, pieces, inner]) { output in
            inParallel(outer * pieces, grain: 1) { range in
                for index in range {
                    let (row, part) = (index / pieces, index % pieces)
                    let length = Swift.min(piece, count - part * piece)
                    let source =
                        x.storage.pointer + (row * count + part * piece) * inner * size
                    let target = output.pointer + index * inner * type.size
                    if inner == 1 {
                        kernel.reduceRuns(source, 1, length, target)
                    } else {
                        kernel.reduceRows(source, length, inner, inner, target)
                    }
                }
            }
        }
        return reduce(kernel.reduction, partial, outer: outer, count: pieces, inner: inner)
    }
    guard inner > 0 else { return Tensor(type, [outer, 0]) { _ in } }
    if inner == 1 {
        let grain = Swift.max(1, reductionGrain / Swift.max(1, count))
        return Tensor(type, [outer, 1]) { output in
            inParallel(outer, grain: grain) { range in
                kernel.reduceRuns(
                    x.storage.pointer + range.lowerBound * count * size, range.count, count,
                    output.pointer + range.lowerBound * type.size)
            }
        }
    }
    // Wide matrices are split into blocks of columns, of whole cache lines.
    let width = Swift.min(inner, Swift.max(64, reductionGrain / Swift.max(1, count) / 64 * 64))
    let blocks = (inner + width - 1) / width
    let grain = Swift.max(1, reductionGrain / Swift.max(1, count * width))
    return Tensor(type, [outer, inner]) { output in
        inParallel(outer * blocks, grain: grain) { range in
            for index in range {
                let (row, column) = (index / blocks, index % blocks * width)
                kernel.reduceRows(
                    x.storage.pointer + (row * count * inner + column) * size, count, inner,
                    Swift.min(width, inner - column),
                    output.pointer + (row * inner + column) * type.size)
            }
        }
    }
}

/// The sums of runs whose elements are still an expression, without writing them to memory. The
/// pieces, and so the results, are the same as for elements in memory. (The derivatives of other
/// reductions need the elements, so there it is better to store them.)
private func sumExpression(
    _ kernel: ReductionKernel, _ x: Tensor, outer: Int, count: Int
) -> Tensor? {
    guard let expression = x.storage.expression, count > 0 else { return nil }
    let type = kernel.resultType
    let isLong = outer <= reductionGrain / 8 && count > 2 * reductionGrain
    guard !isLong || outer == 1 else { return nil }
    let length = isLong ? reductionGrain : count
    let grain = isLong ? reductionGrain : Swift.max(1, reductionGrain / count) * count
    let pieces = isLong ? (count + grain - 1) / grain : outer
    let partial = Storage(type, count: pieces)
    let isSeen = expression.seeInPieces(of: grain) { range, piece in
        let runs = Swift.max(1, range.count / length)
        kernel.reduceRuns(
            piece, runs, range.count / runs,
            partial.pointer + range.lowerBound / length * type.size)
    }
    guard isSeen else { return nil }
    let result = Tensor(partial, [pieces])
    return isLong ? reduce(.sum, result, outer: 1, count: pieces, inner: 1) : result
}

/// The kernels that reduce elements of a type, and the type of the results.
private struct ReductionKernel {
    let reduction: Reduction
    let type: DataType
    /// `float64` for long sums of `float32`.
    let resultType: DataType

    init(_ reduction: Reduction, _ type: DataType, count: Int, inner: Int) {
        self.reduction = reduction
        self.type = type
        let isLong = reduction == .sum && isLongSum(type, count: count, inner: inner)
        resultType = isLong ? .float64 : type
    }

    /// See `KernelSet`.
    func reduceRows(
        _ input: UnsafeRawPointer, _ count: Int, _ stride: Int, _ width: Int,
        _ output: UnsafeMutableRawPointer
    ) {
        if resultType == type {
            kernels.reduceRows(reduction, type, input, count, stride, width, output)
        } else {
            kernels.sumRowsInDouble(
                input.assumingMemoryBound(to: Float.self), count, stride, width,
                output.assumingMemoryBound(to: Double.self))
        }
    }

    /// See `KernelSet`.
    func reduceRuns(
        _ input: UnsafeRawPointer, _ rows: Int, _ count: Int, _ output: UnsafeMutableRawPointer
    ) {
        if resultType == type {
            kernels.reduceRuns(reduction, type, input, rows, count, output)
        } else {
            kernels.sumRunsInDouble(
                input.assumingMemoryBound(to: Float.self), rows, count,
                output.assumingMemoryBound(to: Double.self))
        }
    }
}
