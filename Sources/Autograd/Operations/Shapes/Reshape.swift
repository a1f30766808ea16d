import KernelInterface

extension Tensor {
    /// The same elements in another shape, without a copy.
    ///
    /// One size may be −1: it is inferred. Traps unless the number of elements stays the same.
    public func reshaped(_ newShape: [Int]) -> Tensor {
        if newShape == shape { return self }
        let target = resolved(newShape)
        return differentiable("reshaped", self) { x in
            x.withShape(target)
        } pullback: { x, _ in
            .reshape(x.shape)
        }
    }

    /// The tensor with a new axis of size 1 at `axis`; negative axes count from the end of the new
    /// shape.
    public func expandingAxis(_ axis: Int) -> Tensor {
        let axis = Shape.normalize(axis: axis, rank: rank + 1, in: "expandingAxis")
        var target = shape
        target.insert(1, at: axis)
        return reshaped(target)
    }

    /// The tensor without some axes of size 1, or without all of them. Traps if an axis has another
    /// size.
    public func squeezed(axes: [Int]? = nil) -> Tensor {
        let axes =
            axes.map { Shape.normalize(axes: $0, rank: rank, in: "squeezed") }
            ?? shape.indices.filter { shape[$0] == 1 }
        for axis in axes where shape[axis] != 1 {
            trap("squeezed", "axis \(axis) of shape \(shape) has not size 1")
        }
        return reshaped(Shape.removing(axes: axes, from: shape, keeping: false))
    }

    /// The tensor with all axes from `axis` on merged into one: `[n, h, w]` becomes `[n, h * w]`.
    public func flattened(fromAxis axis: Int = 1) -> Tensor {
        guard (0...rank).contains(axis) else {
            trap("flattened", "axis \(axis) is out of range for shape \(shape)")
        }
        return reshaped(shape[..<axis] + [shape[axis...].reduce(1, *)])
    }

    private func resolved(_ newShape: [Int]) -> [Int] {
        var target = newShape
        if let free = newShape.firstIndex(of: -1) { target[free] = 1 }
        if target.allSatisfy({ $0 >= 0 }) {
            let others = Shape.count(target, in: "reshaped")
            if let free = newShape.firstIndex(of: -1) {
                target[free] = others > 0 ? count / others : 0
            }
            if Shape.count(target, in: "reshaped") == count { return target }
        }
        trap("reshaped", "shape \(shape) with \(count) elements does not become \(newShape)")
    }
}
