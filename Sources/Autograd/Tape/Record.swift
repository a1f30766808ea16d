// How operations are recorded. An operation is written as its value and, for each operand, a
// pullback made from the operands and the result; what the pullback captures is kept on the tape.
//
// `value` gets operands that no tape watches. If tapes are nested, the operation is first applied
// beneath the innermost one, so that operands and result that a pullback keeps are still watched by
// the outer ones, and the derivative can be differentiated again.
//
// On a forward scope's tape nothing is kept: the result gets its tangent at once, by `pushforward`,
// or if that is nil by the transpose of the pullback.

/// An operation on one tensor.
@inline(__always)
func differentiable(
    _ operation: StaticString, _ x: Tensor,
    value: (Tensor) -> Tensor,
    pullback: (_ x: Tensor, _ y: Tensor) -> Pullback,
    pushforward: (_ x: Tensor, _ y: Tensor, _ tangent: Tensor) -> Tensor? = { _, _, _ in nil }
) -> Tensor {
    guard let tape = x.tape else { return value(x) }
    return record(
        operation, x, on: tape, value: value, pullback: pullback, pushforward: pushforward)
}

/// An operation on one tensor whose Jacobian has no structure worth showing.
@inline(__always)
func differentiable(
    _ operation: StaticString, _ x: Tensor,
    value: (Tensor) -> Tensor,
    pullback: (_ x: Tensor, _ y: Tensor) -> (_ cotangent: Tensor) -> Tensor,
    pushforward: (_ x: Tensor, _ y: Tensor, _ tangent: Tensor) -> Tensor? = { _, _, _ in nil }
) -> Tensor {
    differentiable(
        operation, x, value: value, pullback: { .function(pullback($0, $1)) },
        pushforward: pushforward)
}

@inline(never)
private func record(
    _ operation: StaticString, _ x: Tensor, on tape: Tape,
    value: (Tensor) -> Tensor,
    pullback: (_ x: Tensor, _ y: Tensor) -> Pullback,
    pushforward: (_ x: Tensor, _ y: Tensor, _ tangent: Tensor) -> Tensor?
) -> Tensor {
    let (source, tangent) = (x.index, x.tangent)
    let x = x.beneath(tape)
    let y = differentiable(
        operation, x, value: value, pullback: pullback, pushforward: pushforward)
    if let tangent {
        let change = pushforward(x, y, tangent) ?? pullback(x, y).pushforward(tangent, to: y)
        return tape.push(y, along: change, operation)
    }
    let edge = Tape.Edge(source: source, pullback: pullback(x, y))
    return tape.append(y, Tape.Entry(operation: operation, first: edge))
}

/// An operation on two tensors. A pullback is made only for the operands that are watched, and the
/// tangents of others are nil.
@inline(__always)
func differentiable(
    _ operation: StaticString, _ a: Tensor, _ b: Tensor,
    value: (Tensor, Tensor) -> Tensor,
    left: (_ a: Tensor, _ b: Tensor, _ y: Tensor) -> Pullback,
    right: (_ a: Tensor, _ b: Tensor, _ y: Tensor) -> Pullback,
    pushforward: Pushforward = { _, _, _, _, _ in nil }
) -> Tensor {
    if a.tape == nil, b.tape == nil { return value(a, b) }
    return record(
        operation, a, b, value: value, left: left, right: right, pushforward: pushforward)
}

/// The tangent of the result of an operation on two tensors; nil if there is no rule for it.
typealias Pushforward = (
    _ a: Tensor, _ b: Tensor, _ y: Tensor, _ alongA: Tensor?, _ alongB: Tensor?
) -> Tensor?

/// An operation on two tensors whose Jacobians have no structure worth showing.
@inline(__always)
func differentiable(
    _ operation: StaticString, _ a: Tensor, _ b: Tensor,
    value: (Tensor, Tensor) -> Tensor,
    left: (_ a: Tensor, _ b: Tensor, _ y: Tensor) -> (_ cotangent: Tensor) -> Tensor,
    right: (_ a: Tensor, _ b: Tensor, _ y: Tensor) -> (_ cotangent: Tensor) -> Tensor
) -> Tensor {
    differentiable(
        operation, a, b, value: value,
        left: { .function(left($0, $1, $2)) }, right: { .function(right($0, $1, $2)) })
}

