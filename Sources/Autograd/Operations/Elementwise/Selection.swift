import KernelInterface

/// `a` where the mask is true, `b` elsewhere; all three broadcast.
public func select(_ mask: Tensor, _ a: Tensor, _ b: Tensor) -> Tensor {
    guard mask.dataType == .bool else {
        trap("select", "the mask is \(mask.dataType), not bool")
    }
    guard a.dataType == b.dataType else {
        trap("select", "data types differ: \(a.dataType) and \(b.dataType)")
    }
    return differentiable("select", a, b) { a, b in
        let both = Shape.broadcast(a.shape, b.shape, in: "select")
        let shape = Shape.broadcast(mask.shape, both, in: "select")
        if let result = Expression.deferring(
            .select, a.dataType, shape, count: Shape.count(shape, in: "select"), { [mask, a, b] })
        {
            return result
        }
        let size = a.dataType.size
        return Tensor(a.dataType, shape) { output in
            forEachPiece(of: shape, mask.shape, a.shape, b.shape) {
                position, starts, strides, count in
                kernels.select(
                    size, mask.storage.typed(UInt8.self) + starts.0, strides.0,
                    a.storage.pointer + starts.1 * size, strides.1,
                    b.storage.pointer + starts.2 * size, strides.2,
                    output.pointer + position * size, count)
            }
        }
    } left: { a, _, y in
        .elementwise(a, y) { cotangent in select(mask, cotangent, cotangent.number(0, in: "select"))
        }
    } right: { _, b, y in
        .elementwise(b, y) { cotangent in select(mask, cotangent.number(0, in: "select"), cotangent)
        }
    }
}
