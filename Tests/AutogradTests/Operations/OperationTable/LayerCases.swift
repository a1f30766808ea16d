import Autograd
import Foundation
import TestSupport

/// Normalisations, losses from logits, and what slides a window over images.
let layerCases: [OperationCase] = [
    .shaped(
        "softmax(Tensor, axis:)", saturates: true, [[3], [2, 3], [2, 1], [0, 2]],
        large: [500, 301], { softmax($0) }, { softmaxReference($0) }),
    .shaped(
        "softmax(Tensor, axis:)", variant: "first axis", saturates: true, [[3, 2], [1, 2]],
        large: [500, 301], { softmax($0, axis: 0) },
        { swapped(softmaxReference(swapped($0))) }),
    .shaped(
        "logSoftmax(Tensor, axis:)", saturates: true, [[3], [2, 3], [2, 1], [0, 2]],
        large: [500, 301], { logSoftmax($0) }, { softmaxReference($0).map(Foundation.log) }),
    .shaped(
        "logSoftmax(Tensor, axis:)", variant: "first axis", saturates: true, [[3, 2], [1, 2]],
        large: [500, 301], { logSoftmax($0, axis: 0) },
        { swapped(softmaxReference(swapped($0))).map(Foundation.log) }),
    .shaped(
        "crossEntropy(logits:, labels:, axis:)", saturates: true, [[2, 3], [2, 4]],
        large: [2, 60_001],
        { crossEntropy(logits: $0, labels: Tensor([2, 0] as [Int32])) },
        { operand in
            let softmax = softmaxReference(operand)
            return NaiveArray(shape: [2]) { -Foundation.log(softmax[$0 + [[2, 0][$0[0]]]]) }
        }),
    OperationCase(
        declaration: "crossEntropy(logits:, probabilities:, axis:)",
        domains: [.any, Domain(range: 0...1)],
        shapes: [[[3], [3]], [[2, 3], [2, 3]], [[2, 1], [2, 1]], [[0, 2], [0, 2]]],
        largeShapes: [[500, 301], [500, 301]],
        function: { crossEntropy(logits: $0[0], probabilities: $0[1]) },
        reference: { operands in
            let logarithms = softmaxReference(operands[0]).map(Foundation.log)
            return NaiveArray.combining(logarithms, operands[1], *)
                .reduced(axes: [-1]) { -$0.reduce(0, +) }
        }),
    .binary(
        "binaryCrossEntropy(logits:, targets:)", .any, Domain(range: 0...1),
        { binaryCrossEntropy(logits: $0, targets: $1) }, binaryCrossEntropyReference),
    .unary(
        "binaryCrossEntropy(logits:, targets:)", .any, saturates: true,
        { binaryCrossEntropy(logits: $0, targets: Tensor(0.25, dataType: $0.dataType)) },
        { binaryCrossEntropyReference($0, 0.25) }),

    convolution("plain", SquareSliding(), shapes: [[[2, 2, 3, 3], [2, 2, 2, 2]]]),
    convolution(
        "of one place", SquareSliding(),
        shapes: [[[1, 1, 1, 1], [1, 1, 1, 1]], [[2, 1, 2, 1], [3, 1, 1, 1]]]),
    convolution(
        "strided, padded and dilated", SquareSliding(stride: 2, padding: 1, dilation: 2),
        shapes: [[[1, 2, 4, 5], [1, 2, 2, 2]]]),
    convolution(
        "in groups", SquareSliding(padding: 1, groups: 2), shapes: [[[1, 4, 2, 2], [2, 2, 3, 2]]]),
    causalConvolution("with the center", includesCenter: true),
    causalConvolution("without the center", includesCenter: false),
    transposedConvolution("plain", SquareSliding(), shapes: [[[2, 2, 2, 2], [2, 2, 2, 2]]]),
    transposedConvolution(
        "strided, padded and dilated", SquareSliding(stride: 2, padding: 1, dilation: 2),
        outputPadding: 1, shapes: [[[1, 2, 2, 2], [2, 1, 2, 3]]]),
    transposedConvolution(
        "in groups", SquareSliding(stride: 2, groups: 2), shapes: [[[1, 4, 2, 1], [4, 1, 2, 2]]]),

    .shaped(
        "maxPooling2D(Tensor, window:, stride:, padding:)", saturates: true,
        [[1, 2, 4, 4], [1, 1, 3, 5], [1, 1, 2, 2]], large: [20, 4, 40, 40],
        { maxPooling2D($0, window: 2) },
        { pooled($0, window: 2, stride: 2, padding: 0) { $0.compactMap(\.self).max() ?? .nan } }),
    .shaped(
        "maxPooling2D(Tensor, window:, stride:, padding:)", variant: "overlapping, padded",
        [[1, 1, 4, 3], [2, 1, 1, 1]], large: [20, 4, 40, 40],
        { maxPooling2D($0, window: 3, stride: 2, padding: 1) },
        { pooled($0, window: 3, stride: 2, padding: 1) { $0.compactMap(\.self).max() ?? .nan } }),
    .shaped(
        "averagePooling2D(Tensor, window:, stride:, padding:, countingPadding:)",
        saturates: true, [[1, 2, 4, 4], [1, 1, 3, 5]], large: [20, 4, 40, 40],
        { averagePooling2D($0, window: 2) },
        { pooled($0, window: 2, stride: 2, padding: 0) { $0.compactMap(\.self).reduce(0, +) / 4 } }),
    .shaped(
        "averagePooling2D(Tensor, window:, stride:, padding:, countingPadding:)",
        variant: "padded", [[1, 1, 4, 3], [2, 1, 1, 1]], large: [20, 4, 40, 40],
        { averagePooling2D($0, window: 3, stride: 2, padding: 1) },
        { pooled($0, window: 3, stride: 2, padding: 1) { $0.compactMap(\.self).reduce(0, +) / 9 } }),
    .shaped(
        "averagePooling2D(Tensor, window:, stride:, padding:, countingPadding:)",
        variant: "not counting padding", [[1, 1, 4, 3], [2, 1, 1, 1]], large: [20, 4, 40, 40],
        { averagePooling2D($0, window: 3, stride: 2, padding: 1, countingPadding: false) },
        {
            pooled($0, window: 3, stride: 2, padding: 1) {
                let inside = $0.compactMap(\.self)
                return inside.reduce(0, +) / Double(inside.count)
            }
        }),
]

