/// Arithmetic on shapes: sizes of the axes of a row-major tensor, slowest first.
enum Shape {
    /// More elements than any memory holds, but few enough that products of sizes and a few small
    /// numbers do not overflow.
    static let mostElements = 1 << 48

    /// The number of elements; traps if a size is negative, or if the product of those that are not
    /// 0 is more than any memory holds.
    static func count(_ shape: [Int], in operation: StaticString = "shape") -> Int {
        if let count = Tensor.elementCount(of: shape) { return count }
        let isNegative = shape.contains { $0 < 0 }
        trap(
            operation,
            isNegative ? "negative size in shape \(shape)" : "shape \(shape) has too many elements")
    }

    /// The distance in elements between neighbours along each axis.
    static func strides(_ shape: [Int]) -> [Int] {
        var strides = [Int](repeating: 1, count: shape.count)
        for axis in stride(from: shape.count - 2, through: 0, by: -1) {
            strides[axis] = strides[axis + 1] * shape[axis + 1]
        }
        return strides
    }

    /// `axis` counted from the front; negative axes count from the back.
    static func normalize(axis: Int, rank: Int, in operation: StaticString) -> Int {
        let normalized = axis < 0 ? axis + rank : axis
        guard (0..<rank).contains(normalized) else {
            trap(operation, "axis \(axis) is out of range for a tensor of rank \(rank)")
        }
        return normalized
    }

    /// Distinct axes in ascending order; `nil` means all of them.
    static func normalize(axes: [Int]?, rank: Int, in operation: StaticString) -> [Int] {
        guard let axes else { return Array(0..<rank) }
        let normalized = axes.map { normalize(axis: $0, rank: rank, in: operation) }.sorted()
        for (first, second) in zip(normalized, normalized.dropFirst()) where first == second {
            trap(operation, "axis \(first) is named twice in \(axes)")
        }
        return normalized
    }

    /// The shape that two operands broadcast to: axes are matched from the last; sizes must be
    /// equal, or one of them 1.
    static func broadcast(_ left: [Int], _ right: [Int], in operation: StaticString) -> [Int] {
        if contains(left, right) { return left }
        if contains(right, left) { return right }
        let rank = max(left.count, right.count)
        var shape = [Int](repeating: 1, count: rank)
        for axis in 0..<rank {
            let a = axis < rank - left.count ? 1 : left[axis - (rank - left.count)]
            let b = axis < rank - right.count ? 1 : right[axis - (rank - right.count)]
            guard a == b || a == 1 || b == 1 else {
                trap(
                    operation,
                    "shapes do not broadcast: \(left) and \(right) (\(a) and \(b) along axis "
                        + "\(axis - rank))")
            }
            shape[axis] = a == 1 ? b : a
        }
        return shape
    }

    /// Whether a tensor of the inner shape broadcasts to the outer one.
    private static func contains(_ outer: [Int], _ inner: [Int]) -> Bool {
        guard inner.count <= outer.count else { return false }
        let offset = outer.count - inner.count
        for axis in inner.indices where inner[axis] != 1 && inner[axis] != outer[axis + offset] {
            return false
        }
        return true
    }

    /// Strides that read a tensor of `shape` as one of the broadcast shape `target`: 0 along every
    /// repeated axis.
    static func broadcastStrides(_ shape: [Int], to target: [Int]) -> [Int] {
        let own = strides(shape)
        let offset = target.count - shape.count
        return target.indices.map { axis in
            axis < offset || shape[axis - offset] == 1 ? 0 : own[axis - offset]
        }
    }

    static func removing(axes: [Int], from shape: [Int], keeping: Bool) -> [Int] {
        shape.enumerated().compactMap { axis, size in
            axes.contains(axis) ? (keeping ? 1 : nil) : size
        }
    }
}

extension Tensor {
    /// The number of elements of a shape, also of a shape read from a file. Nil if no tensor can
    /// have it: a size is negative, or the product of those that are not 0 is more than any memory
    /// holds.
    public static func elementCount(of shape: [Int]) -> Int? {
        var product = 1
        var isEmpty = false
        for size in shape {
            guard size > 0 else {
                guard size == 0 else { return nil }
                isEmpty = true
                continue
            }
            let (next, overflow) = product.multipliedReportingOverflow(by: size)
            guard !overflow, next <= Shape.mostElements else { return nil }
            product = next
        }
        return isEmpty ? 0 : product
    }
}
