import KernelInterface

/// The dot products of the vectors along the last axis: `[…, size]` with `[…, size]` gives `[…]`.
/// Leading axes broadcast.
public func dotProducts(_ a: Tensor, _ b: Tensor) -> Tensor {
    guard let size = a.shape.last, size == b.shape.last else {
        trap("dotProducts", "vectors of different sizes: \(a.shape) and \(b.shape)")
    }
    guard a.dataType == b.dataType, a.dataType.isFloatingPoint else {
        trap("dotProducts", "not defined for \(a.dataType) with \(b.dataType)")
    }
    let (left, right) = (Array(a.shape.dropLast()), Array(b.shape.dropLast()))
    let leading = Shape.broadcast(left, right, in: "dotProducts")
    guard let pairs = RowPairs(left, right, leading, size) else {
        return dotProducts(
            a.broadcast(to: leading + [size]), b.broadcast(to: leading + [size]))
    }
    return differentiable("dotProducts", a, b) { a, b in
        pairs.products(a, b).withShape(leading)
    } left: { a, b, _ in
        .sums(of: { $0.expandingAxis(-1) * b }, leading + [size], to: a) { cotangent in
            guard cotangent.isWatched || a.isWatched || b.isWatched else {
                return pairs.weighted(b, pairs.right, by: cotangent, pairs.left, a.shape)
            }
            return unbroadcast(cotangent.expandingAxis(-1) * b, to: a.shape)
        }
    } right: { a, b, _ in
        .sums(of: { $0.expandingAxis(-1) * a }, leading + [size], to: b) { cotangent in
            guard cotangent.isWatched || a.isWatched || b.isWatched else {
                return pairs.weighted(a, pairs.left, by: cotangent, pairs.right, b.shape)
            }
            return unbroadcast(cotangent.expandingAxis(-1) * a, to: b.shape)
        }
    } pushforward: { a, b, _, alongA, alongB in
        bilinear(a, b, alongA, alongB, dotProducts)
    }
}

/// Which rows of two tensors are paired: `groups` of `members` pairs each. One of the tensors may
/// have a single row in a group, which is then paired with all rows of the other.
private struct RowPairs {
    let groups: Int
    let members: Int
    let left: Side
    let right: Side
    private let size: Int

    struct Side {
        let isShared: Bool
        let members: Int
        /// The distance in elements from one member to the next.
        let stride: Int
    }

    /// Nil if the rows repeat in another way.
    init?(_ left: [Int], _ right: [Int], _ leading: [Int], _ size: Int) {
        guard left == leading || right == leading else { return nil }
        let other = left == leading ? right : left
        let padded = [Int](repeating: 1, count: leading.count - other.count) + other
        var shared = leading.count
        while shared > 0, padded[shared - 1] == 1 { shared -= 1 }
        guard padded[..<shared] == leading[..<shared] else { return nil }
        groups = leading[..<shared].reduce(1, *)
        members = leading[shared...].reduce(1, *)
        self.size = size
        func side(_ shape: [Int], _ members: Int) -> Side {
            let isShared = shape != leading
            return Side(
                isShared: isShared, members: isShared ? 1 : members, stride: isShared ? 0 : size)
        }
        self.left = side(left, members)
        self.right = side(right, members)
    }

    /// Calls `body` for ranges of groups, in parallel. Without shared rows, the members of a range
    /// are contiguous and are processed as those of one group.
    private func run(_ body: (_ group: Int, _ members: Int) -> Void) {
        let work = Swift.max(1, members * size)
        inParallel(groups, grain: Swift.max(1, elementwiseGrain / work)) { range in
            if left.isShared || right.isShared {
                for group in range { body(group, members) }
            } else {
                body(range.lowerBound, range.count * members)
            }
        }
    }

    func products(_ a: Tensor, _ b: Tensor) -> Tensor {
        let type = a.dataType
        return Tensor(type, [groups * members]) { output in
            run { group, members in
                kernels.dotRows(
                    type, a.storage.pointer + group * left.members * size * type.size,
                    left.stride, b.storage.pointer + group * right.members * size * type.size,
                    right.stride, members, size, output.pointer + group * self.members * type.size)
            }
        }
    }

    /// The rows of one side, each weighted by the cotangent of its product, in the shape of the
    /// other side.
    func weighted(
        _ rows: Tensor, _ side: Side, by weights: Tensor, _ target: Side, _ shape: [Int]
    ) -> Tensor {
        let type = rows.dataType
        return Tensor(type, shape) { output in
            run { group, members in
                kernels.weighRows(
                    type, weights.storage.pointer + group * self.members * type.size,
                    rows.storage.pointer + group * side.members * size * type.size, side.stride,
                    members, size,
                    output.pointer + group * target.members * size * type.size, target.stride)
            }
        }
    }
}
