import KernelInterface

extension Tensor {
    /// The tensor with its axes permuted: axis `i` of the result is axis `permutation[i]` of this
    /// one. By default their order is reversed.
    public func transposed(_ permutation: [Int]? = nil) -> Tensor {
        let order = (permutation ?? shape.indices.reversed()).map {
            Shape.normalize(axis: $0, rank: rank, in: "transposed")
        }
        guard order.sorted() == Array(shape.indices) else {
            trap("transposed", "\(order) does not order the axes of shape \(shape)")
        }
        if order == Array(shape.indices) { return self }
        return differentiable("transposed", self) { x in
            let strides = Shape.strides(x.shape)
            return stridedCopy(
                of: x, shape: order.map { x.shape[$0] }, strides: order.map { strides[$0] })
        } pullback: { _, _ -> Pullback in
            var inverse = order
            for (position, axis) in order.enumerated() { inverse[axis] = position }
            return .rowwise(if: order[0] == 0) { $0.transposed(inverse) }
        } pushforward: { _, _, tangent in
            tangent.transposed(order)
        }
    }

    /// The tensor with two axes swapped.
    public func swappingAxes(_ first: Int, _ second: Int) -> Tensor {
        var order = Array(shape.indices)
        order.swapAt(
            Shape.normalize(axis: first, rank: rank, in: "swappingAxes"),
            Shape.normalize(axis: second, rank: rank, in: "swappingAxes"))
        return transposed(order)
    }
}

/// A row-major copy of the elements that `strides` address from `offset` on.
func stridedCopy(of x: Tensor, shape: [Int], strides: [Int], offset: Int = 0) -> Tensor {
    let size = x.dataType.size
    return Tensor(x.dataType, shape) { output in
        guard output.count > 0 else { return }
        let source = x.storage.pointer + offset * size
        // Blocks along the first axis, if there is one.
        let rows = shape.first ?? 1
        let rowCount = output.count / rows
        let inner = Array(shape.dropFirst())
        let innerStrides = Array(strides.dropFirst())
        inParallel(rows, grain: max(1, elementwiseGrain / rowCount)) { range in
            kernels.copyStrided(
                size, [range.count] + inner, [strides.first ?? 0] + innerStrides,
                source + range.lowerBound * (strides.first ?? 0) * size,
                output.pointer + range.lowerBound * rowCount * size)
        }
    }
}
