import Autograd
import Foundation
import Testing

/// Programmers' errors end the program with a message that names the operation and the shapes.
@Suite struct TrapTests {
    @Test(arguments: traps.indices)
    func errorsOfTheProgrammerTrap(_ index: Int) async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { [index] in
            traps[index].body()
        }
        let text = errorText(result)
        #expect(text.contains("Fatal error: \(traps[index].message)\n"))
    }
}

private let traps: [Trap] =
    creationTraps + elementwiseTraps + shapeTraps + tapeTraps + sequenceTraps

private func zeros(_ shape: Int...) -> Tensor { Tensor.zeros(shape) }

private func adding(_ addend: Tensor, to x: Tensor) {
    var sum = x
    sum += addend
}

private let creationTraps: [Trap] = [
    Trap("Tensor: 3 elements do not fill the shape [2, 2]") {
        _ = Tensor([1, 2, 3] as [Float], shape: [2, 2])
    },
    Trap("Tensor: rows of 2 and 1 elements") { _ = Tensor(rows: [[1, 2], [3]] as [[Float]]) },
    Trap("shape: negative size in shape [2, -1]") { _ = zeros(2, -1) },
    Trap("shape: shape [4294967296, 4294967296] has too many elements") {
        _ = zeros(1 << 32, 1 << 32)
    },
    Trap("Tensor: 1152921504606846976 elements of float32 are more than memory can hold") {
        _ = zeros(1 << 60)
    },
    Trap("scalar: a tensor of shape [2] is not a scalar") { _ = zeros(2).scalar },
    Trap("scalar: a tensor of shape [0] is not a scalar") { _ = zeros(0).scalar },
    Trap("elements: a tensor of float32 has no elements of float64") {
        _ = zeros(2).elements(as: Double.self)
    },
    Trap("bernoulli: probability 1.5 is not in 0...1") {
        var generator = RandomGenerator(seed: 1)
        _ = generator.bernoulli([2], probability: 1.5)
    },
    Trap("integers: the range 3..<3 is empty or beyond int32") {
        var generator = RandomGenerator(seed: 1)
        _ = generator.integers([2], in: 3..<3)
    },
    Trap("normal: not defined for int32") {
        var generator = RandomGenerator(seed: 1)
        _ = generator.normal([2], dataType: .int32)
    },
    Trap("uniform: negative size in shape [-1]") {
        var generator = RandomGenerator(seed: 1)
        _ = generator.uniform([-1])
    },
    Trap("Threads.count: 1000 is not in 1...256") { Threads.count = 1000 },
    Trap("Threads.count: 0 is not in 1...256") { Threads.count = 0 },
]

private let elementwiseTraps: [Trap] = [
    Trap("+: shapes do not broadcast: [2, 3] and [2] (3 and 2 along axis -1)") {
        _ = zeros(2, 3) + zeros(2)
    },
    Trap("-: shapes do not broadcast: [2, 3] and [4, 3] (2 and 4 along axis -2)") {
        _ = zeros(2, 3) - zeros(4, 3)
    },
    Trap("*: shapes do not broadcast: [0] and [2] (0 and 2 along axis -1)") {
        _ = zeros(0) * zeros(2)
    },
    Trap("/: shapes do not broadcast: [3] and [2] (3 and 2 along axis -1)") {
        _ = zeros(3) / zeros(2)
    },
    Trap("+: shapes do not broadcast: [3] and [2] (3 and 2 along axis -1)") {
        adding(zeros(2), to: zeros(3))
    },
    Trap("pow: shapes do not broadcast: [3] and [2] (3 and 2 along axis -1)") {
        _ = pow(zeros(3), zeros(2))
    },
    Trap("maximum: shapes do not broadcast: [3] and [2] (3 and 2 along axis -1)") {
        _ = maximum(zeros(3), zeros(2))
    },
    Trap("minimum: shapes do not broadcast: [3] and [2] (3 and 2 along axis -1)") {
        _ = minimum(zeros(3), zeros(2))
    },
    Trap(".<: shapes do not broadcast: [3] and [2] (3 and 2 along axis -1)") {
        let _: Tensor = zeros(3) .< zeros(2)
    },
    Trap("+: data types differ: float32 of shape [2] and float64 of shape [3]") {
        _ = zeros(2) + Tensor([1.0, 2, 3])
    },
    Trap("+: data types differ: float32 of shape [2] and float64 of shape [2]") {
        adding(Tensor([1.0, 2]), to: zeros(2))
    },
    Trap(".==: data types differ: float32 and int32") {
        let _: Tensor = zeros(2) .== Tensor([1, 2] as [Int32])
    },
    Trap("exp: not defined for tensors of int32") { _ = exp(Tensor([1] as [Int32])) },
    Trap("-: not defined for tensors of uint8") { _ = -Tensor([1] as [UInt8]) },
    Trap("/: not defined for tensors of int32") {
        _ = Tensor([1] as [Int32]) / Tensor([1] as [Int32])
    },
    Trap("*: not defined for tensors of bool") { _ = Tensor([true]) * Tensor([true]) },
    Trap("select: the mask is float32, not bool") { _ = select(zeros(2), zeros(2), zeros(2)) },
    Trap("select: data types differ: float32 and float64") {
        _ = select(Tensor([true]), zeros(1), Tensor([1.0]))
    },
    Trap("select: shapes do not broadcast: [3] and [2] (3 and 2 along axis -1)") {
        _ = select(Tensor([true, false, true]), zeros(2), zeros(2))
    },
    Trap("clamp: 2.0 is greater than 1.0") { _ = clamp(zeros(2), from: 2, through: 1) },
    Trap("broadcast: shape [2, 3] does not broadcast to [3]") {
        _ = zeros(2, 3).broadcast(to: [3])
    },
    Trap("broadcast: shapes do not broadcast: [2] and [3] (2 and 3 along axis -1)") {
        _ = zeros(2).broadcast(to: [3])
    },
]