private func softmaxReference(_ operand: NaiveArray) -> NaiveArray {
    let powers = operand.map(Foundation.exp)
    let sums = powers.reduced(axes: [-1], keepingAxes: true) { $0.reduce(0, +) }
    return NaiveArray.combining(powers, sums, /)
}

@Sendable private func binaryCrossEntropyReference(_ logit: Double, _ target: Double) -> Double {
    let probability = 1 / (1 + Foundation.exp(-logit))
    return -target * Foundation.log(probability) - (1 - target) * Foundation.log(1 - probability)
}

/// How a filter slides along both axes.
private struct SquareSliding: Sendable {
    var stride = 1
    var padding = 0
    var dilation = 1
    var groups = 1
}

private func convolution(
    _ variant: String, _ sliding: SquareSliding, shapes: [[[Int]]]
) -> OperationCase {
    let groups = sliding.groups
    return OperationCase(
        declaration: "convolution2D(Tensor, Tensor, stride:, padding:, dilation:, groups:)",
        variant: variant, domains: [.any, .any], shapes: shapes,
        largeShapes: [[16, 4 * groups, 42, 40], [6 * groups, 4, 3, 3]],
        function: {
            convolution2D(
                $0[0], $0[1], stride: Size2D(sliding.stride), padding: Size2D(sliding.padding),
                dilation: Size2D(sliding.dilation), groups: groups)
        },
        reference: { operands in
            let (x, filter) = (operands[0], operands[1])
            func size(_ axis: Int) -> Int {
                let span = sliding.dilation * (filter.shape[axis] - 1) + 1
                return (x.shape[axis] + 2 * sliding.padding - span) / sliding.stride + 1
            }
            let outputs = filter.shape[0] / groups
            return NaiveArray(shape: [x.shape[0], filter.shape[0], size(2), size(3)]) { index in
                var sum = 0.0
                for place in NaiveArray.indices(Array(filter.shape.dropFirst())) {
                    let row =
                        index[2] * sliding.stride - sliding.padding + place[1] * sliding.dilation
                    let column =
                        index[3] * sliding.stride - sliding.padding + place[2] * sliding.dilation
                    guard (0..<x.shape[2]).contains(row), (0..<x.shape[3]).contains(column)
                    else { continue }
                    let channel = index[1] / outputs * filter.shape[1] + place[0]
                    sum += x[[index[0], channel, row, column]] * filter[[index[1]] + place]
                }
                return sum
            }
        })
}

