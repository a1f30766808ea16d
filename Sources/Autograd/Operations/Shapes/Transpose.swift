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
