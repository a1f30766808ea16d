import KernelInterface

extension Tensor {
    /// The part of the tensor in a range of an axis, with every `step`-th element. A step of −1
    /// reverses it: `x.sliced(axis: 0, 0..<n, step: -1)`.
    public func sliced(axis: Int, _ range: Range<Int>, step: Int = 1) -> Tensor {
        let axis = Shape.normalize(axis: axis, rank: rank, in: "sliced")
        guard range.lowerBound >= 0, range.upperBound <= shape[axis] else {
            trap("sliced", "\(range) is out of range along axis \(axis) of shape \(shape)")
        }
        guard step != 0 else { trap("sliced", "the step is zero") }
        // Rounded up; the magnitude of the least `Int` is not an `Int`.
        let size = range.isEmpty ? 0 : Int(UInt(range.count - 1) / step.magnitude) + 1
        if range == 0..<shape[axis], step == 1 { return self }
        let first = step > 0 ? range.lowerBound : range.upperBound - 1
        var slices = shape.map(Slice.init(whole:))
        slices[axis] = Slice(first: first, count: size, step: step)
        return sliced(slices)
    }

    /// What slices of all axes have in common.
    func sliced(_ slices: [Slice]) -> Tensor {
        if slices == shape.map(Slice.init(whole:)) { return self }
        let leavesRows = slices.first == shape.first.map(Slice.init(whole:))
        return differentiable("sliced", self) { x in
            let (offset, strides) = slices.places(in: x.shape)
            return stridedCopy(
                of: x, shape: slices.map(\.count), strides: strides, offset: offset)
        } pullback: { x, _ -> Pullback in
            let shape = x.shape
            return .rowwise(if: leavesRows) { $0.placed(into: shape, slices) }
        } pushforward: { _, _, tangent in
            tangent.sliced(slices)
        }
    }

    /// The element at `index` of the first axis, without that axis; negative ones count from the
    /// end. An assigned value broadcasts.
    public subscript(_ index: Int) -> Tensor {
        get {
            guard rank > 0 else { trap("subscript", "a scalar has no element [\(index)]") }
            let position = index < 0 ? index + shape[0] : index
            guard (0..<shape[0]).contains(position) else {
                trap("subscript", "index \(index) is out of range for shape \(shape)")
            }
            return sliced(axis: 0, position..<position + 1).reshaped(Array(shape.dropFirst()))
        }
        set { assign(newValue, to: [index.axisSelection]) }
    }

    /// The elements in a range of the first axis. An assigned value broadcasts.
    public subscript(_ range: Range<Int>) -> Tensor {
        get { sliced(axis: 0, range) }
        set { assign(newValue, to: [range.axisSelection]) }
    }

    /// The tensor reversed along an axis.
    public func reversed(axis: Int) -> Tensor {
        let axis = Shape.normalize(axis: axis, rank: rank, in: "reversed")
        return sliced(axis: axis, 0..<shape[axis], step: -1)
    }

    /// The transpose of slicing: zeros of `shape` with this tensor's elements in the slices.
    private func placed(into shape: [Int], _ slices: [Slice]) -> Tensor {
        let leavesRows = slices.first == shape.first.map(Slice.init(whole:))
        return differentiable("sliced", self) { x in
            let (offset, strides) = slices.places(in: shape)
            return stridedPlacement(of: x, into: shape, strides: strides, offset: offset)
        } pullback: { _, _ in
            .rowwise(if: leavesRows) { $0.sliced(slices) }
        } pushforward: { _, _, tangent in
            tangent.placed(into: shape, slices)
        }
    }

    /// The tensor surrounded by `value`: `widths[axis]` positions before and after each axis. Traps
    /// if the tensor is of integers and their type cannot hold the value.
    public func padded(_ widths: [(before: Int, after: Int)], with value: Double = 0) -> Tensor {
        let possible = 0...Shape.mostElements
        guard widths.count == rank,
            widths.allSatisfy({ possible.contains($0.before) && possible.contains($0.after) })
        else {
            trap("padded", "widths \(widths) do not fit shape \(shape)")
        }
        var result = self
        for (axis, width) in widths.enumerated() where width != (0, 0) {
            func frame(_ width: Int) -> Tensor {
                var shape = result.shape
                shape[axis] = width
                return Tensor(repeating: value, shape: shape, dataType: dataType, in: "padded")
            }
            let parts = [frame(width.before), result, frame(width.after)]
            result = concatenated(parts.filter { $0.shape[axis] > 0 }, axis: axis)
        }
        return result
    }
}

/// What is taken along an axis: so many elements from the first on, each a step behind the one
/// before.
struct Slice: Equatable {
    var first: Int
    var count: Int
    var step: Int

    init(first: Int, count: Int, step: Int) {
        // No step is taken for one element.
        (self.first, self.count, self.step) = (first, count, count > 1 ? step : 1)
    }

    init(whole size: Int) { self.init(first: 0, count: size, step: 1) }
}

extension [Slice] {
    /// Where the elements lie in a tensor of a shape: the first, and the distances along the axes.
    fileprivate func places(in shape: [Int]) -> (offset: Int, strides: [Int]) {
        let strides = Shape.strides(shape)
        guard allSatisfy({ $0.count > 0 }) else { return (0, strides) }
        let offset = zip(self, strides).reduce(0) { $0 + $1.0.first * $1.1 }
        return (offset, zip(self, strides).map { $0.step * $1 })
    }
}
