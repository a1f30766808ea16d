import Autograd
import Foundation

let tapeTraps: [Trap] = [
    Trap("gradientCheck: order 3 is not 1 or 2") {
        _ = gradientCheck(at: Tensor(1), order: 3) { $0 }
    },
    Trap(
        "gradient: the function's value has shape [2], not one element: reduce it, for example by "
            + "sum(), or use valueWithPullback"
    ) { _ = gradient(at: zeros(2)) { $0 } },
    Trap(
        "gradient: the function's value has shape [0], not one element: reduce it, for example by "
            + "sum(), or use valueWithPullback"
    ) { _ = gradient(at: zeros(0)) { $0 } },
    Trap("gradient: tensors of int32 have no derivatives") {
        _ = gradient(at: Tensor([1] as [Int32])) { $0.sum() }
    },
    Trap("gradient: tensors of bool have no derivatives") {
        _ = gradient(at: Tensor([true])) { _ in zeros() }
    },
    Trap(
        "exp: an operand of shape [2] was watched by a differentiation scope that has ended: only "
            + "the scope's result leaves it"
    ) { _ = exp(escaped()) },
    Trap(
        "+: an operand of shape [2] was watched by a differentiation scope that has ended: only "
            + "the scope's result leaves it"
    ) { _ = zeros(2) + escaped() },
    Trap(
        "concatenated: an operand of shape [4] was watched by a differentiation scope that has "
            + "ended: only the scope's result leaves it"
    ) { _ = concatenated([escaped(), zeros(2)]) },
    Trap(
        "*: an operand of shape [2] was watched by a differentiation scope that has ended: only "
            + "the scope's result leaves it"
    ) {
        // Also where another scope is open.
        let stale = escaped()
        _ = gradient(at: zeros(2)) { ($0 * stale).sum() }
    },
    Trap("gradient: the function's value was watched by a differentiation scope that has ended") {
        _ = gradient(at: zeros()) { x in
            var stale = x
            _ = gradient(at: x) { y in
                stale = y * y
                return stale
            }
            return stale
        }
    },
    Trap("exp: a watched tensor was used on another thread than its scope's") {
        _ = gradient(at: zeros(2)) { x in
            let done = DispatchSemaphore(value: 0)
            Thread {
                _ = exp(x)
                done.signal()
            }.start()
            done.wait()
            return x.sum()
        }
    },
    Trap(
        "pullback: the cotangent is float32 of shape [3], the value float32 of shape [2]"
    ) { _ = valueWithPullback(at: zeros(2)) { $0 }.pullback(zeros(3)) },
    Trap(
        "pullback: the cotangent is float64 of shape [2], the value float32 of shape [2]"
    ) { _ = valueWithPullback(at: zeros(2)) { $0 }.pullback(Tensor([1.0, 2])) },
    Trap("squaredJacobianNorm: the argument is a scalar, not a batch") {
        _ = squaredJacobianNorm(at: zeros()) { $0 }
    },
    Trap(
        "squaredJacobianNorm: the argument has shape [2, 3], the value [3]: not as many samples"
    ) { _ = squaredJacobianNorm(at: zeros(2, 3)) { $0.sum(axes: [0]) } },
    Trap("jacobianVectorProduct: the direction has shape [3], the argument [2]") {
        _ = jacobianVectorProduct(at: zeros(2), along: zeros(3)) { $0 }
    },
    Trap("jacobianVectorProduct: the direction is float64, the argument float32") {
        _ = jacobianVectorProduct(at: zeros(2), along: Tensor([1.0, 2])) { $0 }
    },
    Trap("jacobianVectorProduct: the direction has 1 tensors, the argument more") {
        _ = jacobianVectorProduct(at: [zeros(2), zeros(2)], along: [zeros(2)]) { $0[0] }
    },
    Trap("jacobianVectorProduct: the direction has 2 tensors, the argument fewer") {
        _ = jacobianVectorProduct(at: [zeros(2)], along: [zeros(2), zeros(2)]) { $0[0] }
    },
    Trap("jacobianVectorProduct: tensors of int32 have no derivatives") {
        let x = Tensor([1] as [Int32])
        _ = jacobianVectorProduct(at: x, along: x) { $0 }
    },
    Trap(
        "exp: an operand of shape [2] was watched by a differentiation scope that has ended: only "
            + "the scope's result leaves it"
    ) { _ = exp(escapedForward()) },
    Trap(
        "*: an operand of shape [2] was watched by a differentiation scope that has ended: only "
            + "the scope's result leaves it"
    ) {
        let stale = escapedForward()
        _ = jacobianVectorProduct(at: zeros(2), along: zeros(2)) { $0 * stale }
    },
    Trap("gradient: the function's value was watched by a differentiation scope that has ended") {
        _ = jacobianVectorProduct(at: zeros(2), along: zeros(2)) { _ in escapedForward() }
    },
    Trap("sign: has no derivative, and its operand of shape [2] is watched") {
        _ = jacobianVectorProduct(at: zeros(2), along: zeros(2)) { sign($0) }
    },
    Trap("perSampleGradients: the losses have shape [2, 3], not one axis, the batch") {
        _ = perSampleGradients(at: zeros(2, 3)) { $0 }
    },
    Trap("mapped: batches of shapes [[2, 3], [3]] have no samples in common") {
        _ = mapped(over: zeros(2, 3), zeros(3)) { $0.sum() + $1 }
    },
    Trap("mapped: batches of shapes [[0, 3]] have no samples in common") {
        _ = mapped(over: zeros(0, 3)) { $0 }
    },
    Trap("hessianVectorProduct: the direction has shape [3], the argument [2]") {
        _ = hessianVectorProduct(at: zeros(2), along: zeros(3)) { $0.sum() }
    },
    Trap("customDerivative: the pullback returned shape [1] for an argument of [2]") {
        _ = gradient(at: zeros(2)) { x in
            customDerivative(at: x) {
                $0
            } pullback: { _, _, _ in
                zeros(1)
            }.sum()
        }
    },
    Trap("customDerivative: the pullback returned shapes [[2]] for arguments of [[2], [2]]") {
        _ = gradient(at: zeros(2)) { x in
            customDerivative(at: [x, x]) {
                $0[0]
            } pullback: { _, _, cotangent in
                [cotangent]
            }
            .sum()
        }
    },
    Trap(
        "checkpointed: the function captures a watched tensor: pass everything watched as its "
            + "argument"
    ) {
        _ = gradient(at: zeros(2)) { x in checkpointed(zeros(2)) { $0 * x }.sum() }
    },
    Trap(
        "checkpointed: the function captures a watched tensor: pass everything watched as its "
            + "argument"
    ) {
        _ = gradient(at: zeros(2)) { x in checkpointed(x) { $0 * x }.sum() }
    },
    Trap(
        "customDerivative: the function captures a watched tensor: pass everything watched as an "
            + "argument"
    ) {
        _ = gradient(at: zeros(2)) { x in
            customDerivative(at: x, of: { $0 * x }, pullback: { _, _, cotangent in cotangent })
                .sum()
        }
    },
    lostGradient("sign") { sign($0) },
    lostGradient("floor") { floor($0) },
    lostGradient("round") { round($0) },
    lostGradient(".<") { $0 .< 1 },
    lostGradient(".==") { $0 .== $0 },
    lostGradient(".>=") { zeros(2) .>= $0 },
    lostGradient("argmax") { $0.argmax() },
    lostGradient("argmin") { $0.argmin() },
    lostGradient("cast") { $0.cast(to: .int32) },
    lostGradient("cast") { $0.cast(to: .bool) },
    lostGradient("sortedIndices") { $0.sortedIndices() },
    lostGradient("topIndices") { $0.topIndices(1) },
]

