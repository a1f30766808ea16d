import KernelInterface

extension Tensor {
    /// The indices along an axis that sort its elements, as `int32`: equal elements in the order of
    /// their indices, NaN last. Has no derivative.
    public func sortedIndices(axis: Int = -1, descending: Bool = false) -> Tensor {
        let axis = Shape.normalize(axis: axis, rank: rank, in: "sortedIndices")
        return firstIndices("sortedIndices", shape[axis], axis, descending)
    }

    /// The indices along an axis of its `count` greatest elements, the greatest first, as `int32`;
    /// of equal elements the first indices. Has no derivative.
    public func topIndices(_ count: Int, axis: Int = -1) -> Tensor {
        let axis = Shape.normalize(axis: axis, rank: rank, in: "topIndices")
        guard (0...shape[axis]).contains(count) else {
            trap("topIndices", "\(count) of axis \(axis) of shape \(shape)")
        }
        return firstIndices("topIndices", count, axis, true)
    }

    /// The first `wanted` of the sorted indices.
    private func firstIndices(
        _ operation: StaticString, _ wanted: Int, _ axis: Int, _ descending: Bool
    ) -> Tensor {
        notDifferentiable(operation, self)
        let length = shape[axis]
        guard length <= Int(Int32.max) else {
            trap(operation, "axis \(axis) of shape \(shape) is too long for int32")
        }
        checkComputes(operation)
        let isSortable = dataType.isFloatingPoint || dataType == .int32
        let keys = (isSortable ? self : cast(to: .int32)).swappingAxes(axis, -1)
        let type = keys.dataType
        return Tensor(.int32, keys.shape.dropLast() + [wanted]) { output in
            guard output.count > 0 else { return }
            inParallel(keys.count / length, grain: Swift.max(1, (1 << 12) / length)) { range in
                let workspace = Storage(.uint8, count: kernels.sortWorkspace(type, length))
                for row in range {
                    kernels.sortIndices(
                        type, descending, keys.storage.pointer + row * length * type.size, length,
                        wanted, output.typed(Int32.self) + row * wanted, workspace.pointer)
                }
            }
        }.swappingAxes(axis, -1)
    }

    /// The elements sorted along an axis, NaN last. For equal elements the derivative follows the
    /// order of their indices.
    public func sorted(axis: Int = -1, descending: Bool = false) -> Tensor {
        let order = stopGradient(self).sortedIndices(axis: axis, descending: descending)
        return gatheredAlong(axis: axis, at: order)
    }

    /// The sums along an axis of all elements up to each position.
    ///
    /// - Parameters:
    ///   - reversed: whether to sum from the end down to each position instead.
    ///   - exclusive: whether to leave out the element at the position itself: the first sum
    ///     (the last if reversed) is then 0.
    public func cumulativeSum(
        axis: Int = -1, reversed: Bool = false, exclusive: Bool = false
    ) -> Tensor {
        let axis = Shape.normalize(axis: axis, rank: rank, in: "cumulativeSum")
        guard dataType.isFloatingPoint || dataType == .int32 else {
            trap("cumulativeSum", dataType.notDefined)
        }
        return differentiable("cumulativeSum", self) { x in
            let type = x.dataType
            let (outer, length) = (x.shape[..<axis].reduce(1, *), x.shape[axis])
            let inner = x.shape[(axis + 1)...].reduce(1, *)
            let row = length * inner
            return Tensor(type, x.shape) { output in
                inParallel(outer, grain: Swift.max(1, elementwiseGrain / Swift.max(1, row))) {
                    range in
                    let offset = range.lowerBound * row * type.size
                    kernels.cumulativeSum(
                        type, range.count, length, inner, reversed, exclusive,
                        x.storage.pointer + offset, output.pointer + offset)
                }
            }
        } pullback: { _, _ in
            .rowwise(if: axis > 0) { cotangent in
                cotangent.cumulativeSum(axis: axis, reversed: !reversed, exclusive: exclusive)
            }
        } pushforward: { _, _, tangent in
            tangent.cumulativeSum(axis: axis, reversed: reversed, exclusive: exclusive)
        }
    }
}
