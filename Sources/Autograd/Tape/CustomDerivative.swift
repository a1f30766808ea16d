/// A function with a custom derivative.
///
/// ```swift
/// // Straight-through estimation (Bengio et al., arXiv:1308.3432): round, but pass gradients.
/// let code = customDerivative(at: x) { round($0) } pullback: { _, _, cotangent in cotangent }
/// ```
///
/// - Parameters:
///   - value: the function; what it computes is not recorded. Traps if it captures a watched
///     tensor, whose gradient would be lost.
///   - pullback: from the argument, the value and a cotangent of the value's shape to the cotangent
///     of the argument, of the argument's shape. If composed of differentiable operations, it can
///     be differentiated again.
public func customDerivative(
    at x: Tensor,
    of value: @escaping (Tensor) -> Tensor,
    pullback: @escaping (_ x: Tensor, _ y: Tensor, _ cotangent: Tensor) -> Tensor
) -> Tensor {
    differentiable("customDerivative", x) { x in
        unwatched(value(x))
    } pullback: { x, y in
        { cotangent in
            let result = pullback(x, y, cotangent)
            guard result.shape == x.shape else {
                trap(
                    "customDerivative",
                    "the pullback returned shape \(result.shape) for an argument of \(x.shape)")
            }
            return result
        }
    }
}

/// A function of several tensors with a custom derivative. `pullback` returns a cotangent for each
/// argument. See ``customDerivative(at:of:pullback:)``.
public func customDerivative(
    at arguments: [Tensor],
    of value: @escaping ([Tensor]) -> Tensor,
    pullback: @escaping (_ arguments: [Tensor], _ y: Tensor, _ cotangent: Tensor) -> [Tensor]
) -> Tensor {
    differentiable("customDerivative", arguments) { arguments in
        unwatched(value(arguments))
    } pullback: { arguments, y in
        { cotangent in
            let results = pullback(arguments, y, cotangent)
            guard results.map(\.shape) == arguments.map(\.shape) else {
                trap(
                    "customDerivative",
                    "the pullback returned shapes \(results.map(\.shape)) for arguments of "
                        + "\(arguments.map(\.shape))")
            }
            return results
        }
    }
}

/// The value of a function with a custom derivative, which no scope may watch.
private func unwatched(_ y: Tensor) -> Tensor {
    guard !y.isWatched else {
        trap(
            "customDerivative",
            "the function captures a watched tensor: pass everything watched as an argument")
    }
    return y
}
