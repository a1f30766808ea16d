import KernelInterface

// Reading and writing at positions given by other tensors. Indices are tensors of `int32` from 0 to
// below the size of the axis, not counted from its end; an index out of range traps. There are no
// derivatives with respect to them.

extension Tensor {
    /// The parts of the tensor at the given positions of an axis, like NumPy's `take`: the axis is
    /// replaced by the axes of `indices`.
    ///
    /// `[vocabulary, width]` gathered at `[batch]` along axis 0 is `[batch, width]`.
    public func gathered(at indices: Tensor, axis: Int = 0) -> Tensor {
        let axis = Shape.normalize(axis: axis, rank: rank, in: "gathered")
        let size = shape[axis]
        checkIndices("gathered", indices, size, of: shape)
        let target = Array(shape[..<axis]) + indices.shape + shape[(axis + 1)...]
        let layout = IndexedAxis(
            outer: shape[..<axis].reduce(1, *), size: size, count: indices.count,
            inner: shape[(axis + 1)...].reduce(1, *), isElementwise: false)
        return gather(self, indices, layout, target, axis)
    }

    /// The transpose of ``gathered(at:axis:)``: a tensor of zeros, of `size` along the axis, to
    /// which each part of this tensor is added at its position; parts with the same position are
    /// summed.
    ///
    /// `[batch, width]` scattered at `[batch]` along axis 0 is `[size, width]`.
    public func scatterAdded(at indices: Tensor, axis: Int = 0, size: Int) -> Tensor {
        let operation: StaticString = "scatterAdded"
        let resultRank = rank - indices.rank + 1
        guard resultRank > 0 else {
            trap(operation, "indices of shape \(indices.shape) for a tensor of shape \(shape)")
        }
        let axis = Shape.normalize(axis: axis, rank: resultRank, in: operation)
        guard Array(shape[axis..<axis + indices.rank]) == indices.shape else {
            trap(
                operation,
                "indices of shape \(indices.shape) for a tensor of shape \(shape) at axis \(axis)")
        }
        checkIndices(operation, indices, size, of: shape)
        let trailing = shape[(axis + indices.rank)...]
        let target = Array(shape[..<axis]) + [size] + trailing
        let layout = IndexedAxis(
            outer: shape[..<axis].reduce(1, *), size: size, count: indices.count,
            inner: trailing.reduce(1, *), isElementwise: false)
        return scatter(self, indices, layout, target, axis)
    }

    /// For each element of `indices`, the element at that position along the axis and at the same
    /// position along the others, like NumPy's `take_along_axis`. Shapes must agree in all axes but
    /// this one.
    public func gatheredAlong(axis: Int, at indices: Tensor) -> Tensor {
        let operation: StaticString = "gatheredAlong"
        let axis = Shape.normalize(axis: axis, rank: rank, in: operation)
        let layout = layoutAlong(axis, indices, shape, size: shape[axis], operation)
        return gather(self, indices, layout, indices.shape, axis)
    }

    /// The transpose of ``gatheredAlong(axis:at:)``: a tensor of zeros, of `size` along the axis,
    /// to which each element of this tensor is added at its position; `indices` has the tensor's
    /// shape.
    public func scatterAddedAlong(axis: Int, at indices: Tensor, size: Int) -> Tensor {
        let operation: StaticString = "scatterAddedAlong"
        let axis = Shape.normalize(axis: axis, rank: rank, in: operation)
        guard indices.shape == shape else {
            trap(operation, "indices of shape \(indices.shape) for a tensor of shape \(shape)")
        }
        let layout = layoutAlong(axis, indices, shape, size: size, operation)
        var target = shape
        target[axis] = size
        return scatter(self, indices, layout, target, axis)
    }

    /// The parts of the tensor at the positions of an axis where the mask is true. The mask is a
    /// vector of `bool` with that axis's size.
    public func gathered(where mask: Tensor, axis: Int = 0) -> Tensor {
        let axis = Shape.normalize(axis: axis, rank: rank, in: "gathered")
        guard mask.dataType == .bool, mask.shape == [shape[axis]] else {
            trap(
                "gathered",
                "a mask of \(mask.dataType) of shape \(mask.shape) for axis \(axis) of shape "
                    + "\(shape)")
        }
        return gathered(at: mask.truePositions, axis: axis)
    }

    /// The positions of the true elements of a vector of `bool`, ascending, as `int32`.
    private var truePositions: Tensor {
        guard count <= Int(Int32.max) else {
            trap("gathered", "a mask of shape \(shape) is too long for int32")
        }
        let flags = storage.typed(UInt8.self)
        var total = 0
        for position in 0..<count { total &+= Int(flags[position]) }
        return Tensor(.int32, [total]) { output in
            let positions = output.typed(Int32.self)
            var (found, position) = (0, 0)
            // Written at every step and kept where it is true: there is no branch to predict.
            while found < total {
                positions[found] = Int32(truncatingIfNeeded: position)
                found &+= Int(flags[position])
                position &+= 1
            }
        }
    }

