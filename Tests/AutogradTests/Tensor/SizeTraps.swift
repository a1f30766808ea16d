import Autograd

private let most = Int.max
private let least = Int.min

/// Sizes, steps and counts that no memory or no number can hold.
let sizeTraps: [Trap] = [
    Trap("shape: shape [1152921504606846976] has too many elements") { _ = zeros(1 << 60) },
    Trap("shape: shape [9223372036854775807, 0] has too many elements") { _ = zeros(most, 0) },
    Trap("shape: shape [0, 4611686018427387904, 4] has too many elements") {
        _ = zeros(0, 1 << 62, 4)
    },
    Trap("shape: negative size in shape [0, -9223372036854775808]") { _ = zeros(0, least) },
    Trap("range: shape [9223372036854775807] has too many elements") { _ = Tensor.range(most) },
    Trap("linearSpace: shape [9223372036854775807] has too many elements") {
        _ = Tensor.linearSpace(from: 0, through: 1, count: most)
    },
    Trap("identity: negative size in shape [-1, -1]") { _ = Tensor.identity(-1) },
    Trap("identity: shape [4294967296, 4294967296] has too many elements") {
        _ = Tensor.identity(1 << 32)
    },
    Trap("broadcast: negative size in shape [-1]") { _ = zeros(1).broadcast(to: [-1]) },
    Trap("broadcast: shape [9223372036854775807, 2] has too many elements") {
        _ = zeros(2).broadcast(to: [most, 2])
    },
    Trap("+: shape [1048576, 1048576, 1048576] has too many elements") {
        _ = zeros(1 << 20, 1, 1) + zeros(1 << 20, 1) + zeros(1 << 20)
    },
    Trap("reshaped: shape [1, 4611686018427387904, 4] has too many elements") {
        _ = zeros(2).reshaped([-1, 1 << 62, 4])
    },
    Trap("reshaped: shape [0] with 0 elements does not become [-9223372036854775808, 0]") {
        _ = zeros(0).reshaped([least, 0])
    },
    Trap("flattened: axis -9223372036854775808 is out of range for shape [2]") {
        _ = zeros(2).flattened(fromAxis: least)
    },
    Trap("expandingAxis: axis 9223372036854775807 is out of range for a tensor of rank 2") {
        _ = zeros(2).expandingAxis(most)
    },
    Trap("transposed: axis -9223372036854775808 is out of range for a tensor of rank 2") {
        _ = zeros(2, 3).transposed([least, 0])
    },
    Trap("sum: axis -9223372036854775808 is out of range for a tensor of rank 1") {
        _ = zeros(2).sum(axes: [least])
    },
    Trap(
        "sliced: -9223372036854775808..<9223372036854775807 is out of range along axis 0 of shape "
            + "[2]"
    ) { _ = zeros(2).sliced(axis: 0, least..<most) },
    Trap("subscript: index -9223372036854775808 is out of range for shape [2]") {
        _ = zeros(2)[least]
    },
    Trap(
        "padded: widths [(before: 9223372036854775807, after: 9223372036854775807)] do not fit "
            + "shape [2]"
    ) { _ = zeros(2).padded([(most, most)]) },
    Trap(
        "depthToSpace: the channels of x of shape [1, 4, 1, 1] do not divide into squares of "
            + "4611686018427387904"
    ) { _ = depthToSpace(zeros(1, 4, 1, 1), factor: 1 << 62) },
    Trap("topIndices: -1 of axis 0 of shape [2]") { _ = zeros(2).topIndices(-1) },
    Trap("oneHot: the size -1 is negative") { _ = oneHot(Tensor([] as [Int32]), depth: -1) },
    Trap("scatterAdded: the size -9223372036854775808 is negative") {
        _ = zeros(0, 2).scatterAdded(at: Tensor([] as [Int32]), size: least)
    },
    Trap("scatterAdded: shape [9223372036854775807, 2] has too many elements") {
        _ = zeros(1, 2).scatterAdded(at: Tensor([0] as [Int32]), size: most)
    },
    Trap("RowSelection: a table of -1 rows") { _ = RowSelection(Tensor([] as [Int32]), of: -1) },
    Trap("RowSelection: a table of 9223372036854775807 rows") {
        _ = RowSelection(Tensor([0] as [Int32]), of: most)
    },
    Trap("permutation: negative size in shape [-1]") {
        var generator = RandomGenerator(seed: 1)
        _ = generator.permutation(-1)
    },
    Trap("permutation: shape [9223372036854775807] has too many elements") {
        var generator = RandomGenerator(seed: 1)
        _ = generator.permutation(most)
    },
    Trap("integers: the range -9223372036854775808..<9223372036854775807 is empty or beyond int32")
    {
        var generator = RandomGenerator(seed: 1)
        _ = generator.integers([1], in: least..<most)
    },
    Trap("normal: shape [9223372036854775807] has too many elements") {
        var generator = RandomGenerator(seed: 1)
        _ = generator.normal([most])
    },
    Trap("matmul: shape [4294967296, 4294967296] has too many elements") {
        _ = matmul(zeros(1 << 32, 0), zeros(0, 1 << 32))
    },
    Trap("scaledDotProductAttention: shape [1, 1, 1099511627776, 1099511627776]") {
        let empty = zeros(1, 1, 1 << 40, 0)
        _ = scaledDotProductAttention(query: empty, key: empty, value: empty)
    },
    Trap(
        "selfAttention: projections of shape [1, 2, 6] do not split into queries, keys and values "
            + "of 9223372036854775807 heads"
    ) { _ = selfAttention(zeros(1, 2, 6), heads: most) },
    Trap("longShortTermMemory: shape [1, 9223372036854775807, 4] has too many elements") {
        _ = longShortTermMemory(
            projections: zeros(1, 1, 4), recurrentWeights: zeros(4, 1), hidden: zeros(1, 1),
            cell: zeros(1, 1), steps: most)
    },
    Trap(
        "convolution2D: sizes beyond 2³⁰: x of shape [1, 1, 4, 4], filter [1, 1, 3, 3], stride "
            + "1 × 1, padding 9223372036854775807 × 9223372036854775807, dilation 1 × 1"
    ) { _ = convolution2D(zeros(1, 1, 4, 4), zeros(1, 1, 3, 3), padding: Size2D(most)) },
    Trap("convolution2D: sizes beyond 2³⁰: x of shape [1, 1, 4, 4], filter [1, 1, 3, 3], stride") {
        _ = convolution2D(zeros(1, 1, 4, 4), zeros(1, 1, 3, 3), dilation: Size2D(most))
    },
    Trap("convolution2D: shape [1, 1, 1073741828, 1073741828] has too many elements") {
        _ = convolution2D(zeros(1, 1, 4, 4), zeros(1, 1, 3, 3), padding: Size2D(1 << 29))
    },
    Trap("convolution2D: padding -9223372036854775808 × -9223372036854775808 is negative") {
        _ = convolution2D(zeros(1, 1, 4, 4), zeros(1, 1, 3, 3), padding: Size2D(least))
    },
    Trap("convolution2D: 9223372036854775807 groups are more than the channels of x of shape") {
        _ = convolution2D(zeros(1, 1, 4, 4), zeros(1, 1, 3, 3), groups: most)
    },
    Trap("transposedConvolution2D: sizes beyond 2³⁰") {
        _ = transposedConvolution2D(zeros(1, 1, 4, 4), zeros(1, 1, 3, 3), stride: Size2D(most))
    },
    Trap("maxPooling2D: sizes beyond 2³⁰") {
        _ = maxPooling2D(zeros(1, 1, 4, 4), window: 2, stride: Size2D(most))
    },
    Trap("averagePooling2D: sizes beyond 2³⁰") {
        _ = averagePooling2D(zeros(1, 1, 4, 4), window: 2, padding: Size2D(most))
    },
]
