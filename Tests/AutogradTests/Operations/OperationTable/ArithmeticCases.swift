import Autograd
import Foundation
import TestSupport

/// Arithmetic, and the choice between two tensors.
let arithmeticCases: [OperationCase] = [
    .binary("+(Tensor, Tensor)", .any, .any, { $0 + $1 }, { $0 + $1 }),
    .binary("-(Tensor, Tensor)", .any, .any, { $0 - $1 }, { $0 - $1 }),
    .binary("*(Tensor, Tensor)", .any, .any, { $0 * $1 }, { $0 * $1 }),
    .binary("/(Tensor, Tensor)", .any, .positive, { $0 / $1 }, { $0 / $1 }),
    .unary("-(Tensor)", .any, saturates: true, { -$0 }, { -$0 }),

    .unary("+(Tensor, Double)", .any, saturates: true, { $0 + 1.5 }, { $0 + 1.5 }),
    .unary("-(Tensor, Double)", .any, saturates: true, { $0 - 1.5 }, { $0 - 1.5 }),
    .unary("*(Tensor, Double)", .any, saturates: true, { $0 * 1.5 }, { $0 * 1.5 }),
    .unary("/(Tensor, Double)", .any, saturates: true, { $0 / 1.5 }, { $0 / 1.5 }),
    .unary("+(Double, Tensor)", .any, saturates: true, { 1.5 + $0 }, { 1.5 + $0 }),
    .unary("-(Double, Tensor)", .any, saturates: true, { 1.5 - $0 }, { 1.5 - $0 }),
    .unary("*(Double, Tensor)", .any, saturates: true, { 1.5 * $0 }, { 1.5 * $0 }),
    .unary("/(Double, Tensor)", .positive, { 1.5 / $0 }, { 1.5 / $0 }),

    .binary("+=(Tensor, Tensor)", .any, .any, { updating($0, $1, +=) }, { $0 + $1 }),
    .binary("-=(Tensor, Tensor)", .any, .any, { updating($0, $1, -=) }, { $0 - $1 }),
    .binary("*=(Tensor, Tensor)", .any, .any, { updating($0, $1, *=) }, { $0 * $1 }),
    .binary("/=(Tensor, Tensor)", .any, .positive, { updating($0, $1, /=) }, { $0 / $1 }),
    .unary("+=(Tensor, Double)", .any, saturates: true, { updating($0, 1.5, +=) }, { $0 + 1.5 }),
    .unary("-=(Tensor, Double)", .any, saturates: true, { updating($0, 1.5, -=) }, { $0 - 1.5 }),
    .unary("*=(Tensor, Double)", .any, saturates: true, { updating($0, 1.5, *=) }, { $0 * 1.5 }),
    .unary("/=(Tensor, Double)", .any, saturates: true, { updating($0, 1.5, /=) }, { $0 / 1.5 }),

    .binary("pow(Tensor, Tensor)", .positive, .any, { pow($0, $1) }, { Foundation.pow($0, $1) }),
    .unary("pow(Tensor, Double)", .positive, { pow($0, 1.7) }, { Foundation.pow($0, 1.7) }),
    .unary("pow(Tensor, Double)", .any, saturates: true, { pow($0, 3) }, { $0 * $0 * $0 }),
    .unary("pow(Tensor, Double)", .any, saturates: true, { pow($0, 2) }, { $0 * $0 }),
    .unary("pow(Tensor, Double)", .any, saturates: true, { pow($0, 1) }, { $0 }),
    .unary("pow(Tensor, Double)", .positive, { pow($0, -2) }, { 1 / ($0 * $0) }),
    .unary("square(Tensor)", .any, saturates: true, { square($0) }, { $0 * $0 }),

    .binary("maximum(Tensor, Tensor)", .any, .any, { maximum($0, $1) }, { max($0, $1) }),
    .binary("minimum(Tensor, Tensor)", .any, .any, { minimum($0, $1) }, { min($0, $1) }),
    .unary(
        "maximum(Tensor, Double)", .avoiding(0.5), saturates: true,
        { maximum($0, 0.5) }, { max($0, 0.5) }),
    .unary(
        "minimum(Tensor, Double)", .avoiding(0.5), saturates: true,
        { minimum($0, 0.5) }, { min($0, 0.5) }),
    .unary(
        "clamp(Tensor, from:, through:)", .avoiding(-0.5, 1), saturates: true,
        { clamp($0, from: -0.5, through: 1) }, { min(max($0, -0.5), 1) }),
    OperationCase(
        declaration: "select(Tensor, Tensor, Tensor)", domains: [.any, .any],
        shapes: [
            [[3], [3]], [[2, 3], [3]], [[1], [2, 3]], [[], [2, 1]], [[2, 3], []],
            [[0, 3], [3]], [[0, 1], []],
        ],
        largeShapes: [[40_001, 3], [3]],
        function: { select(Tensor([true, false, true]), $0[0], $0[1]) },
        reference: { operands in
            let mask = NaiveArray([1, 0, 1], shape: [3])
            let either = NaiveArray.combining(mask, .combining(operands[0], operands[1], +), +)
            return NaiveArray(shape: either.shape) {
                mask[$0] == 1 ? operands[0][$0] : operands[1][$0]
            }
        }),
]

private func updating<Operand>(
    _ a: Tensor, _ b: Operand, _ operation: (inout Tensor, Operand) -> Void
) -> Tensor {
    var result = a
    operation(&result, b)
    return result
}
