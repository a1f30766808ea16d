/// The Jacobian of a function: the derivative of every element of its value with respect to
/// every element of its argument, of shape `value.shape + x.shape`.
///
/// Takes one reverse sweep for each element of the value.
public func jacobian(at x: Tensor, of function: (Tensor) throws -> Tensor) rethrows -> Tensor {
    let (value, pullback) = try valueWithPullback(at: x, of: function)
    let shape = value.shape + x.shape
    guard value.count > 0 else { return Tensor.zeros(shape, dataType: x.dataType) }
    let rows = (0..<value.count).map { index in
        let unit = Tensor.unit(index, count: value.count, dataType: value.dataType)
        return pullback(unit.reshaped(value.shape)).reshaped([x.count])
    }
    return stacked(rows).reshaped(shape)
}

/// The value of a function and the product of its Jacobian with a direction: how the value changes,
/// to first order, as the argument moves along the direction.
///
/// Computed by reverse mode alone: the pullback is linear in its cotangent, and the pullback of the
/// pullback is the product.
public func jacobianVectorProduct(
    at x: Tensor, along direction: Tensor, of function: (Tensor) throws -> Tensor
) rethrows -> (value: Tensor, derivative: Tensor) {
    guard direction.shape == x.shape else {
        trap(
            "jacobianVectorProduct",
            "the direction has shape \(direction.shape), the argument \(x.shape)")
    }
    let (value, pullback) = try valueWithPullback(at: x, of: function)
    let (_, transpose) = valueWithPullback(at: Tensor.zeros(like: value)) { pullback($0) }
    return (value, transpose(direction))
}

/// The product of the Hessian of a scalar function with a direction, in the time of a few
/// evaluations (Pearlmutter, "Fast Exact Multiplication by the Hessian", 1994).
public func hessianVectorProduct(
    at x: Tensor, along direction: Tensor, of function: (Tensor) throws -> Tensor
) rethrows -> Tensor {
    guard direction.shape == x.shape else {
        trap(
            "hessianVectorProduct",
            "the direction has shape \(direction.shape), the argument \(x.shape)")
    }
    return try gradient(at: x) { x in
        (try gradient(at: x, of: function) * direction).sum()
    }
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
