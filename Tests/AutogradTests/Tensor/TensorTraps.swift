import Autograd

private func adding(_ addend: Tensor, to x: Tensor) {
    var sum = x
    sum += addend
}

let creationTraps: [Trap] = [
    Trap("Tensor: 3 elements do not fill the shape [2, 2]") {
        _ = Tensor([1, 2, 3] as [Float], shape: [2, 2])
    },
    Trap("Tensor: rows of 2 and 1 elements") { _ = Tensor(rows: [[1, 2], [3]] as [[Float]]) },
    Trap("shape: negative size in shape [2, -1]") { _ = zeros(2, -1) },
    Trap("shape: shape [4294967296, 4294967296] has too many elements") {
        _ = zeros(1 << 32, 1 << 32)
    },
    Trap("Tensor: 140737488355328 elements of float64 are more than memory can hold") {
        _ = Tensor.zeros([1 << 47], dataType: .float64)
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

let elementwiseTraps: [Trap] = [
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
    Trap("exp: not defined for tensors of int32; cast(to:) first") {
        _ = exp(Tensor([1] as [Int32]))
    },
    Trap("-: not defined for tensors of uint8; cast(to:) first") { _ = -Tensor([1] as [UInt8]) },
    Trap("/: not defined for tensors of int32; cast(to:) first") {
        _ = Tensor([1] as [Int32]) / Tensor([1] as [Int32])
    },
    Trap("*: not defined for tensors of bool; cast(to:) first") {
        _ = Tensor([true]) * Tensor([true])
    },
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

let shapeTraps: [Trap] = [
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
