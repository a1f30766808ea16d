import Autograd
import Foundation
import TestSupport

/// Operations on sequences, on rows, and on the places of pixels.
let sequenceCases: [OperationCase] = [
    memory(
        "outputs", [[2, 3, 8], [8, 2], [2, 2], [2, 2]],
        large: [[32, 30, 80], [80, 20], [32, 20], [32, 20]]
    ) {
        longShortTermMemory(projections: $0[0], recurrentWeights: $0[1], hidden: $0[2], cell: $0[3])
            .outputs
    },
    memory(
        "the last cell", [[2, 2, 8], [8, 2], [2, 2], [2, 2]],
        large: [[32, 30, 80], [80, 20], [32, 20], [32, 20]], givesCell: true
    ) {
        longShortTermMemory(projections: $0[0], recurrentWeights: $0[1], hidden: $0[2], cell: $0[3])
            .cell
    },
    memory(
        "one projection for all steps", [[2, 1, 4], [4, 1], [2, 1], [2, 1]],
        large: [[33, 1, 80], [80, 20], [33, 20], [33, 20]], steps: 3
    ) {
        longShortTermMemory(
            projections: $0[0], recurrentWeights: $0[1], hidden: $0[2], cell: $0[3], steps: 3
        ).outputs
    },

    attention(
        "plain",
        [
            [[1, 2, 2, 3], [1, 2, 3, 3], [1, 2, 3, 2]],
            [[1, 1, 1, 1], [1, 1, 1, 1], [1, 1, 1, 1]],
        ]
    ) {
        scaledDotProductAttention(query: $0[0], key: $0[1], value: $0[2])
    } sees: { _, _ in
        0
    },
    attention("causal", [[[2, 1, 3, 2], [2, 1, 3, 2], [2, 1, 3, 2]]]) {
        scaledDotProductAttention(query: $0[0], key: $0[1], value: $0[2], isCausal: true)
    } sees: { query, key in
        key <= query ? 0 : -.infinity
    },
    attention(
        "with a mask", [[[1, 2, 2, 2], [1, 2, 3, 2], [1, 2, 3, 1]]],
        large: [[300, 2, 2, 100], [300, 2, 3, 100], [300, 2, 3, 30]]
    ) { operands in
        let mask = Tensor([0, 0.5, -1, 2, 0, 0], shape: [2, 3]).cast(to: operands[0].dataType)
        return scaledDotProductAttention(
            query: operands[0], key: operands[1], value: operands[2], mask: mask)
    } sees: { query, key in
        [[0, 0.5, -1], [2, 0, 0]][query][key]
    },
    selfAttentionCase("plain", isCausal: false),
    selfAttentionCase("causal", isCausal: true),

    OperationCase(
        declaration: "layerNormalization(Tensor, weight:, bias:, epsilon:)",
        domains: [.any, .any, .any],
        shapes: [
            [[2, 3], [3], [3]], [[2, 2, 2], [2, 2], [2, 2]], [[3], [3], [3]], [[2, 1], [1], [1]],
            [[0, 2], [2], [2]],
        ],
        largeShapes: [[500, 301], [301], [301]],
        function: { layerNormalization($0[0], weight: $0[1], bias: $0[2], epsilon: 0.01) },
        reference: { operands in
            let (x, weight) = (operands[0], operands[1])
            let axes = (1...weight.shape.count).map { -$0 }
            let size = Double(weight.elements.count)
            let mean = x.reduced(axes: axes, keepingAxes: true) { $0.reduce(0, +) / size }
            let deviation = NaiveArray.combining(x, mean, -)
            let variance = deviation.reduced(axes: axes, keepingAxes: true) {
                $0.reduce(0) { $0 + $1 * $1 } / size
            }
            let normalized = NaiveArray.combining(deviation, variance) {
                $0 / ($1 + 0.01).squareRoot()
            }
            return .combining(.combining(normalized, weight, *), operands[2], +)
        }),
    OperationCase(
        declaration: "dotProducts(Tensor, Tensor)", domains: [.any, .any],
        shapes: [
            [[3], [3]], [[2, 3], [2, 3]], [[2, 1, 3], [2, 4, 3]], [[2, 4, 3], [2, 1, 3]],
            [[3], [4, 3]], [[2, 1, 3], [1, 4, 3]], [[2, 3, 2], [3, 2]], [[0, 3], [0, 3]],
            [[2, 0], [2, 0]],
        ],
        largeShapes: [[300, 1, 101], [300, 5, 101]],
        function: { dotProducts($0[0], $0[1]) },
        reference: { NaiveArray.combining($0[0], $0[1], *).reduced(axes: [-1]) { $0.reduce(0, +) } }
    ),
]