    /// The elements [0, 0], [1, 1], … of the matrices in the last two axes.
    public func diagonal() -> Tensor {
        guard rank >= 2 else { trap("diagonal", "shape \(shape) has no two axes") }
        let (rows, columns) = (shape[rank - 2], shape[rank - 1])
        let indices = (0..<Swift.min(rows, columns)).map { Int32($0 * (columns + 1)) }
        return reshaped(shape.dropLast(2) + [rows * columns])
            .gathered(at: Tensor(indices), axis: -1)
    }

    /// The sums of the diagonals of the matrices in the last two axes.
    public func trace() -> Tensor { diagonal().sum(axes: [-1]) }
}

/// For each index a vector of `depth` elements, 1 at the index and 0 elsewhere, along a new last
/// axis. Indices are `int32`; there is no derivative with respect to them.
public func oneHot(_ indices: Tensor, depth: Int, dataType: DataType = .float32) -> Tensor {
    checkIndices("oneHot", indices, depth, of: indices.shape + [depth])
    let isNumber = dataType.isFloatingPoint || dataType == .int32
    let ones = Tensor.ones(indices.shape + [1], dataType: isNumber ? dataType : .int32)
    return ones.scatterAddedAlong(axis: -1, at: indices.expandingAxis(-1), size: depth)
        .cast(to: dataType)
}

private func gather(
    _ x: Tensor, _ indices: Tensor, _ layout: IndexedAxis, _ target: [Int], _ axis: Int
) -> Tensor {
    differentiable("gathered", x) { x in
        let size = x.dataType.size
        return Tensor(x.dataType, target) { output in
            layout.inParallel { part, outer, first in
                kernels.gather(
                    size, part, layout.indices(indices, outer, first),
                    x.storage.pointer + outer * layout.size * layout.inner * size,
                    output.pointer + (outer * layout.count + first) * layout.inner * size)
            }
        }
    } pullback: { x, _ -> Pullback in
        let shape = x.shape
        if axis == 0, indices.rank > 0, !layout.isElementwise {
            return .shared { cotangent, samples in
                guard let samples else { return scatter(cotangent, indices, layout, shape, axis) }
                return scatterApart(cotangent, indices, layout, shape, samples)
            }
        }
        return .rowwise(if: axis > 0) { scatter($0, indices, layout, shape, axis) }
    } pushforward: { _, _, tangent in
        gather(tangent, indices, layout, target, axis)
    }
}

private func scatter(
    _ y: Tensor, _ indices: Tensor, _ layout: IndexedAxis, _ target: [Int], _ axis: Int
) -> Tensor {
    guard y.dataType.isFloatingPoint || y.dataType == .int32 else {
        trap("scatterAdded", y.dataType.notDefined)
    }
    _ = Shape.count(target, in: "scatterAdded")
    return differentiable("scatterAdded", y) { y in
        if layout.outer == 1, !layout.isElementwise, y.dataType.isFloatingPoint {
            return scatterRows(y, indices, layout, target)
        }
        // If many may be added at one position, they are summed in double precision.
        let isLong =
            y.dataType == .float32 && layout.count > longestColumn
            && (layout.isElementwise || mostLookups(indices, of: layout.size) > longestColumn)
        let (size, type) = (y.dataType.size, isLong ? DataType.float64 : y.dataType)
        guard y.count > 0 else { return Tensor.zeros(target, dataType: y.dataType) }
        let output = Tensor.zeros(target, dataType: type)
        let pointer = output.storage.pointer
        layout.inParallel(cuttingPositions: false) { part, outer, _ in
            let source = y.storage.pointer + outer * layout.count * layout.inner * size
            let target = pointer + outer * layout.size * layout.inner * type.size
            let first = layout.indices(indices, outer, 0)
            if isLong {
                kernels.scatterAddInDouble(
                    part, first, source.assumingMemoryBound(to: Float.self),
                    target.assumingMemoryBound(to: Double.self))
            } else {
                kernels.scatterAdd(type, part, first, source, target)
            }
        }
        return output.cast(to: y.dataType)
    } pullback: { y, _ in
        let shape = y.shape
        return .rowwise(if: axis > 0) { gather($0, indices, layout, shape, axis) }
    } pushforward: { _, _, tangent in
        scatter(tangent, indices, layout, target, axis)
    }
}

/// Rows added up for each of so many samples, `[samples] + target`, each of which has equally many
/// of the indices.
private func scatterApart(
    _ y: Tensor, _ indices: Tensor, _ layout: IndexedAxis, _ target: [Int], _ samples: Int
) -> Tensor {
    guard samples * layout.size <= Int(Int32.max) else {
        trap("scatterAdded", "\(samples) samples of \(layout.size) rows: too many for int32")
    }
    let shifts = (0..<samples).map { Int32($0 * layout.size) }
    let places = indices.reshaped([samples, layout.count / samples])
    let shifted = (places + Tensor(shifts, shape: [samples, 1])).reshaped([layout.count])
    let all = IndexedAxis(
        outer: 1, size: samples * layout.size, count: layout.count, inner: layout.inner,
        isElementwise: false)
    let rows = [samples * layout.size] + target.dropFirst()
    return scatter(y, shifted, all, rows, 0).reshaped([samples] + target)
}