@inline(never)
private func record(
    _ operation: StaticString, _ a: Tensor, _ b: Tensor,
    value: (Tensor, Tensor) -> Tensor,
    left: (_ a: Tensor, _ b: Tensor, _ y: Tensor) -> Pullback,
    right: (_ a: Tensor, _ b: Tensor, _ y: Tensor) -> Pullback,
    pushforward: Pushforward
) -> Tensor {
    let tape: Tape
    switch (a.tape, b.tape) {
    case (let first?, let second?): tape = first.number >= second.number ? first : second
    case (let only?, nil), (nil, let only?): tape = only
    case (nil, nil): return value(a, b)
    }
    let (source, other) = (a.index(on: tape), b.index(on: tape))
    let (alongA, alongB) = (a.tangent(on: tape), b.tangent(on: tape))
    let (a, b) = (a.beneath(tape), b.beneath(tape))
    let y = differentiable(
        operation, a, b, value: value, left: left, right: right, pushforward: pushforward)
    if alongA != nil || alongB != nil {
        let change =
            pushforward(a, b, y, alongA, alongB)
            ?? sum(
                alongA.map { left(a, b, y).pushforward($0, to: y) },
                alongB.map { right(a, b, y).pushforward($0, to: y) }) ?? Tensor.zeros(like: y)
        return tape.push(y, along: change, operation)
    }
    return tape.append(
        y,
        Tape.Entry(
            operation: operation,
            first: source.map { Tape.Edge(source: $0, pullback: left(a, b, y)) },
            second: other.map { Tape.Edge(source: $0, pullback: right(a, b, y)) }))
}

/// An operation on any number of tensors. The pullback returns the cotangents of all operands.
///
/// - Parameters:
///   - pushforward: the tangent of the result, given those of the operands, zeros where an operand
///     has none.
///   - samplewise: see `Tape.JointEdge`.
func differentiable(
    _ operation: StaticString, _ operands: [Tensor],
    value: ([Tensor]) -> Tensor,
    pullback: (_ operands: [Tensor], _ y: Tensor) -> (_ cotangent: Tensor) -> [Tensor],
    pushforward: (_ operands: [Tensor], _ y: Tensor, _ tangents: [Tensor]) -> Tensor? = {
        _, _, _ in nil
    },
    samplewise: (_ operands: [Tensor], _ y: Tensor) -> Tape.SamplewisePullback? = { _, _ in nil }
) -> Tensor {
    guard let tape = innermostTape(of: operands) else { return value(operands) }
    let sources = operands.map { $0.index(on: tape) }
    let tangents = operands.map { $0.tangent(on: tape) }
    let operands = operands.map { $0.beneath(tape) }
    let y = differentiable(
        operation, operands, value: value, pullback: pullback, pushforward: pushforward,
        samplewise: samplewise)
    if tangents.contains(where: { $0 != nil }) {
        let tangents = zip(operands, tangents).map { $1 ?? Tensor.zeros(like: $0) }
        let change =
            pushforward(operands, y, tangents)
            ?? transposed(pullback(operands, y), along: tangents, to: y)
        return tape.push(y, along: change, operation)
    }
    let edge = Tape.JointEdge(
        sources: sources, pullback: pullback(operands, y), samplewise: samplewise(operands, y))
    return tape.append(y, Tape.Entry(operation: operation, joint: edge))
}

/// An operation that has no derivative: traps if an operand is watched, so that no gradient is lost
/// silently.
@inline(__always)
func notDifferentiable(
    _ operation: StaticString, _ operand: Tensor, _ other: Tensor? = nil
) {
    if operand.isWatched { isWatched(operand, operation) }
    if let other, other.isWatched { isWatched(other, operation) }
}

private func isWatched(_ operand: Tensor, _ operation: StaticString) -> Never {
    trap(
        operation,
        "has no derivative, and its operand of shape \(operand.shape) is watched: pass "
            + "stopGradient(x) if a constant is meant")
}
