extension Tensor {
    /// Parts of the given sizes along an axis, which add up to its size, or it traps.
    public func split(sizes: [Int], axis: Int = 0) -> [Tensor] {
        let axis = Shape.normalize(axis: axis, rank: rank, in: "split")
        guard sizes.allSatisfy({ 0...shape[axis] ~= $0 }), sizes.reduce(0, +) == shape[axis] else {
            trap("split", "sizes \(sizes) do not add up to axis \(axis) of shape \(shape)")
        }
        var start = 0
        return sizes.map { size in
            defer { start += size }
            return sliced(axis: axis, start..<start + size)
        }
    }

    /// So many parts of equal size along an axis. Traps unless the number divides its size.
    public func split(into parts: Int, axis: Int = 0) -> [Tensor] {
        let axis = Shape.normalize(axis: axis, rank: rank, in: "split")
        guard parts > 0, shape[axis] % parts == 0 else {
            trap("split", "\(parts) equal parts of axis \(axis) of shape \(shape)")
        }
        return split(sizes: Array(repeating: shape[axis] / parts, count: parts), axis: axis)
    }

    /// The whole tensor again and again, so many times along each axis, as NumPy's `tile`. Axes
    /// that the tensor does not have come first.
    public func tiled(_ counts: [Int]) -> Tensor {
        guard counts.count >= rank, counts.allSatisfy({ 0...Shape.mostElements ~= $0 }) else {
            trap("tiled", "counts \(counts) for a tensor of shape \(shape)")
        }
        let sizes = Array(repeating: 1, count: counts.count - rank) + shape
        let pairs = zip(counts, sizes)
        return reshaped(sizes.flatMap { [1, $0] })
            .broadcast(to: pairs.flatMap { [$0, $1] })
            .reshaped(pairs.map { $0 * $1 })
    }

    /// Each element so many times in a row along an axis, as NumPy's `repeat`.
    public func repeated(_ count: Int, axis: Int) -> Tensor {
        let axis = Shape.normalize(axis: axis, rank: rank, in: "repeated")
        guard 0...Shape.mostElements ~= count else {
            trap("repeated", "\(count) times a tensor of shape \(shape)")
        }
        var (wide, merged) = (shape, shape)
        wide.insert(count, at: axis + 1)
        merged[axis] *= count
        return expandingAxis(axis + 1).broadcast(to: wide).reshaped(merged)
    }
}