private let shapeTraps: [Trap] = [
    Trap(
        "depthToSpace: the channels of x of shape [1, 6, 2, 2] do not divide into squares of 2"
    ) {
        _ = depthToSpace(zeros(1, 6, 2, 2), factor: 2)
    },
    Trap("sum: axis 2 is out of range for a tensor of rank 2") { _ = zeros(2, 3).sum(axes: [2]) },
    Trap("mean: axis -3 is out of range for a tensor of rank 2") {
        _ = zeros(2, 3).mean(axes: [-3])
    },
    Trap("sum: axis 1 is named twice in [1, -1]") { _ = zeros(2, 3).sum(axes: [1, -1]) },
    Trap("max: axis 0 is out of range for a tensor of rank 0") { _ = zeros().max(axes: [0]) },
    Trap("min: not defined for tensors of uint8; cast(to:) first") {
        _ = Tensor([1] as [UInt8]).min()
    },
    Trap("argmax: axis 0 of shape [0, 2] is empty") { _ = zeros(0, 2).argmax(axis: 0) },
    Trap("argmin: axis 0 is out of range for a tensor of rank 0") { _ = zeros().argmin(axis: 0) },
    Trap("reshaped: shape [2, 3] with 6 elements does not become [4, -1]") {
        _ = zeros(2, 3).reshaped([4, -1])
    },
    Trap("reshaped: shape [2, 3] with 6 elements does not become [5]") {
        _ = zeros(2, 3).reshaped([5])
    },
    Trap("reshaped: shape [2, 3] with 6 elements does not become [-1, -1]") {
        _ = zeros(2, 3).reshaped([-1, -1])
    },
    Trap("reshaped: shape [0] with 0 elements does not become [2, 3]") {
        _ = zeros(0).reshaped([2, 3])
    },
    Trap("squeezed: axis 0 of shape [2, 1] has not size 1") { _ = zeros(2, 1).squeezed(axes: [0]) },
    Trap("expandingAxis: axis 3 is out of range for a tensor of rank 3") {
        _ = zeros(2, 1).expandingAxis(3)
    },
    Trap("flattened: axis 3 is out of range for shape [2, 1]") {
        _ = zeros(2, 1).flattened(fromAxis: 3)
    },
    Trap("transposed: [0, 0] does not order the axes of shape [2, 3]") {
        _ = zeros(2, 3).transposed([0, 0])
    },
    Trap("transposed: [0] does not order the axes of shape [2, 3]") {
        _ = zeros(2, 3).transposed([0])
    },
    Trap("swappingAxes: axis 2 is out of range for a tensor of rank 2") {
        _ = zeros(2, 3).swappingAxes(0, 2)
    },
    Trap("sliced: 0..<3 is out of range along axis 0 of shape [2, 3]") {
        _ = zeros(2, 3).sliced(axis: 0, 0..<3)
    },
    Trap("sliced: -1..<1 is out of range along axis 1 of shape [2, 3]") {
        _ = zeros(2, 3).sliced(axis: -1, -1..<1)
    },
    Trap("sliced: the step is zero") { _ = zeros(2, 3).sliced(axis: 0, 0..<2, step: 0) },
    Trap("subscript: index 2 is out of range for shape [2, 3]") { _ = zeros(2, 3)[2] },
    Trap("subscript: index -3 is out of range for shape [2, 3]") { _ = zeros(2, 3)[-3] },
    Trap("subscript: a scalar has no element [0]") { _ = zeros()[0] },
    Trap("padded: widths [(before: 1, after: 1)] do not fit shape [2, 3]") {
        _ = zeros(2, 3).padded([(1, 1)])
    },
    Trap("padded: widths [(before: -1, after: 1)] do not fit shape [2]") {
        _ = zeros(2).padded([(-1, 1)])
    },
    Trap("concatenated: no tensors given") { _ = concatenated([]) },
    Trap(
        "concatenated: float32 of shape [3, 2] does not continue float32 of shape [2, 3] along "
            + "axis 0"
    ) { _ = concatenated([zeros(2, 3), zeros(3, 2)]) },
    Trap(
        "concatenated: float32 of shape [2] does not continue float32 of shape [2, 3] along axis 1"
    ) { _ = concatenated([zeros(2, 3), zeros(2)], axis: -1) },
    Trap(
        "concatenated: int32 of shape [1] does not continue float32 of shape [2] along axis 0"
    ) { _ = concatenated([zeros(2), Tensor([1] as [Int32])]) },
    Trap("concatenated: axis 2 is out of range for a tensor of rank 2") {
        _ = concatenated([zeros(2, 3)], axis: 2)
    },
    Trap("stacked: shapes differ: [2] and [3]") { _ = stacked([zeros(2), zeros(3)]) },
    Trap("stacked: no tensors given") { _ = stacked([]) },
    Trap("matmul: inner sizes differ: [128, 784] × [512, 64] (784 and 512)") {
        _ = matmul(zeros(128, 784), zeros(512, 64))
    },
    Trap("matmul: inner sizes differ: [2, 3] (transposed) × [4, 5] (transposed) (2 and 5)") {
        _ = matmul(
            zeros(2, 3), zeros(4, 5), transposingLeft: true, transposingRight: true)
    },
    Trap("matmul: both factors need two axes or more: [3] × [3, 2]") {
        _ = matmul(zeros(3), zeros(3, 2))
    },
    Trap("matmul: not defined for float32 × float64") {
        _ = matmul(zeros(2, 2), Tensor([1.0], shape: [1, 1]))
    },
    Trap("matmul: not defined for int32 × int32") {
        _ = matmul(zeros(1, 1).cast(to: .int32), zeros(1, 1).cast(to: .int32))
    },
    Trap("matmul: shapes do not broadcast: [2] and [3] (2 and 3 along axis -1)") {
        _ = matmul(zeros(2, 4, 5), zeros(3, 5, 4))
    },
    Trap("dot: expected two vectors of equal length, found [2] and [3]") {
        _ = dot(zeros(2), zeros(3))
    },
]

private let tapeTraps: [Trap] = [
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

private let sequenceTraps: [Trap] = [
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
    Trap("pixelCoordinates: a picture of 0 × 3 pixels") {
        _ = pixelCoordinates(height: 0, width: 3)
    },
    Trap("rotated: points of shape [3, 2], angles of [2] and shifts of [3, 2]") {
        _ = zeros(3, 2).rotated(by: zeros(2), shiftedBy: zeros(3, 2))
    },
    Trap("softmax: not defined for tensors of int32") { _ = softmax(Tensor([1] as [Int32])) },
    Trap("logSoftmax: not defined for tensors of bool") { _ = logSoftmax(Tensor([true])) },
    Trap("RowSelection: index 4 is not in 0..<4 (indices of shape [2], tensor of shape [4])") {
        _ = RowSelection(Tensor([0, 4] as [Int32]), of: 4)
    },
    Trap("RowSelection: indices are float32, not int32") { _ = RowSelection(zeros(2), of: 4) },
]
