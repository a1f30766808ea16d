import Autograd
import TestSupport
import Testing

/// Every operation that takes two tensors refuses those that do not fit, and every one that takes
/// an axis refuses one that is not there: by name, with the shapes or the axis.
@Suite struct MisfitTests {
    @Test(arguments: pairs.indices)
    func operandsThatDoNotFit(_ index: Int) async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { [index] in
            pairs[index].body(Tensor.zeros([2, 3]), Tensor.zeros([4, 5]))
        }
        let text = message(of: result)
        #expect(text.contains("Fatal error: \(pairs[index].name): "))
        #expect(text.contains("[2, 3]") && text.contains("[4, 5]"), "\(text)")
    }

    @Test(arguments: axes.indices)
    func axesThatAreNotThere(_ index: Int) async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { [index] in
            axes[index].body(Tensor.zeros([2, 3]), 2)
        }
        let text = message(of: result)
        #expect(
            text.contains("Fatal error: \(axes[index].name): axis 2 is out of range"), "\(text)")
    }
}

private struct Misfit<Argument>: Sendable {
    let name: String
    let body: @Sendable (Tensor, Argument) -> Void

    init(_ name: String, _ body: @escaping @Sendable (Tensor, Argument) -> Void) {
        self.name = name
        self.body = body
    }
}

private func mask(_ x: Tensor) -> Tensor { x.cast(to: .bool) }
private func integers(_ x: Tensor) -> Tensor { x.cast(to: .int32) }

private let pairs: [Misfit<Tensor>] = [
    Misfit("+") { _ = $0 + $1 },
    Misfit("-") { _ = $0 - $1 },
    Misfit("*") { _ = $0 * $1 },
    Misfit("/") { _ = $0 / $1 },
    Misfit("+") {
        var sum = $0
        sum += $1
    },
    Misfit("-") {
        var difference = $0
        difference -= $1
    },
    Misfit("*") {
        var product = $0
        product *= $1
    },
    Misfit("/") {
        var quotient = $0
        quotient /= $1
    },
    Misfit("pow") { _ = pow($0, $1) },
    Misfit("atan2") { _ = atan2($0, $1) },
    Misfit("maximum") { _ = maximum($0, $1) },
    Misfit("minimum") { _ = minimum($0, $1) },
    Misfit(".==") { let _: Tensor = $0 .== $1 },
    Misfit(".!=") { let _: Tensor = $0 .!= $1 },
    Misfit(".<") { let _: Tensor = $0 .< $1 },
    Misfit(".<=") { let _: Tensor = $0 .<= $1 },
    Misfit(".>") { let _: Tensor = $0 .> $1 },
    Misfit(".>=") { let _: Tensor = $0 .>= $1 },
    Misfit("select") { _ = select(mask($0), $1, $1) },
    Misfit("matmul") { _ = matmul($0, $1) },
    Misfit("dot") { _ = dot($0, $1) },
    Misfit("concatenated") { _ = concatenated([$0, $1]) },
    Misfit("stacked") { _ = stacked([$0, $1]) },
    Misfit("broadcast") { _ = $0.broadcast(to: $1.shape) },
    Misfit("gatheredAlong") { _ = $0.gatheredAlong(axis: 0, at: integers($1)) },
    Misfit("scatterAddedAlong") { _ = $0.scatterAddedAlong(axis: 0, at: integers($1), size: 4) },
    Misfit("crossEntropy") { _ = crossEntropy(logits: $0, labels: integers($1)) },
    Misfit("layerNormalization") { _ = layerNormalization($0, weight: $1, bias: $1) },
    Misfit("dotProducts") { _ = dotProducts($0, $1) },
    Misfit("nearestRows") { _ = nearestRows(of: $0, in: $1) },
    Misfit("scaledDotProductAttention") {
        _ = scaledDotProductAttention(query: $0, key: $1, value: $1)
    },
    Misfit("longShortTermMemory") {
        _ = longShortTermMemory(projections: $0, recurrentWeights: $1, hidden: $0, cell: $1)
    },
    Misfit("convolution2D") { _ = convolution2D($0, $1) },
    Misfit("causalConvolution2D") { _ = causalConvolution2D($0, $1, includesCenter: true) },
    Misfit("transposedConvolution2D") { _ = transposedConvolution2D($0, $1) },
    Misfit("convolution1D") { _ = convolution1D($0, $1) },
    Misfit("causalConvolution1D") { _ = causalConvolution1D($0, $1) },
    Misfit("transposedConvolution1D") { _ = transposedConvolution1D($0, $1) },
    Misfit("convolution3D") { _ = convolution3D($0, $1) },
    Misfit("transposedConvolution3D") { _ = transposedConvolution3D($0, $1) },
    Misfit("bilinearlySampled") { _ = bilinearlySampled($0, at: $1) },
    Misfit("pairwiseSquaredDistances") { _ = pairwiseSquaredDistances($0, $1) },
    Misfit("jacobianVectorProduct") { _ = jacobianVectorProduct(at: $0, along: $1) { $0 } },
    Misfit("hessianVectorProduct") { _ = hessianVectorProduct(at: $0, along: $1) { $0.sum() } },
    Misfit("pullback") { _ = valueWithPullback(at: $0) { $0 * 2 }.pullback($1) },
]

private let axes: [Misfit<Int>] = [
    Misfit("sum") { _ = $0.sum(axes: [$1]) },
    Misfit("mean") { _ = $0.mean(axes: [$1]) },
    Misfit("variance") { _ = $0.variance(axes: [$1]) },
    Misfit("max") { _ = $0.max(axes: [$1]) },
    Misfit("min") { _ = $0.min(axes: [$1]) },
    Misfit("logSumExp") { _ = $0.logSumExp(axes: [$1]) },
    Misfit("argmax") { _ = $0.argmax(axis: $1) },
    Misfit("argmin") { _ = $0.argmin(axis: $1) },
    Misfit("softmax") { _ = softmax($0, axis: $1) },
    Misfit("logSoftmax") { _ = logSoftmax($0, axis: $1) },
    Misfit("gathered") { _ = $0.gathered(at: Tensor([0] as [Int32]), axis: $1) },
    Misfit("gatheredAlong") { _ = $0.gatheredAlong(axis: $1, at: integers($0)) },
    Misfit("sortedIndices") { _ = $0.sortedIndices(axis: $1) },
    Misfit("topIndices") { _ = $0.topIndices(1, axis: $1) },
    Misfit("cumulativeSum") { _ = $0.cumulativeSum(axis: $1) },
    Misfit("sliced") { _ = $0.sliced(axis: $1, 0..<1) },
    Misfit("reversed") { _ = $0.reversed(axis: $1) },
    Misfit("squeezed") { _ = $0.squeezed(axes: [$1]) },
    Misfit("swappingAxes") { _ = $0.swappingAxes(0, $1) },
    Misfit("transposed") { _ = $0.transposed([0, $1]) },
    Misfit("concatenated") { _ = concatenated([$0, $0], axis: $1) },
]