private func causalConvolution(_ variant: String, includesCenter: Bool) -> OperationCase {
    OperationCase(
        declaration: "causalConvolution2D(Tensor, Tensor, includesCenter:)", variant: variant,
        domains: [.any, .any],
        shapes: [[[2, 2, 3, 2], [2, 2, 3, 3]], [[1, 1, 2, 3], [2, 1, 1, 3]]],
        largeShapes: [[16, 4, 42, 40], [6, 4, 3, 3]],
        function: { causalConvolution2D($0[0], $0[1], includesCenter: includesCenter) },
        reference: { operands in
            let (x, filter) = (operands[0], operands[1])
            let center = filter.shape[2] * filter.shape[3] / 2
            let seen = includesCenter ? center + 1 : center
            return NaiveArray(shape: [x.shape[0], filter.shape[0], x.shape[2], x.shape[3]]) {
                index in
                var sum = 0.0
                for place in NaiveArray.indices(Array(filter.shape.dropFirst()))
                where place[1] * filter.shape[3] + place[2] < seen {
                    let row = index[2] - filter.shape[2] / 2 + place[1]
                    let column = index[3] - filter.shape[3] / 2 + place[2]
                    guard (0..<x.shape[2]).contains(row), (0..<x.shape[3]).contains(column)
                    else { continue }
                    sum += x[[index[0], place[0], row, column]] * filter[[index[1]] + place]
                }
                return sum
            }
        })
}

private func transposedConvolution(
    _ variant: String, _ sliding: SquareSliding, outputPadding: Int = 0, shapes: [[[Int]]]
) -> OperationCase {
    let groups = sliding.groups
    return OperationCase(
        declaration: "transposedConvolution2D(Tensor, Tensor, stride:, padding:, "
            + "outputPadding:, dilation:, groups:)",
        variant: variant, domains: [.any, .any], shapes: shapes,
        largeShapes: [[16, 6 * groups, 32, 34], [6 * groups, 4, 3, 3]],
        function: {
            transposedConvolution2D(
                $0[0], $0[1], stride: Size2D(sliding.stride), padding: Size2D(sliding.padding),
                outputPadding: Size2D(outputPadding), dilation: Size2D(sliding.dilation),
                groups: groups)
        },
        reference: { operands in
            let (x, filter) = (operands[0], operands[1])
            func size(_ axis: Int) -> Int {
                (x.shape[axis] - 1) * sliding.stride - 2 * sliding.padding
                    + sliding.dilation * (filter.shape[axis] - 1) + 1 + outputPadding
            }
            let inputs = filter.shape[0] / groups
            let shape = [x.shape[0], filter.shape[1] * groups, size(2), size(3)]
            return NaiveArray(shape: shape) { index in
                let (group, output) = (index[1] / filter.shape[1], index[1] % filter.shape[1])
                var sum = 0.0
                for place in NaiveArray.indices([inputs, x.shape[2], x.shape[3]]) {
                    let down = index[2] + sliding.padding - place[1] * sliding.stride
                    let right = index[3] + sliding.padding - place[2] * sliding.stride
                    guard down % sliding.dilation == 0, right % sliding.dilation == 0 else {
                        continue
                    }
                    let (row, column) = (down / sliding.dilation, right / sliding.dilation)
                    guard (0..<filter.shape[2]).contains(row),
                        (0..<filter.shape[3]).contains(column)
                    else { continue }
                    let input = group * inputs + place[0]
                    sum +=
                        x[[index[0], input] + place.dropFirst()]
                        * filter[[input, output, row, column]]
                }
                return sum
            }
        })
}

/// `body` of the elements under each window, nil where it lies on padding.
private func pooled(
    _ x: NaiveArray, window: Int, stride: Int, padding: Int, _ body: ([Double?]) -> Double
) -> NaiveArray {
    let sizes = x.shape[2...].map { ($0 + 2 * padding - window) / stride + 1 }
    return NaiveArray(shape: x.shape[..<2] + sizes) { index in
        body(
            NaiveArray.indices([window, window]).map { place in
                let row = index[2] * stride - padding + place[0]
                let column = index[3] * stride - padding + place[1]
                let isInside = (0..<x.shape[2]).contains(row) && (0..<x.shape[3]).contains(column)
                return isInside ? x[index[..<2] + [row, column]] : nil
            })
    }
}
