/// An operation whose result was infinite or NaN.
public struct NonFiniteOperation: Sendable, Hashable, CustomStringConvertible {
    /// Its name as in error messages: `log`, `matmul`.
    public let operation: String
    /// The shape of what it returned.
    public let shape: [Int]
    /// Whether it was not the value, but the derivative with respect to an operand.
    public let isDerivative: Bool

    public var description: String {
        "\(isDerivative ? "the derivative of " : "")\(operation), of shape \(shape)"
    }
}

/// The first operation, in the evaluation of a function and then in the reverse sweep, whose result
/// is not finite; nil if all are finite. For finding out why a loss became infinite or NaN: every
/// value is read once more, so do not use it in every step.
///
/// Operations that do not depend on the arguments are not checked. An argument that is itself not
/// finite is reported as the operation `watch`.
public func firstNonFiniteOperation<each Point: Differentiable>(
    at point: repeat each Point, of function: (repeat each Point) throws -> Tensor
) rethrows -> NonFiniteOperation? {
    let scope = Scope(isDiagnosing: true)
    defer { scope.close() }
    let value = try function(repeat (scope.watch(each point)))
    if scope.tape.firstNonFinite == nil {
        _ = scope.cotangents(of: value, seed: Tensor.ones(like: value), consuming: true)
    }
    return scope.tape.firstNonFinite
}

extension Tensor {
    /// Whether no element is infinite or NaN.
    public var allFinite: Bool {
        if dataType.onlyStores { return widened.allFinite }
        guard dataType.isFloatingPoint, count > 0 else { return true }
        let values = stopGradient(self)
        // One pass usually decides: only finite elements have a finite sum. A sum of finite ones
        // can overflow, though; then the extremes decide.
        return values.sum().scalar.isFinite
            || values.max().scalar.isFinite && values.min().scalar.isFinite
    }
}
