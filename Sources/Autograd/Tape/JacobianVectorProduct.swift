/// The value of a function and the product of its Jacobian with a direction: how the value changes,
/// to first order, as the arguments move along the direction.
///
/// ```swift
/// let (y, change) = jacobianVectorProduct(at: x, along: v) { sin($0) }    // cos(x) · v
/// ```
///
/// One evaluation in forward mode (Wengert, "A simple automatic derivative evaluation program",
/// 1964): each value has its tangent beside it, and both are released together, so that memory does
/// not grow with the length of the function. It nests with all other derivatives.
///
/// Elementwise operations, broadcasting, sums, extremes, norms, products, convolutions, shapes,
/// slices, lookups, softmax, cumulative sums and linear systems have a rule of their own, which
/// costs about as much as their value. Attention, recurrent networks and normalisation by layers
/// go by the elementary operations that they are made of, and ``checkpointed(_:_:)`` goes by its
/// function. Operations without a rule (determinants, Cholesky factors,
/// ``customDerivative(at:of:pullback:)``) cost two sweeps of their pullback.
///
/// - Parameters:
///   - point: one or more tensors, arrays, or modules, of floating-point type.
///   - direction: for each argument a value whose tensors have the argument's shapes and types.
///   - function: composed of differentiable operations. Its value may be a tensor, an array, or a
///     module.
/// - Returns: the value, and the same with each tensor replaced by its derivative along the
///   direction; zero if it does not depend on the arguments.
public func jacobianVectorProduct<each Point: Differentiable, Value: Differentiable>(
    at point: repeat each Point, along direction: repeat each Point,
    of function: (repeat each Point) throws -> Value
) rethrows -> (value: Value, derivative: Value) {
    try pushforward(
        "jacobianVectorProduct", at: repeat each point, along: repeat each direction, of: function)
}

/// The product of the Hessian of a scalar function with a direction, in the time of a few
/// evaluations (Pearlmutter, "Fast Exact Multiplication by the Hessian", 1994): the derivative of
/// the gradient along the direction, by forward mode over reverse mode.
///
/// - Parameters:
///   - x: a tensor, an array, or a module.
///   - direction: a value whose tensors have the argument's shapes and types.
public func hessianVectorProduct<Point: Differentiable>(
    at x: Point, along direction: Point, of function: (Point) throws -> Tensor
) rethrows -> Point {
    try pushforward("hessianVectorProduct", at: x, along: direction) { x in
        try gradient(at: x, of: function)
    }.derivative
}

private func pushforward<each Point: Differentiable, Value: Differentiable>(
    _ operation: StaticString, at point: repeat each Point, along direction: repeat each Point,
    of function: (repeat each Point) throws -> Value
) rethrows -> (value: Value, derivative: Value) {
    let scope = Scope()
    defer { scope.close() }
    let arguments =
        (repeat scope.watch(each point, along: (each direction).tensors, operation))
    let result = try function(repeat each arguments)
    var (value, derivative) = (result, result)
    value.visitTensors { $0 = $0.beneath(scope.tape) }
    derivative.visitTensors { tensor in
        guard scope.tape.watches(tensor), let tangent = tensor.tangent else {
            tensor = Tensor.zeros(like: tensor)
            return
        }
        tensor = tangent
    }
    return (value, derivative)
}

extension Scope {
    /// A copy of `point` whose tensors carry the tangents of a direction.
    fileprivate func watch<Point: Differentiable>(
        _ point: Point, along direction: [Tensor], _ operation: StaticString
    ) -> Point {
        var rest = direction[...]
        let copy = replacingTensors(of: point) { tensor in
            guard let tangent = rest.popFirst() else {
                trap(operation, "the direction has \(direction.count) tensors, the argument more")
            }
            guard tensor.dataType.isFloatingPoint else {
                trap(operation, "tensors of \(tensor.dataType) have no derivatives")
            }
            guard tangent.shape == tensor.shape else {
                trap(
                    operation,
                    "the direction has shape \(tangent.shape), the argument \(tensor.shape)")
            }
            guard tangent.dataType == tensor.dataType else {
                trap(
                    operation,
                    "the direction is \(tangent.dataType), the argument \(tensor.dataType)")
            }
            return tape.push(tensor, along: tangent, operation)
        }
        guard rest.isEmpty else {
            trap(operation, "the direction has \(direction.count) tensors, the argument fewer")
        }
        return copy
    }
}
