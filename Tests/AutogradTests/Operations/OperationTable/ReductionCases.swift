import Autograd
import Foundation
import TestSupport

/// Reductions over all axes, single ones, several that are neighbours or not, of size 1, and of
/// size 0 where there is a result.
let reductionCases: [OperationCase] =
    reductions(
        "sum(axes:, keepingAxes:)", { $0.sum(axes: $1, keepingAxes: $2) }, { $0.reduce(0, +) })
    + reductions(
        "mean(axes:, keepingAxes:)", allowsNone: false,
        { $0.mean(axes: $1, keepingAxes: $2) }, { mean($0) })
    + reductions(
        "max(axes:, keepingAxes:)",
        { $0.max(axes: $1, keepingAxes: $2) }, { $0.max() ?? -.infinity })
    + reductions(
        "min(axes:, keepingAxes:)",
        { $0.min(axes: $1, keepingAxes: $2) }, { $0.min() ?? .infinity })
    + reductions(
        "logSumExp(axes:, keepingAxes:)",
        { $0.logSumExp(axes: $1, keepingAxes: $2) }, { log($0.map { exp($0) }.reduce(0, +)) })
    + reductions(
        "variance(axes:, correction:, keepingAxes:)", allowsNone: false, isConstantOverOne: true,
        { $0.variance(axes: $1, keepingAxes: $2) },
        { squaredDeviations($0) / Double($0.count) })
    + reductions(
        "norm(axes:, keepingAxes:)", { $0.norm(axes: $1, keepingAxes: $2) },
        { $0.map { $0 * $0 }.reduce(0, +).squareRoot() })
    + reductions(
        "standardDeviation(axes:, correction:, keepingAxes:)", allowsNone: false,
        isConstantOverOne: true, { $0.standardDeviation(axes: $1, keepingAxes: $2) },
        { (squaredDeviations($0) / Double($0.count)).squareRoot() })
    + [
        .shaped(
            "standardDeviation(axes:, correction:, keepingAxes:)", variant: "corrected",
            [[5], [2, 4]], large: [10, 12_001],
            { $0.standardDeviation(axes: [-1], correction: 1) },
            { operand in
                operand.reduced(axes: [-1]) {
                    (squaredDeviations($0) / Double($0.count - 1)).squareRoot()
                }
            }),
        .shaped(
            "variance(axes:, correction:, keepingAxes:)", variant: "corrected", [[5], [2, 4]],
            large: [10, 12_001],
            { $0.variance(axes: [-1], correction: 1) },
            { $0.reduced(axes: [-1]) { squaredDeviations($0) / Double($0.count - 1) } }),
    ]

private func mean(_ values: [Double]) -> Double {
    values.reduce(0, +) / Double(values.count)
}

private func squaredDeviations(_ values: [Double]) -> Double {
    let mean = mean(values)
    return values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +)
}

/// A reduction in all the ways to say over which axes. `allowsNone`: whether the value over no
/// elements can be compared.
/// `isConstantOverOne`: whether the value over one element is the same for all.
private func reductions(
    _ declaration: String, allowsNone: Bool = true, isConstantOverOne: Bool = false,
    _ function: @escaping @Sendable (Tensor, [Int]?, Bool) -> Tensor,
    _ reference: @escaping @Sendable ([Double]) -> Double
) -> [OperationCase] {
    let none: [[Int]] = allowsNone ? [[0], [0, 2, 3]] : []
    return [
        .shaped(
            declaration, variant: "over all", saturates: true,
            [[5], [], [1], [2, 3], [2, 1, 2]] + none,
            large: [7, 20_011], { function($0, nil, false) },
            { $0.reduced(axes: Array($0.shape.indices), reference) }),
        .shaped(
            declaration, variant: "over the last axis", saturates: true,
            [[2, 3], [4, 1], [0, 2], [3]],
            large: [500, 301], { function($0, [-1], false) },
            { $0.reduced(axes: [-1], reference) }),
        .shaped(
            declaration, variant: "over the first axis, kept", saturates: true,
            [[3, 2], [1, 4], [2, 0]], large: [500, 301], { function($0, [0], true) },
            { $0.reduced(axes: [0], keepingAxes: true, reference) }),
        .shaped(
            declaration, variant: "over the outer axes", saturates: true, [[2, 3, 2], [1, 2, 1]],
            large: [50, 40, 61], { function($0, [-1, 0], false) },
            { $0.reduced(axes: [0, 2], reference) }),
        .shaped(
            declaration, variant: "over the middle axes", saturates: true,
            [[2, 3, 2, 2], [1, 2, 1, 3]],
            large: [3, 50, 40, 21], { function($0, [1, 2], false) },
            { $0.reduced(axes: [1, 2], reference) }),
        .shaped(
            declaration, variant: "over no axis", isConstant: isConstantOverOne,
            [[2, 2], [0]], large: [120_001],
            { function($0, [], false) }, { $0.reduced(axes: [], reference) }),
    ]
}