private func memory(
    _ variant: String, _ shapes: [[Int]], large: [[Int]], steps: Int? = nil,
    givesCell: Bool = false, _ function: @escaping @Sendable ([Tensor]) -> Tensor
) -> OperationCase {
    OperationCase(
        declaration: "longShortTermMemory(projections:, recurrentWeights:, hidden:, cell:, steps:)",
        variant: variant, domains: [.any, .any, .any, .any], shapes: [shapes], largeShapes: large,
        function: function,
        reference: { operands in
            memoryReference(operands, steps: steps, givesCell: givesCell)
        })
}

private func memoryReference(
    _ operands: [NaiveArray], steps: Int?, givesCell: Bool
) -> NaiveArray {
    let (projections, weights) = (operands[0], operands[1])
    let (batch, size) = (operands[2].shape[0], operands[2].shape[1])
    var (hidden, cell) = (operands[2], operands[3])
    let steps = steps ?? projections.shape[1]
    func logistic(_ x: Double) -> Double { 1 / (1 + Foundation.exp(-x)) }
    var outputs: [NaiveArray] = []
    for step in 0..<steps {
        func gate(_ part: Int, _ sequence: Int, _ unit: Int) -> Double {
            let row = part * size + unit
            return (0..<size).reduce(projections[[sequence, step % projections.shape[1], row]]) {
                $0 + hidden[[sequence, $1]] * weights[[row, $1]]
            }
        }
        let next = NaiveArray(shape: [batch, size]) { index in
            logistic(gate(1, index[0], index[1])) * cell[index]
                + logistic(gate(0, index[0], index[1]))
                * Foundation.tanh(gate(2, index[0], index[1]))
        }
        hidden = NaiveArray(shape: [batch, size]) { index in
            logistic(gate(3, index[0], index[1])) * Foundation.tanh(next[index])
        }
        cell = next
        outputs.append(hidden)
    }
    return givesCell
        ? cell
        : NaiveArray(shape: [batch, steps, size]) { outputs[$0[1]][[$0[0], $0[2]]] }
}

private func attention(
    _ variant: String, _ shapes: [[[Int]]],
    large: [[Int]] = [[3, 4, 60, 20], [3, 4, 50, 20], [3, 4, 50, 11]],
    _ function: @escaping @Sendable ([Tensor]) -> Tensor,
    sees: @escaping @Sendable (_ query: Int, _ key: Int) -> Double
) -> OperationCase {
    OperationCase(
        declaration: "scaledDotProductAttention(query:, key:, value:, mask:, isCausal:)",
        variant: variant, domains: [.any, .any, .any], shapes: shapes, largeShapes: large,
        function: function,
        reference: { attentionReference($0[0], $0[1], $0[2], sees) })
}

private func attentionReference(
    _ query: NaiveArray, _ key: NaiveArray, _ value: NaiveArray,
    _ sees: (_ query: Int, _ key: Int) -> Double
) -> NaiveArray {
    let (keys, size) = (key.shape[2], query.shape[3])
    return NaiveArray(shape: query.shape.dropLast() + [value.shape[3]]) { index in
        let head = Array(index[..<2])
        let weights = (0..<keys).map { position in
            let product = (0..<size).reduce(0.0) {
                $0 + query[head + [index[2], $1]] * key[head + [position, $1]]
            }
            return Foundation.exp(
                product / Double(size).squareRoot() + sees(index[2], position))
        }
        let total = (0..<keys).reduce(0.0) { $0 + weights[$1] * value[head + [$1, index[3]]] }
        return total / weights.reduce(0, +)
    }
}

private func selfAttentionCase(_ variant: String, isCausal: Bool) -> OperationCase {
    .shaped(
        "selfAttention(Tensor, heads:, isCausal:)", variant: variant, [[2, 3, 12], [1, 1, 6]],
        large: [3, 70, 120], { selfAttention($0, heads: 2, isCausal: isCausal) },
        { operand in
            let (batch, tokens, size) = (
                operand.shape[0], operand.shape[1], operand.shape[2] / 3
            )
            func part(_ part: Int) -> NaiveArray {
                NaiveArray(shape: [batch, 2, tokens, size / 2]) { index in
                    operand[[index[0], index[2], part * size + index[1] * size / 2 + index[3]]]
                }
            }
            let heads = attentionReference(part(0), part(1), part(2)) {
                !isCausal || $1 <= $0 ? 0 : -.infinity
            }
            return NaiveArray(shape: [batch, tokens, size]) { index in
                heads[[index[0], index[2] / (size / 2), index[1], index[2] % (size / 2)]]
            }
        })
}
