/// What is put around a tensor.
public enum PaddingMode: Sendable, Hashable {
    /// The outermost elements again.
    case edge
    /// The elements within, mirrored at the outermost, which are not repeated.
    case reflected
}

extension Tensor {
    /// The tensor surrounded by its own elements: `widths[axis]` positions before and after each
    /// axis. Traps if an axis that grows has no element, or, where it is reflected, no more than
    /// the width. With zeros or another number see ``padded(_:with:)``.
    public func padded(
        _ widths: [(before: Int, after: Int)], mode: PaddingMode
    ) -> Tensor {
        let possible = 0...Shape.mostElements
        guard widths.count == rank,
            widths.allSatisfy({ possible ~= $0.before && possible ~= $0.after })
        else {
            trap("padded", "widths \(widths) do not fit shape \(shape)")
        }
        var result = self
        for (axis, width) in widths.enumerated() where width != (0, 0) {
            let size = shape[axis]
            let most = mode == .edge ? (size > 0 ? Int.max : -1) : size - 1
            guard width.before <= most, width.after <= most else {
                trap("padded", "widths \(widths) of \(mode) elements for shape \(shape)")
            }
            let positions = (-width.before..<size + width.after).map { position -> Int32 in
                switch mode {
                case .edge: Int32(Swift.min(Swift.max(0, position), size - 1))
                case .reflected:
                    Int32(position < 0 ? -position : Swift.min(position, 2 * size - 2 - position))
                }
            }
            result = result.gathered(at: Tensor(positions), axis: axis)
        }
        return result
    }
}