/// A tensor whose scope has ended.
private func escaped() -> Tensor {
    var escaped = zeros(2)
    _ = gradient(at: zeros(2)) { x in
        escaped = x * 2
        return escaped.sum()
    }
    return escaped
}

/// A tensor whose scope, of forward mode, has ended.
private func escapedForward() -> Tensor {
    var escaped = zeros(2)
    _ = jacobianVectorProduct(at: zeros(2), along: zeros(2)) { x in
        escaped = x * 2
        return escaped.sum()
    }
    return escaped
}

/// A watched tensor in an operation that has no derivative.
private func lostGradient(
    _ operation: String, _ function: @escaping @Sendable (Tensor) -> Tensor
) -> Trap {
    Trap(
        "\(operation): has no derivative, and its operand of shape [2] is watched: pass "
            + "stopGradient(x) if a constant is meant"
    ) {
        _ = gradient(at: zeros(2)) { x in
            _ = function(x)
            return x.sum()
        }
    }
}

let sequenceTraps: [Trap] = [
    Trap(
        "longShortTermMemory: projections of shape [2, 3, 7] and recurrent weights [8, 2] for "
            + "states of shapes [2, 2] and [2, 2]"
    ) {
        _ = longShortTermMemory(
            projections: zeros(2, 3, 7), recurrentWeights: zeros(8, 2), hidden: zeros(2, 2),
            cell: zeros(2, 2))
    },
    Trap("longShortTermMemory: 4 steps for projections of shape [2, 3, 8]") {
        _ = longShortTermMemory(
            projections: zeros(2, 3, 8), recurrentWeights: zeros(8, 2), hidden: zeros(2, 2),
            cell: zeros(2, 2), steps: 4)
    },
    Trap(
        "longShortTermMemory: data types differ: projections of float32, recurrent weights of "
            + "float64, states of float32 and float32"
    ) {
        _ = longShortTermMemory(
            projections: zeros(2, 3, 8), recurrentWeights: zeros(8, 2).cast(to: .float64),
            hidden: zeros(2, 2), cell: zeros(2, 2))
    },
    Trap(
        "scaledDotProductAttention: queries of shape [1, 2, 3, 4], keys of [1, 2, 5, 3] and "
            + "values of [1, 2, 5, 4]"
    ) {
        _ = scaledDotProductAttention(
            query: zeros(1, 2, 3, 4), key: zeros(1, 2, 5, 3), value: zeros(1, 2, 5, 4))
    },
    Trap("scaledDotProductAttention: data types differ: float32, float64 and float32") {
        _ = scaledDotProductAttention(
            query: zeros(1, 2, 3, 4), key: zeros(1, 2, 5, 4).cast(to: .float64),
            value: zeros(1, 2, 5, 4))
    },
    Trap(
        "selfAttention: projections of shape [2, 3, 10] do not split into queries, keys and "
            + "values of 2 heads"
    ) { _ = selfAttention(zeros(2, 3, 10), heads: 2) },
    Trap(
        "layerNormalization: a weight of float32 of shape [3] and a bias of float64 of shape [3] "
            + "for a tensor of float32 of shape [2, 3]"
    ) {
        _ = layerNormalization(zeros(2, 3), weight: zeros(3), bias: zeros(3).cast(to: .float64))
    },
    Trap("dotProducts: vectors of different sizes: [2, 3] and [4]") {
        _ = dotProducts(zeros(2, 3), zeros(4))
    },
    Trap("dotProducts: shapes do not broadcast: [2] and [4] (2 and 4 along axis -1)") {
        _ = dotProducts(zeros(2, 3), zeros(4, 3))
    },
    Trap("dotProducts: not defined for int32 with int32") {
        _ = dotProducts(Tensor([1] as [Int32]), Tensor([1] as [Int32]))
    },
    Trap("nearestRows: queries of shape [2, 3] and codes of shape [0, 3]") {
        _ = nearestRows(of: zeros(2, 3), in: zeros(0, 3))
    },
    Trap("softmax: not defined for tensors of int32; cast(to:) first") {
        _ = softmax(Tensor([1] as [Int32]))
    },
    Trap("logSoftmax: not defined for tensors of bool; cast(to:) first") {
        _ = logSoftmax(Tensor([true]))
    },
    Trap("RowSelection: index 4 is not in 0..<4 (indices of shape [2], tensor of shape [4])") {
        _ = RowSelection(Tensor([0, 4] as [Int32]), of: 4)
    },
    Trap("RowSelection: indices are float32, not int32") { _ = RowSelection(zeros(2), of: 4) },
]
