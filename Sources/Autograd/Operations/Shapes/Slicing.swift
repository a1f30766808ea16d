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
        return differentiable("sliced", self) { x in
            var target = x.shape
            target[axis] = size
            var strides = Shape.strides(x.shape)
            let offset = size > 0 ? first * strides[axis] : 0
            if size > 1 { strides[axis] *= step }
            return stridedCopy(of: x, shape: target, strides: strides, offset: offset)
        } pullback: { x, _ -> Pullback in
            let shape = x.shape
            return .rowwise(if: axis > 0) {
                $0.placed(into: shape, axis: axis, first: first, step: step)
            }
        } pushforward: { _, _, tangent in
            tangent.sliced(axis: axis, range, step: step)
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

    /// The transpose of slicing: zeros of `shape` with this tensor's elements at
    /// `first, first + step, …` along the axis.
    private func placed(into shape: [Int], axis: Int, first: Int, step: Int) -> Tensor {
        let size = self.shape[axis]
        return differentiable("sliced", self) { x in
            let output = Tensor.zeros(shape, dataType: x.dataType)
            guard x.count > 0 else { return output }
            let inner = shape[(axis + 1)...].reduce(1, *) * x.dataType.size
            let outer = shape[..<axis].reduce(1, *)
            for row in 0..<outer {
                let target = output.storage.pointer + row * shape[axis] * inner
                let source = x.storage.pointer + row * size * inner
                if step == 1 {
                    (target + first * inner).copyMemory(from: source, byteCount: size * inner)
                } else {
                    for index in 0..<size {
                        (target + (first + index * step) * inner).copyMemory(
                            from: source + index * inner, byteCount: inner)
                    }
                }
            }
            return output
        } pullback: { _, _ in
            .rowwise(if: axis > 0) { cotangent in
                let last = first + (size - 1) * step
                guard size > 0 else { return cotangent.sliced(axis: axis, 0..<0) }
                return cotangent.sliced(
                    axis: axis, Swift.min(first, last)..<Swift.max(first, last) + 1, step: step)
            }
        } pushforward: { _, _, tangent in
            tangent.placed(into: shape, axis: axis, first: first, step: step)
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
