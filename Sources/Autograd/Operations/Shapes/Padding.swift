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
            result = concatenated(
                [
                    frame(of: result, axis, width.before, mode, isBefore: true), result,
                    frame(of: result, axis, width.after, mode, isBefore: false),
                ].filter { $0.shape[axis] > 0 }, axis: axis)
        }
        return result
    }
}

/// What is put before or after an axis.
private func frame(
    of x: Tensor, _ axis: Int, _ width: Int, _ mode: PaddingMode, isBefore: Bool
) -> Tensor {
    let size = x.shape[axis]
    switch mode {
    case .edge:
        let outermost = x.sliced(axis: axis, isBefore ? 0..<1 : size - 1..<size)
        var shape = x.shape
        shape[axis] = width
        return outermost.broadcast(to: shape)
    case .reflected:
        let range = isBefore ? 1..<width + 1 : size - 1 - width..<size - 1
        return x.sliced(axis: axis, range, step: -1)
    }
}
