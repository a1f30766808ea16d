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
        for (axis, width) in widths.enumerated() where width != (0, 0) {
            let size = shape[axis]
            let most = mode == .edge ? (size > 0 ? Int.max : -1) : size - 1
            guard width.before <= most, width.after <= most else {
                trap("padded", "widths \(widths) of \(mode) elements for shape \(shape)")
            }
        }
        if widths.allSatisfy({ $0 == (0, 0) }) { return self }
        return framed(Frame(shape, widths, mode))
    }

    private func framed(_ frame: Frame) -> Tensor {
        differentiable("padded", self) { x in
            let output = stridedPlacement(
                of: x, into: frame.shape, strides: Shape.strides(frame.shape), offset: frame.offset)
            switch x.dataType.size {
            case 1: frame.spread(output.storage.typed(UInt8.self))
            case 2: frame.spread(output.storage.typed(UInt16.self))
            case 4: frame.spread(output.storage.typed(UInt32.self))
            default: frame.spread(output.storage.typed(UInt64.self))
            }
            return output
        } pullback: { _, _ in
            .rowwise(if: frame.leavesRows) { $0.unframed(frame) }
        } pushforward: { _, _, tangent in
            tangent.framed(frame)
        }
    }

    /// The transpose of a frame: to each element all are added that repeat it.
    private func unframed(_ frame: Frame) -> Tensor {
        differentiable("padded", self) { x in
            let sums = Tensor(x.dataType, x.shape) { output in
                output.pointer.copyMemory(
                    from: x.storage.pointer, byteCount: x.count * x.dataType.size)
                if x.dataType == .float32 {
                    frame.collect(output.typed(Float.self))
                } else {
                    frame.collect(output.typed(Double.self))
                }
            }
            return stridedCopy(
                of: sums, shape: frame.inner, strides: Shape.strides(x.shape),
                offset: frame.offset)
        } pullback: { _, _ in
            .rowwise(if: frame.leavesRows) { $0.framed(frame) }
        } pushforward: { _, _, tangent in
            tangent.unframed(frame)
        }
    }
}

/// What surrounds a tensor: along each axis, positions that repeat others.
private struct Frame {
    /// The shapes of the tensor and of what it becomes.
    let inner: [Int]
    let shape: [Int]
    /// Where the tensor's first element is put.
    let offset: Int
    private let repeated: [[(target: Int, source: Int)]]

    init(_ inner: [Int], _ widths: [(before: Int, after: Int)], _ mode: PaddingMode) {
        self.inner = inner
        shape = zip(inner, widths).map { $0 + $1.before + $1.after }
        offset = zip(Shape.strides(shape), widths).reduce(0) { $0 + $1.0 * $1.1.before }
        repeated = zip(inner, widths).map { size, width in
            let (first, last) = (width.before, width.before + size - 1)
            let before = (0..<width.before).map { target in
                (target, mode == .edge ? first : 2 * first - target)
            }
            let after = (0..<width.after).map { index in
                (last + 1 + index, mode == .edge ? last : last - 1 - index)
            }
            return before + after
        }
    }

    /// Whether nothing surrounds the first axis.
    var leavesRows: Bool { repeated.first?.isEmpty ?? true }

    /// Copies elements to where they are repeated, one axis after another.
    func spread<Unit>(_ elements: UnsafeMutablePointer<Unit>) {
        for axis in shape.indices {
            forEachPair(axis) { target, source, count in
                if count == 1 {
                    elements[target] = elements[source]
                } else {
                    (elements + target).update(from: elements + source, count: count)
                }
            }
        }
    }

    /// Adds elements to those that they repeat, the last axis first.
    func collect<Element: BinaryFloatingPoint>(_ elements: UnsafeMutablePointer<Element>) {
        for axis in shape.indices.reversed() {
            forEachPair(axis) { target, source, count in
                for index in 0..<count { elements[source + index] += elements[target + index] }
            }
        }
    }

    /// Calls `body` with where runs of so many elements lie that repeat others.
    @inline(__always)
    private func forEachPair(
        _ axis: Int, _ body: (_ target: Int, _ source: Int, _ count: Int) -> Void
    ) {
        let (pairs, size) = (repeated[axis], shape[axis])
        let count = shape[(axis + 1)...].reduce(1, *)
        guard !pairs.isEmpty, count > 0 else { return }
        let grain = max(1, elementwiseGrain / (pairs.count * count))
        inParallel(shape[..<axis].reduce(1, *), grain: grain) { range in
            for outer in range {
                let row = outer * size * count
                for (target, source) in pairs {
                    body(row + target * count, row + source * count, count)
                }
            }
        }
    }
}
