import Autograd
import Foundation
import TestSupport

/// What slides a filter along one axis or three.
let convolutionCases: [OperationCase] =
    [
        one(
            "plain",
            [[[2, 2, 4], [3, 2, 2]], [[1, 1, 1], [1, 1, 1]], [[0, 1, 2], [1, 1, 2]]]),
        one(
            "strided, padded and dilated", [[[1, 2, 5], [2, 2, 3]]],
            Sliding(stride: [2], padding: [2], dilation: [2])),
        one("in groups", [[[1, 4, 3], [2, 2, 2]]], Sliding(groups: 2)),
        oneTransposed("plain", [[[2, 2, 3], [2, 3, 2]]]),
        oneTransposed(
            "strided, padded and dilated", [[[1, 2, 3], [2, 2, 3]]],
            Sliding(stride: [3], padding: [1], dilation: [2]), outputPadding: [1]),
        oneTransposed("in groups", [[[1, 4, 2], [4, 1, 2]]], Sliding(stride: [2], groups: 2)),
        causal("plain", [[[2, 2, 4], [2, 2, 3]], [[1, 1, 1], [1, 1, 4]]], Sliding()),
        causal(
            "strided and dilated", [[[1, 2, 5], [2, 1, 2]]],
            Sliding(stride: [2], dilation: [2], groups: 2)),
        three(
            "plain", [[[1, 2, 2, 2, 2], [2, 2, 2, 1, 2]], [[0, 1, 1, 1, 1], [1, 1, 1, 1, 1]]]),
        three(
            "strided, padded and dilated", [[[1, 1, 3, 3, 2], [2, 1, 2, 2, 1]]],
            Sliding(stride: [2, 1, 2], padding: [1, 0, 1], dilation: [1, 2, 1])),
        three("in groups", [[[2, 4, 2, 1, 2], [2, 2, 2, 1, 1]]], Sliding(groups: 2)),
        threeTransposed("plain", [[[1, 2, 2, 1, 2], [2, 1, 2, 2, 1]]]),
        threeTransposed(
            "strided, padded and dilated", [[[1, 1, 2, 2, 1], [1, 2, 2, 2, 2]]],
            Sliding(stride: [2, 1, 2], padding: [1, 0, 0], dilation: [1, 2, 1]),
            outputPadding: [1, 0, 1]),
        threeTransposed("in groups", [[[1, 4, 2, 1, 1], [4, 1, 2, 1, 2]]], Sliding(groups: 2)),
    ] + poolingCases

/// How a filter slides along each axis; 1 and 0 if not given.
struct Sliding: Sendable {
    var stride: [Int] = []
    var padding: [Int] = []
    var dilation: [Int] = []
    var groups = 1

    func step(_ axis: Int) -> Int { axis < stride.count ? stride[axis] : 1 }
    func margin(_ axis: Int) -> Int { axis < padding.count ? padding[axis] : 0 }
    func distance(_ axis: Int) -> Int { axis < dilation.count ? dilation[axis] : 1 }

    /// The convolution by its definition, of any number of axes.
    func convolved(_ x: NaiveArray, _ filter: NaiveArray) -> NaiveArray {
        let axes = 0..<x.shape.count - 2
        let sizes = axes.map { axis in
            let span = distance(axis) * (filter.shape[axis + 2] - 1) + 1
            return (x.shape[axis + 2] + 2 * margin(axis) - span) / step(axis) + 1
        }
        let outputs = filter.shape[0] / groups
        return NaiveArray(shape: [x.shape[0], filter.shape[0]] + sizes) { index in
            var sum = 0.0
            for place in NaiveArray.indices(Array(filter.shape.dropFirst())) {
                let position = axes.map {
                    index[$0 + 2] * step($0) - margin($0) + place[$0 + 1] * distance($0)
                }
                guard axes.allSatisfy({ (0..<x.shape[$0 + 2]).contains(position[$0]) }) else {
                    continue
                }
                let channel = index[1] / outputs * filter.shape[1] + place[0]
                sum += x[[index[0], channel] + position] * filter[[index[1]] + place]
            }
            return sum
        }
    }

    /// The transposed convolution by its definition.
    func spread(_ x: NaiveArray, _ filter: NaiveArray, outputPadding: [Int]) -> NaiveArray {
        let axes = 0..<x.shape.count - 2
        let sizes = axes.map { axis in
            (x.shape[axis + 2] - 1) * step(axis) - 2 * margin(axis)
                + distance(axis) * (filter.shape[axis + 2] - 1) + 1
                + (axis < outputPadding.count ? outputPadding[axis] : 0)
        }
        let inputs = filter.shape[0] / groups
        let shape = [x.shape[0], filter.shape[1] * groups] + sizes
        var result = NaiveArray([Double](repeating: 0, count: shape.reduce(1, *)), shape: shape)
        for index in NaiveArray.indices(x.shape) {
            for place in NaiveArray.indices(Array(filter.shape.dropFirst())) {
                let position = axes.map {
                    index[$0 + 2] * step($0) - margin($0) + place[$0 + 1] * distance($0)
                }
                guard axes.allSatisfy({ (0..<sizes[$0]).contains(position[$0]) }) else { continue }
                let channel = index[1] / inputs * filter.shape[1] + place[0]
                let target = [index[0], channel] + position
                let offset = zip(target, shape).reduce(0) { $0 * $1.1 + $1.0 }
                result.elements[offset] += x[index] * filter[[index[1]] + place]
            }
        }
        return result
    }
}

extension Size3D {
    init(_ sides: [Int]) { self.init(depth: sides[0], height: sides[1], width: sides[2]) }
}

