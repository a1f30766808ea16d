import Autograd
import Foundation
import TestSupport
import Testing

/// Every operation that takes an axis, a size, a step or a count either has a result for the
/// least, the greatest and other absurd ones or refuses them by name: none ends in an overflow.
@Suite struct ExtremeNumberTests {
    /// The last is of elements that no address space has room for.
    static let numbers = [Int.min, -1, 0, Int.max, 1 << 62, 1 << 46]

    @Test(arguments: operations.indices, numbers)
    func resultsOrMessages(_ index: Int, _ number: Int) async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { [index, number] in
            operations[index].body(Tensor.ones([2, 3]), number)
            FileHandle.standardError.write(Data("has a result".utf8))
            exit(1)
        }
        let (text, operation) = (message(of: result), operations[index])
        let isRefused = operation.names.contains { text.hasPrefix("Fatal error: \($0): ") }
        #expect(
            isRefused || text == "has a result", "\(operation.names[0]) of \(number): \(text)")
    }
}

private struct Operation: Sendable {
    /// What a message may begin with.
    let names: [String]
    let body: @Sendable (Tensor, Int) -> Void

    init(_ names: String..., body: @escaping @Sendable (Tensor, Int) -> Void) {
        self.names = names
        self.body = body
    }
}

private func integers(_ x: Tensor) -> Tensor { x.cast(to: .int32) }
private let none = Tensor([] as [Int32])
private let image = Tensor.ones([1, 4, 5, 5])
private let filter = Tensor.ones([4, 4, 3, 3])

private func range(_ number: Int) -> Range<Int> { min(number, 0)..<max(number, 0) }

private func slope(_ x: Tensor, _ function: (Tensor) -> Tensor) {
    gradient(at: x) { function($0).sum() }.evaluate()
}

private let operations: [Operation] = reductions + shapes + creations + layers

private let reductions: [Operation] = [
    Operation("sum") { x, n in slope(x) { $0.sum(axes: [n]) } },
    Operation("mean") { x, n in slope(x) { $0.mean(axes: [n]) } },
    Operation("variance") { x, n in slope(x) { $0.variance(axes: [n]) } },
    Operation("variance") { x, n in slope(x) { $0.variance(correction: n) } },
    Operation("max") { x, n in slope(x) { $0.max(axes: [n]) } },
    Operation("min") { x, n in slope(x) { $0.min(axes: [n]) } },
    Operation("logSumExp") { x, n in slope(x) { $0.logSumExp(axes: [n]) } },
    Operation("argmax") { $0.argmax(axis: $1).evaluate() },
    Operation("argmin") { $0.argmin(axis: $1).evaluate() },
    Operation("any", "max") { ($0 .> 0).any(axes: [$1]).evaluate() },
    Operation("all", "min") { ($0 .> 0).all(axes: [$1]).evaluate() },
    Operation("softmax") { x, n in slope(x) { softmax($0, axis: n) } },
    Operation("logSoftmax") { x, n in slope(x) { logSoftmax($0, axis: n) } },
    Operation("crossEntropy") { x, n in
        slope(x) { crossEntropy(logits: $0, labels: integers(x.sum(axes: [1]) * 0), axis: n) }
    },
    Operation("cumulativeSum") { x, n in slope(x) { $0.cumulativeSum(axis: n) } },
    Operation("sortedIndices") { x, n in slope(x) { $0.sorted(axis: n) } },
    Operation("sortedIndices") { $0.sortedIndices(axis: $1).evaluate() },
    Operation("topIndices") { $0.topIndices($1).evaluate() },
    Operation("topIndices") { $0.topIndices(1, axis: $1).evaluate() },
]

private let shapes: [Operation] = [
    Operation("gathered") { x, n in slope(x) { $0.gathered(at: integers(x), axis: n) } },
    Operation("gatheredAlong") { x, n in
        slope(x) { $0.gatheredAlong(axis: n, at: integers(x)) }
    },
    Operation("scatterAdded") { x, n in
        slope(x) { $0.scatterAdded(at: Tensor([0, 1] as [Int32]), axis: n, size: 2) }
    },
    Operation("scatterAdded", "Tensor") { x, n in
        slope(x) { $0.scatterAdded(at: Tensor([0, 0] as [Int32]), size: n) }
    },
    Operation("scatterAdded", "Tensor") { x, n in
        Tensor.ones([0, 3]).scatterAdded(at: none, size: n).evaluate()
    },
    Operation("scatterAddedAlong") { x, n in
        slope(x) { $0.scatterAddedAlong(axis: n, at: integers(x), size: 2) }
    },
    Operation("scatterAddedAlong", "scatterAdded", "Tensor") { x, n in
        slope(x) { $0.scatterAddedAlong(axis: 1, at: integers(x), size: n) }
    },
    Operation("oneHot", "scatterAdded", "Tensor") { oneHot(integers($0), depth: $1).evaluate() },
    Operation("RowSelection") { _ = RowSelection(integers($0), of: $1) },
    Operation("sliced") { x, n in slope(x) { $0.sliced(axis: n, 0..<1) } },
    Operation("sliced") { x, n in slope(x) { $0.sliced(axis: 0, range(n)) } },
    Operation("sliced") { x, n in slope(x) { $0.sliced(axis: 1, 0..<3, step: n) } },
    Operation("sliced") { x, n in slope(x) { $0[range(n)] } },
    Operation("subscript") { x, n in slope(x) { $0[n] } },
    Operation("reversed") { x, n in slope(x) { $0.reversed(axis: n) } },
    Operation("reshaped") { x, n in slope(x) { $0.reshaped([n, -1]) } },
    Operation("reshaped") { x, n in slope(x) { $0.reshaped([n, n, 0]) } },
    Operation("expandingAxis") { x, n in slope(x) { $0.expandingAxis(n) } },
    Operation("squeezed") { x, n in slope(x) { $0.squeezed(axes: [n]) } },
    Operation("flattened") { x, n in slope(x) { $0.flattened(fromAxis: n) } },
    Operation("broadcast", "Tensor") { x, n in slope(x) { $0.broadcast(to: [n, 2, 3]) } },
    Operation("transposed") { x, n in slope(x) { $0.transposed([n, 0]) } },
    Operation("swappingAxes") { x, n in slope(x) { $0.swappingAxes(0, n) } },
    Operation("concatenated") { x, n in slope(x) { concatenated([$0, $0], axis: n) } },
    Operation("stacked") { x, n in slope(x) { stacked([$0, $0], axis: n) } },
    Operation("padded", "shape", "Tensor") { x, n in
        slope(x) { $0.padded([(0, 0), (n, 1)]) }
    },
    Operation("padded", "shape", "Tensor") { x, n in
        slope(x) { $0.padded([(n, n), (n, n)]) }
    },
    Operation("depthToSpace") { _, n in slope(image) { depthToSpace($0, factor: n) } },
    Operation("depthToSpace") { _, n in depthToSpace(zeros(1, 0, 2, 2), factor: n).evaluate() },
]

