/// The Jacobian of a function: the derivative of every element of its value with respect to
/// every element of its argument, of shape `value.shape + x.shape`.
///
/// Takes one reverse sweep for each element of the value; or if the argument has fewer elements, one
/// evaluation in forward mode for each of those, so that the function is evaluated again and must
/// have the same value each time.
public func jacobian(at x: Tensor, of function: (Tensor) throws -> Tensor) rethrows -> Tensor {
    let (value, pullback) = try valueWithPullback(at: x, of: function)
    let shape = value.shape + x.shape
    guard value.count > 0, x.count > 0 else { return Tensor.zeros(shape, dataType: x.dataType) }
    func unit(_ index: Int, like tensor: Tensor) -> Tensor {
        Tensor.unit(index, count: tensor.count, dataType: tensor.dataType).reshaped(tensor.shape)
    }
    if x.count < value.count {
        let columns = try (0..<x.count).map { index in
            try jacobianVectorProduct(at: x, along: unit(index, like: x), of: function)
                .derivative.reshaped([value.count])
        }
        return stacked(columns, axis: 1).reshaped(shape)
    }
    let rows = (0..<value.count).map { index in
        pullback(unit(index, like: value)).reshaped([x.count])
    }
    return stacked(rows).reshaped(shape)
}

/// The Hessian of a scalar function, of shape `x.shape + x.shape`.
public func hessian(at x: Tensor, of function: (Tensor) throws -> Tensor) rethrows -> Tensor {
    try jacobian(at: x) { x in try gradient(at: x, of: function) }
}

extension Tensor {
    /// The vector that is 1 at `index` and 0 elsewhere.
    static func unit(_ index: Int, count: Int, dataType: DataType) -> Tensor {
        var elements = [Double](repeating: 0, count: count)
        elements[index] = 1
        return Tensor(elements).cast(to: dataType)
    }
}