private func one(_ variant: String, _ shapes: [[[Int]]], _ sliding: Sliding = Sliding())
    -> OperationCase
{
    OperationCase(
        declaration: "convolution1D(Tensor, Tensor, stride:, padding:, dilation:, groups:)",
        variant: variant, domains: [.any, .any], shapes: shapes,
        largeShapes: [[8, 4 * sliding.groups, 3200], [6 * sliding.groups, 4, 3]],
        function: {
            convolution1D(
                $0[0], $0[1], stride: sliding.step(0), padding: sliding.margin(0),
                dilation: sliding.distance(0), groups: sliding.groups)
        },
        reference: { sliding.convolved($0[0], $0[1]) })
}

private func causal(_ variant: String, _ shapes: [[[Int]]], _ sliding: Sliding) -> OperationCase {
    OperationCase(
        declaration: "causalConvolution1D(Tensor, Tensor, stride:, dilation:, groups:)",
        variant: variant, domains: [.any, .any], shapes: shapes,
        largeShapes: [[8, 4 * sliding.groups, 3200], [6 * sliding.groups, 4, 3]],
        function: {
            causalConvolution1D(
                $0[0], $0[1], stride: sliding.step(0), dilation: sliding.distance(0),
                groups: sliding.groups)
        },
        reference: { operands in
            let (x, filter) = (operands[0], operands[1])
            let reach = sliding.distance(0) * (filter.shape[2] - 1)
            let shape = [x.shape[0], x.shape[1], x.shape[2] + reach]
            let padded = NaiveArray(shape: shape) {
                $0[2] < reach ? 0 : x[[$0[0], $0[1], $0[2] - reach]]
            }
            return sliding.convolved(padded, filter)
        })
}

private func oneTransposed(
    _ variant: String, _ shapes: [[[Int]]], _ sliding: Sliding = Sliding(),
    outputPadding: [Int] = [0]
) -> OperationCase {
    OperationCase(
        declaration: "transposedConvolution1D(Tensor, Tensor, stride:, padding:, "
            + "outputPadding:, dilation:, groups:)",
        variant: variant, domains: [.any, .any], shapes: shapes,
        largeShapes: [[8, 4 * sliding.groups, 3200], [4 * sliding.groups, 6, 3]],
        function: {
            transposedConvolution1D(
                $0[0], $0[1], stride: sliding.step(0), padding: sliding.margin(0),
                outputPadding: outputPadding[0], dilation: sliding.distance(0),
                groups: sliding.groups)
        },
        reference: { sliding.spread($0[0], $0[1], outputPadding: outputPadding) })
}

private func three(_ variant: String, _ shapes: [[[Int]]], _ sliding: Sliding = Sliding())
    -> OperationCase
{
    OperationCase(
        declaration: "convolution3D(Tensor, Tensor, stride:, padding:, dilation:, groups:)",
        variant: variant, domains: [.any, .any], shapes: shapes,
        largeShapes: [[4, 4 * sliding.groups, 9, 28, 26], [6 * sliding.groups, 4, 2, 3, 2]],
        function: {
            convolution3D(
                $0[0], $0[1], stride: Size3D((0..<3).map(sliding.step)),
                padding: Size3D((0..<3).map(sliding.margin)),
                dilation: Size3D((0..<3).map(sliding.distance)), groups: sliding.groups)
        },
        reference: { sliding.convolved($0[0], $0[1]) })
}

private func threeTransposed(
    _ variant: String, _ shapes: [[[Int]]], _ sliding: Sliding = Sliding(),
    outputPadding: [Int] = [0, 0, 0]
) -> OperationCase {
    OperationCase(
        declaration: "transposedConvolution3D(Tensor, Tensor, stride:, padding:, "
            + "outputPadding:, dilation:, groups:)",
        variant: variant, domains: [.any, .any], shapes: shapes,
        largeShapes: [[4, 4 * sliding.groups, 9, 28, 26], [4 * sliding.groups, 6, 2, 3, 2]],
        function: {
            transposedConvolution3D(
                $0[0], $0[1], stride: Size3D((0..<3).map(sliding.step)),
                padding: Size3D((0..<3).map(sliding.margin)),
                outputPadding: Size3D(outputPadding),
                dilation: Size3D((0..<3).map(sliding.distance)), groups: sliding.groups)
        },
        reference: { sliding.spread($0[0], $0[1], outputPadding: outputPadding) })
}

private let poolingCases: [OperationCase] = [
    pooling("maxPooling1D(Tensor, window:, stride:, padding:)") {
        maxPooling1D($0, window: 3, stride: 2, padding: 1)
    } _: {
        $0.max() ?? .nan
    },
    pooling("averagePooling1D(Tensor, window:, stride:, padding:, countingPadding:)") {
        averagePooling1D($0, window: 3, stride: 2, padding: 1)
    } _: {
        $0.reduce(0, +) / 3
    },
    pooling(
        "averagePooling1D(Tensor, window:, stride:, padding:, countingPadding:)",
        variant: "not counting padding"
    ) {
        averagePooling1D($0, window: 3, stride: 2, padding: 1, countingPadding: false)
    } _: {
        $0.reduce(0, +) / Double($0.count)
    },
]

private func pooling(
    _ declaration: String, variant: String = "",
    _ function: @escaping @Sendable (Tensor) -> Tensor,
    _ summary: @escaping @Sendable ([Double]) -> Double
) -> OperationCase {
    .shaped(
        declaration, variant: variant, [[1, 2, 5], [2, 1, 1]], large: [20, 4, 1600], function
    ) { x in
        NaiveArray(shape: [x.shape[0], x.shape[1], (x.shape[2] - 1) / 2 + 1]) { index in
            let places = max(0, 2 * index[2] - 1)..<min(x.shape[2], 2 * index[2] + 2)
            return summary(places.map { x[[index[0], index[1], $0]] })
        }
    }
}