/// Whole rows: a part of the result is cleared and written while it is in the cache. If one of its
/// rows has many terms, the part is summed in double precision.
private func scatterRows(
    _ y: Tensor, _ indices: Tensor, _ layout: IndexedAxis, _ target: [Int]
) -> Tensor {
    let (type, width) = (y.dataType, layout.inner)
    return Tensor(type, target) { output in
        let index = indices.storage.typed(Int32.self)
        RowBuckets(indices, of: layout.size, width: width).run { positions, count, rows in
            let target = output.pointer + rows.lowerBound * width * type.size
            if type == .float32, count > longestColumn,
                mostLookups(rows, count, { Int(index[Int(positions[$0])]) }) > longestColumn
            {
                let sums = Storage(.float64, count: rows.count * width)
                sums.fill(0.0)
                kernels.addRowsInDouble(
                    y.storage.typed(Float.self), index, positions, count, width,
                    rows.lowerBound, sums.typed(Double.self))
                kernels.convert(.float64, type, sums.pointer, target, sums.count)
            } else {
                target.initializeMemory(
                    as: UInt8.self, repeating: 0, count: rows.count * width * type.size)
                kernels.addRows(
                    type, 1, y.storage.pointer, index, positions, count, width, output.pointer)
            }
        }
    }
}

/// How often the place that most of the indices have occurs among them.
private func mostLookups(_ indices: Tensor, of size: Int) -> Int {
    let index = indices.storage.typed(Int32.self)
    return mostLookups(0..<size, indices.count) { Int(index[$0]) }
}

/// The number of lookups of the row that is looked up most often.
@inline(__always)
private func mostLookups(_ rows: Range<Int>, _ count: Int, _ row: (Int) -> Int) -> Int {
    let counts = Storage(.int32, count: rows.count)
    counts.fill(Int32(0))
    let lookups = counts.typed(Int32.self)
    var most: Int32 = 0
    for lookup in 0..<count {
        let row = row(lookup) - rows.lowerBound
        lookups[row] &+= 1
        most = max(most, lookups[row])
    }
    return Int(most)
}

extension IndexedAxis {
    /// Calls `body` for parts, in parallel, with the part and its first positions along the outer
    /// and the indexed axis. The indexed axis is split only if there is no outer one.
    fileprivate func inParallel(
        cuttingPositions: Bool = true,
        _ body: (_ part: IndexedAxis, _ outer: Int, _ first: Int) -> Void
    ) {
        let cutsPositions = cuttingPositions && outer == 1
        let work = max(1, cutsPositions ? inner : count * inner)
        let units = cutsPositions ? count : outer
        Autograd.inParallel(units, grain: max(1, elementwiseGrain / work)) { range in
            var part = self
            if cutsPositions { part.count = range.count } else { part.outer = range.count }
            body(
                part, cutsPositions ? 0 : range.lowerBound, cutsPositions ? range.lowerBound : 0)
        }
    }

    /// The first index of a part.
    fileprivate func indices(
        _ indices: Tensor, _ outer: Int, _ first: Int
    ) -> UnsafePointer<Int32> {
        let start = isElementwise ? (outer * count + first) * inner : first
        return UnsafePointer(indices.storage.typed(Int32.self) + start)
    }
}

/// The layout of `indices` that have all axes of `shape` but one in common. Traps if they do not
/// fit.
private func layoutAlong(
    _ axis: Int, _ indices: Tensor, _ shape: [Int], size: Int, _ operation: StaticString
) -> IndexedAxis {
    var expected = shape
    if indices.rank == shape.count { expected[axis] = indices.shape[axis] }
    guard indices.shape == expected else {
        trap(
            operation,
            "indices of shape \(indices.shape) for a tensor of shape \(shape) along axis \(axis)")
    }
    checkIndices(operation, indices, size, of: shape)
    return IndexedAxis(
        outer: shape[..<axis].reduce(1, *), size: size, count: indices.shape[axis],
        inner: shape[(axis + 1)...].reduce(1, *), isElementwise: true)
}

/// Traps if an index is not in `0..<bound`.
func checkIndices(
    _ operation: StaticString, _ indices: Tensor, _ bound: Int, of shape: [Int]
) {
    guard indices.dataType == .int32 else {
        trap(operation, "indices are \(indices.dataType), not int32")
    }
    guard bound >= 0 else { trap(operation, "the size \(bound) is negative") }
    let elements = indices.storage.typed(Int32.self)
    let position = kernels.firstOutOfRange(elements, indices.count, bound)
    guard position == indices.count else {
        trap(
            operation,
            "index \(elements[position]) is not in 0..<\(bound) (indices of shape "
                + "\(indices.shape), tensor of shape \(shape))")
    }
}