private let creations: [Operation] = [
    Operation("shape", "Tensor") { zeros($1).evaluate() },
    Operation("shape", "Tensor") { zeros($1, $1).evaluate() },
    Operation("shape", "Tensor") { _ = "\(zeros($1, 0)) \(zeros(0, $1, 2))" },
    Operation("shape", "Tensor") { Tensor($0.elements(as: Float.self), shape: [$1]).evaluate() },
    Operation("range", "Tensor") { Tensor.range($1).evaluate() },
    Operation("linearSpace", "Tensor") {
        Tensor.linearSpace(from: 0, through: 1, count: $1).evaluate()
    },
    Operation("identity", "Tensor") { Tensor.identity($1).evaluate() },
    Operation("uniform", "Tensor", body: drawing { _ = $0.uniform([$1]) }),
    Operation("normal", "Tensor", body: drawing { _ = $0.normal([$1, 3]) }),
    Operation("uniform", "Tensor", body: drawing { _ = $0.bernoulli([$1], probability: 0.5) }),
    Operation("integers", "Tensor", body: drawing { _ = $0.integers([$1], in: 0..<2) }),
    Operation("integers", body: drawing { _ = $0.integers([2], in: range($1)) }),
    Operation("permutation", "Tensor", body: drawing { _ = $0.permutation($1) }),
    Operation("Threads.count") { Threads.count = $1 },
    Operation("gradientCheck") { x, n in _ = gradientCheck(at: x, order: n) { $0 } },
]

private func drawing(
    _ draw: @escaping @Sendable (inout RandomGenerator, Int) -> Void
) -> @Sendable (Tensor, Int) -> Void {
    { _, number in
        var generator = RandomGenerator(seed: 1)
        draw(&generator, number)
    }
}

private let layers: [Operation] = [
    Operation("convolution2D") { _, n in
        slope(image) { convolution2D($0, filter, stride: Size2D(n)) }
    },
    Operation("convolution2D") { _, n in
        slope(image) { convolution2D($0, filter, padding: Size2D(n)) }
    },
    Operation("convolution2D") { _, n in
        slope(image) { convolution2D($0, filter, dilation: Size2D(height: n, width: 1)) }
    },
    Operation("convolution2D") { _, n in
        slope(image) { convolution2D($0, filter, groups: n) }
    },
    Operation("transposedConvolution2D") { _, n in
        slope(image) { transposedConvolution2D($0, filter, stride: Size2D(n)) }
    },
    Operation("transposedConvolution2D") { _, n in
        slope(image) { transposedConvolution2D($0, filter, padding: Size2D(n)) }
    },
    Operation("transposedConvolution2D") { _, n in
        slope(image) { transposedConvolution2D($0, filter, outputPadding: Size2D(n)) }
    },
    Operation("transposedConvolution2D") { _, n in
        slope(image) { transposedConvolution2D($0, filter, dilation: Size2D(n)) }
    },
    Operation("transposedConvolution2D") { _, n in
        slope(image) { transposedConvolution2D($0, filter, groups: n) }
    },
    Operation("maxPooling2D") { _, n in slope(image) { maxPooling2D($0, window: Size2D(n)) } },
    Operation("maxPooling2D") { _, n in
        slope(image) { maxPooling2D($0, window: 2, stride: Size2D(n)) }
    },
    Operation("averagePooling2D") { _, n in
        slope(image) {
            averagePooling2D($0, window: 2, padding: Size2D(n), countingPadding: false)
        }
    },
    Operation("selfAttention") { _, n in
        slope(Tensor.ones([1, 2, 12])) { selfAttention($0, heads: n) }
    },
    Operation("selfAttention") { _, n in
        selfAttention(Tensor.ones([1, 2, 0]), heads: n).evaluate()
    },
    Operation("longShortTermMemory", "Tensor") { _, n in
        slope(Tensor.ones([1, 1, 4])) {
            longShortTermMemory(
                projections: $0, recurrentWeights: zeros(4, 1), hidden: zeros(1, 1),
                cell: zeros(1, 1), steps: n
            ).outputs
        }
    },
    Operation("gradientCheck") { x, n in
        guard n <= 0 else { return }
        _ = gradientCheck(at: x, mode: .directional(directions: n)) { $0 }
    },
]
