/// The gradient of a scalar function.
///
/// ```swift
/// let slope = gradient(at: x) { ($0 * $0).sum() }                            // 2x
/// let curvature = gradient(at: x) { y in gradient(at: y) { exp($0).sum() }.sum() }
/// let (left, right) = gradient(at: a, b) { matmul($0, $1).sum() }
/// ```
///
/// - Parameters:
///   - point: one or more tensors, arrays, or modules, of floating-point type.
///   - function: composed of differentiable operations; its value has one element (traps
///     otherwise). Tensors it captures are constants in this scope.
/// - Returns: for each argument the same value with each tensor replaced by its gradient; zero if
///   the function's value does not depend on it.
public func gradient<each Point: Differentiable>(
    at point: repeat each Point, of function: (repeat each Point) throws -> Tensor
) rethrows -> (repeat each Point) {
    try valueWithGradient(at: repeat each point, of: function).gradient
}

/// The value of a scalar function and its gradient, in one evaluation and one reverse sweep.
/// See ``gradient(at:of:)``.
public func valueWithGradient<each Point: Differentiable>(
    at point: repeat each Point, of function: (repeat each Point) throws -> Tensor
) rethrows -> (value: Tensor, gradient: (repeat each Point)) {
    let scope = Scope()
    defer { scope.close() }
    let arguments = (repeat scope.watch(each point))
    let value = try function(repeat each arguments)
    guard value.count == 1 else {
        trap(
            "gradient",
            "the function's value has shape \(value.shape), not one element: reduce it, for "
                + "example by sum(), or use valueWithPullback")
    }
    let seed = Tensor.ones(like: value)
    var cotangents = scope.cotangents(of: value, seed: seed, consuming: true)
    let gradient = (repeat scope.taking(each point, from: &cotangents))
    return (value.beneath(scope.tape), gradient)
}

/// The value of a function of any shape, and its pullback: the function that maps a cotangent of
/// the value's shape to its vector-Jacobian product with respect to the arguments.
///
/// The pullback keeps what it needs of the evaluation for as long as it lives. It can be called any
/// number of times, also inside a scope, where it is differentiable itself. It traps if the
/// cotangent differs from the value in shape or type.
public func valueWithPullback<each Point: Differentiable>(
    at point: repeat each Point, of function: (repeat each Point) throws -> Tensor
) rethrows -> (value: Tensor, pullback: (Tensor) -> (repeat each Point)) {
    let scope = Scope()
    defer { scope.close() }
    let arguments = (repeat scope.watch(each point))
    let value = try function(repeat each arguments)
    let points = (repeat each point)
    func pullback(_ cotangent: Tensor) -> (repeat each Point) {
        guard cotangent.shape == value.shape, cotangent.dataType == value.dataType else {
            trap(
                "pullback",
                "the cotangent is \(cotangent.dataType) of shape \(cotangent.shape), the value "
                    + "\(value.dataType) of shape \(value.shape)")
        }
        var cotangents = scope.cotangents(of: value, seed: cotangent, consuming: false)
        return (repeat scope.taking(each points, from: &cotangents))
    }
    return (value.beneath(scope.tape), pullback)
}

/// A differentiation scope: a tape and the arguments it watches from the start.
final class Scope {
    let tape: Tape
    private(set) var arguments = 0

    init(isDiagnosing: Bool = false) { tape = Tape(isDiagnosing: isDiagnosing) }

    /// A copy of `point` to evaluate a function at: its tensors are watched, and its state tensors
    /// are numbered, so that a pass can tell them apart.
    func watch<Point: Differentiable>(_ point: Point) -> Point {
        replacingTensors(of: point) { tensor in
            arguments += 1
            return tape.watch(tensor)
        }
    }

    func replacingTensors<Point: Differentiable>(
        of point: Point, by replacement: (Tensor) -> Tensor
    ) -> Point {
        var copy = point
        var place = 0
        copy.visitState { tensor in
            place += 1
            tensor.take(place: place)
        }
        copy.visitTensors { $0 = replacement($0) }
        return copy
    }

    func close() { tape.close() }

    func cotangents(of value: Tensor, seed: Tensor, consuming: Bool) -> ArraySlice<Tensor?> {
        guard tape.watches(value) else {
            return [Tensor?](repeating: nil, count: arguments)[...]
        }
        let seeds = [(index: value.index, cotangent: seed)]
        return tape.sweep(from: seeds, toFirst: arguments, consuming: consuming)[...]
    }

    /// `point` with its tensors replaced by the next cotangents, or by zeros if there is none.
    func taking<Point: Differentiable>(
        _ point: Point, from cotangents: inout ArraySlice<Tensor?>
    ) -> Point {
        var copy = point
        copy.visitTensors { tensor in
            tensor = cotangents.popFirst().flatMap { $0 } ?? Tensor.zeros(like: tensor)
        }
        return copy
    }
}
