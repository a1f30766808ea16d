import KernelInterface

/// The cotangent of one operand of a sum, difference or product.
enum BilinearPullback {
    case itself
    case negated
    case timesOther

    fileprivate func pullback(to operand: Tensor, other: Tensor, _ result: Tensor) -> Pullback {
        if operand.shape == result.shape, other.shape == result.shape {
            return unrepeated(other: other)
        }
        switch self {
        case .itself:
            return operand.shape == result.shape
                ? .identity : .elementwise(operand, result) { $0 }
        case .negated: return .elementwise(operand, result) { -$0 }
        case .timesOther: return .elementwise(operand, result) { $0 * other }
        }
    }

    @inline(__always)
    fileprivate func unrepeated(other: Tensor) -> Pullback {
        switch self {
        case .itself: .identity
        case .negated: .elementwise { -$0 }
        case .timesOther: .scaling(other)
        }
    }
}

/// The common implementation of sums, differences and products.
@inline(__always)
func bilinear(
    _ operation: StaticString, _ function: BinaryFunction, _ a: Tensor, _ b: Tensor,
    left: BilinearPullback, right: BilinearPullback
) -> Tensor {
    if a.tape == nil, b.tape == nil { return combine(function, a, b, operation) }
    if let result = recordUnnested(operation, function, a, b, left, right) { return result }
    return differentiable(operation, a, b) { a, b in
        combine(function, a, b, operation)
    } left: { a, b, y in
        left.pullback(to: a, other: b, y)
    } right: { a, b, y in
        right.pullback(to: b, other: a, y)
    }
}

/// The most common case, without what the others need: equal shapes and only one scope. On small
/// tensors, recording an operation takes longer than its arithmetic.
private func recordUnnested(
    _ operation: StaticString, _ function: BinaryFunction, _ a: Tensor, _ b: Tensor,
    _ left: BilinearPullback, _ right: BilinearPullback
) -> Tensor? {
    guard let tape = a.tape ?? b.tape, a.outer == nil, b.outer == nil, a.shape == b.shape else {
        return nil
    }
    var entry = Tape.Entry(operation: operation)
    if a.tape != nil {
        entry.first = Tape.Edge(
            source: a.index, pullback: left.unrepeated(other: stopGradient(b)))
    }
    if let other = b.tape {
        guard other === tape else { return nil }
        entry.second = Tape.Edge(
            source: b.index, pullback: right.unrepeated(other: stopGradient(a)))
    }
    return tape.append(combine(function, a, b, operation), entry)
}
