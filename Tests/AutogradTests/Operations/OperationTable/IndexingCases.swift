import Autograd
import TestSupport

/// Operations that read and write at given positions, and orders.
let indexingCases: [OperationCase] = [
    .shaped(
        "gathered(at:, axis:)", [[3, 2], [4, 1], [3], [3, 0]], large: [3, 60_001],
        { $0.gathered(at: Tensor([2, 0, 2, 2] as [Int32], shape: [2, 2])) },
        { operand in
            NaiveArray(shape: [2, 2] + operand.shape.dropFirst()) {
                operand[[[2, 0, 2, 2][2 * $0[0] + $0[1]]] + $0.dropFirst(2)]
            }
        }),
    .shaped(
        "gathered(at:, axis:)", variant: "last axis, nothing", isConstant: true, [[2, 3]],
        large: [400, 301], { $0.gathered(at: Tensor([] as [Int32]), axis: -1) },
        { NaiveArray([], shape: [$0.shape[0], 0]) }),
    .shaped(
        "gathered(where:, axis:)", [[2, 3], [1, 3]], large: [60_001, 3],
        { $0.gathered(where: Tensor([true, false, true]), axis: 1) },
        { operand in
            NaiveArray(shape: [operand.shape[0], 2]) { operand[[$0[0], 2 * $0[1]]] }
        }),
    .shaped(
        "gatheredAlong(axis:, at:)", [[2, 3]], large: [2, 60_001],
        {
            let indices = Tensor([1, 1, 0] as [Int32], shape: [1, 3])
            return $0.sliced(axis: 1, 0..<3).gatheredAlong(axis: 0, at: indices)
        },
        { operand in NaiveArray(shape: [1, 3]) { operand[[[1, 1, 0][$0[1]], $0[1]]] } }),
    .shaped(
        "scatterAdded(at:, axis:, size:)", [[3, 2], [3], [3, 0]], large: [3, 60_001],
        { $0.scatterAdded(at: Tensor([1, 3, 1] as [Int32]), size: 4) },
        { operand in
            NaiveArray(shape: [4] + operand.shape.dropFirst()) { index in
                let rest = Array(index.dropFirst())
                switch index[0] {
                case 1: return operand[[0] + rest] + operand[[2] + rest]
                case 3: return operand[[1] + rest]
                default: return 0
                }
            }
        }),
    .shaped(
        "scatterAddedAlong(axis:, at:, size:)", [[2, 2]], large: [60_001, 2],
        {
            let indices = Tensor([2, 0, 0, 0] as [Int32], shape: [2, 2])
            return $0.sliced(axis: 0, 0..<2).scatterAddedAlong(axis: 1, at: indices, size: 3)
        },
        { operand in
            let x = operand.elements
            return NaiveArray([x[1], 0, x[0], x[2] + x[3], 0, 0], shape: [2, 3])
        }),
    .shaped(
        "diagonal()", [[2, 3], [3, 2], [1, 1], [2, 2, 2], [2, 0]], large: [12_001, 10],
        { $0.diagonal() }, diagonalReference),
    .shaped(
        "trace()", [[2, 3], [3, 2], [1, 1], [2, 2, 2], [0, 0]], large: [12_001, 10],
        { $0.trace() },
        { diagonalReference($0).reduced(axes: [-1]) { $0.reduce(0, +) } }),

    .shaped(
        "sorted(axis:, descending:)", [[5], [2, 4], [3, 1], [0]], large: [1_001, 101],
        { $0.sorted() }, { sortedRows($0, by: <) }
    ).movingNotANumber,
    .shaped(
        "sorted(axis:, descending:)", variant: "descending along the first axis",
        [[5, 2], [1, 2]], large: [1_001, 101],
        { $0.sorted(axis: 0, descending: true) },
        { swapped(sortedRows(swapped($0), by: >)) }
    ).movingNotANumber,
    cumulativeSum(reversed: false, exclusive: false),
    cumulativeSum(reversed: false, exclusive: true),
    cumulativeSum(reversed: true, exclusive: false),
    cumulativeSum(reversed: true, exclusive: true),
]

extension OperationCase {
    fileprivate var movingNotANumber: OperationCase {
        var changed = self
        changed.movesNotANumber = true
        return changed
    }
}

private func diagonalReference(_ operand: NaiveArray) -> NaiveArray {
    let length = operand.shape.suffix(2).min() ?? 0
    return NaiveArray(shape: operand.shape.dropLast(2) + [length]) {
        operand[$0 + [$0[$0.count - 1]]]
    }
}

private func sortedRows(
    _ operand: NaiveArray, by isOrdered: (Double, Double) -> Bool
) -> NaiveArray {
    let length = operand.shape[operand.shape.count - 1]
    let rows = length == 0 ? 0 : operand.elements.count / length
    let sorted = (0..<rows).flatMap {
        operand.elements[$0 * length..<($0 + 1) * length].sorted(by: isOrdered)
    }
    return NaiveArray(sorted, shape: operand.shape)
}

private func cumulativeSum(reversed: Bool, exclusive: Bool) -> OperationCase {
    .shaped(
        "cumulativeSum(axis:, reversed:, exclusive:)",
        variant: "\(reversed ? "reversed" : "forwards"), \(exclusive ? "exclusive" : "inclusive")",
        saturates: true, [[2, 3, 2], [3, 4], [2, 2], [2, 0], [0, 2]], large: [60, 50, 41],
        { $0.cumulativeSum(axis: 1, reversed: reversed, exclusive: exclusive) },
        { operand in
            NaiveArray(shape: operand.shape) { index in
                (0..<operand.shape[1]).reduce(0) { sum, position in
                    let counts =
                        (reversed ? position > index[1] : position < index[1])
                        || (position == index[1] && !exclusive)
                    return sum + (counts ? operand[[index[0], position] + index.dropFirst(2)] : 0)
                }
            }
        })
}
