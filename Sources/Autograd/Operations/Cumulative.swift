extension Tensor {
    /// The greatest element along an axis up to each position; equal greatest ones share the
    /// derivative, not necessarily equally. Not-a-number once there is one.
    public func cumulativeMaximum(axis: Int = -1) -> Tensor {
        scanned("cumulativeMaximum", axis) { maximum($0, $1) }
    }

    /// log Σ eˣ along an axis over all elements up to each position, without overflow.
    public func cumulativeLogSumExp(axis: Int = -1) -> Tensor {
        scanned("cumulativeLogSumExp", axis) { stacked([$0, $1]).logSumExp(axes: [0]) }
    }

    /// Combines each element with all before it, by an associative operation: with the one before,
    /// then of that with the two before these, four, and so on (Hillis and Steele, "Data parallel
    /// algorithms", 1986).
    private func scanned(
        _ operation: StaticString, _ axis: Int, _ combine: (Tensor, Tensor) -> Tensor
    ) -> Tensor {
        checkFloatingPoint(operation)
        let axis = Shape.normalize(axis: axis, rank: rank, in: operation)
        var (result, distance) = (self, 1)
        while distance < shape[axis] {
            let rest = shape[axis] - distance
            let later = combine(
                result.sliced(axis: axis, 0..<rest),
                result.sliced(axis: axis, distance..<shape[axis]))
            result = concatenated([result.sliced(axis: axis, 0..<distance), later], axis: axis)
            distance *= 2
        }
        return result
    }

    /// The product over some axes, or over all; 1 over no elements. Its derivatives, of any order,
    /// are right where factors are 0, too.
    ///
    /// - Parameters:
    ///   - axes: negative ones count from the end; all where not given.
    ///   - keepingAxes: whether reduced axes stay, with size 1.
    /// - Returns: the products. Traps on integers: cast them first.
    public func product(axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor {
        checkFloatingPoint("product")
        let axes = Shape.normalize(axes: axes, rank: rank, in: "product")
        let others = shape.indices.filter { !axes.contains($0) }
        // The factors along the last axis, then one half times the other until one is left.
        var factors = transposed(others + axes)
            .reshaped(others.map { shape[$0] } + [axes.reduce(1) { $0 * shape[$1] }])
        let last = others.count
        while factors.shape[last] > 1 {
            let half = factors.shape[last] / 2
            let product =
                factors.sliced(axis: last, 0..<half) * factors.sliced(axis: last, half..<2 * half)
            let rest = factors.sliced(axis: last, 2 * half..<factors.shape[last])
            factors =
                rest.shape[last] > 0 ? concatenated([product, rest], axis: last) : product
        }
        if factors.shape[last] == 0 {
            return Tensor.ones(
                Shape.removing(axes: axes, from: shape, keeping: keepingAxes), dataType: dataType)
        }
        return factors.reshaped(Shape.removing(axes: axes, from: shape, keeping: keepingAxes))
    }
}
