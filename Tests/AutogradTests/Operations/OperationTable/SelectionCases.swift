import Autograd
import Foundation
import TestSupport

/// Operations that select by several indices, repeat, pad, scan and contract.
let selectionCases: [OperationCase] = [
    .shaped(
        "subscript(First)", [[3, 2], [3], [3, 0]], large: [3, 60_001],
        { $0[Tensor([2, 0, 2] as [Int32])] },
        { operand in
            NaiveArray(shape: [3] + operand.shape.dropFirst()) {
                operand[[[2, 0, 2][$0[0]]] + $0.dropFirst()]
            }
        }),
    .shaped(
        "subscript(First, Second)", [[4, 3], [3, 3], [0, 3]], large: [40_001, 3],
        { $0[.all, -1] },
        { operand in NaiveArray(shape: [operand.shape[0]]) { operand[[$0[0], 2]] } }),
    .shaped(
        "subscript(First, Second, Third)", [[2, 4, 3], [1, 3, 2]], large: [2, 20_001, 3],
        { $0[.ellipsis, 1..., 0] },
        { operand in
            NaiveArray(shape: [operand.shape[0], operand.shape[1] - 1]) {
                operand[[$0[0], $0[1] + 1, 0]]
            }
        }),
    .shaped(
        "subscript(First, Second, Third, Fourth)", [[2, 5, 3], [1, 4, 2]],
        large: [2, 20_001, 3],
        { $0[0, .newAxis, stride(from: 3, to: 0, by: -2), ...1] },
        { operand in
            NaiveArray(shape: [1, 2, 2]) { operand[[0, 3 - 2 * $0[1], $0[2]]] }
        }),
    OperationCase(
        declaration: "subscript(First, Second)", variant: "assigned", domains: [.any, .any],
        shapes: [[[3, 4], [2]], [[2, 3], [1]], [[3, 3], []]], largeShapes: [[300, 401], [2]],
        function: { operands in
            var changed = operands[0] * 2
            changed[.all, 1..<3] = operands[1]
            return changed
        },
        reference: { operands in
            let values = operands[1]
            return NaiveArray(shape: operands[0].shape) { index in
                guard 1..<3 ~= index[1] else { return 2 * operands[0][index] }
                return values.elements[values.elements.count == 1 ? 0 : index[1] - 1]
            }
        }),
    .shaped(
        "tiled([Int])", [[2, 3], [3], [0, 2]], large: [300, 101],
        { $0.tiled([1, 3]) },
        { operand in
            let shape = operand.shape.count == 1 ? [1] + operand.shape : operand.shape
            return NaiveArray(shape: [shape[0], 3 * shape[1]]) { index in
                let column = index[1] % shape[1]
                return operand.shape.count == 1 ? operand[[column]] : operand[[index[0], column]]
            }
        }),
    .shaped(
        "repeated(Int, axis:)", [[2, 3], [1, 2], [2, 0]], large: [300, 101],
        { $0.repeated(3, axis: 1) },
        { operand in
            NaiveArray(shape: [operand.shape[0], 3 * operand.shape[1]]) {
                operand[[$0[0], $0[1] / 3]]
            }
        }),
    .shaped(
        "split(sizes:, axis:)", [[2, 5], [1, 5]], large: [30_001, 5],
        {
            let parts = $0.split(sizes: [2, 0, 3], axis: -1)
            return concatenated([parts[2], parts[0]], axis: -1)
        },
        { operand in
            NaiveArray(shape: operand.shape) { operand[[$0[0], ($0[1] + 2) % 5]] }
        }),
    .shaped(
        "split(into:, axis:)", [[4, 2], [2], [0, 3]], large: [300, 401],
        {
            let parts = $0.split(into: 2)
            return parts[0] - 2 * parts[1]
        },
        { operand in
            let half = operand.shape[0] / 2
            return NaiveArray(shape: [half] + operand.shape.dropFirst()) {
                operand[$0] - 2 * operand[[half + $0[0]] + $0.dropFirst()]
            }
        }),
    .shaped(
        "straightThrough(Tensor, along:)", [[3], [2, 0], []], large: [400, 301],
        { straightThrough($0 * 1, along: $0) }, { $0 }),
    .shaped(
        "lowerTriangle(diagonal:)", [[3, 3], [2, 2, 4], [3, 1], [2, 0]], large: [400, 301],
        { $0.lowerTriangle(diagonal: 1) }, triangle { $1 <= $0 + 1 }),
    .shaped(
        "upperTriangle(diagonal:)", [[3, 3], [2, 2, 4], [3, 1], [2, 0]], large: [400, 301],
        { $0.upperTriangle(diagonal: -1) }, triangle { $1 >= $0 - 1 }),
    .shaped(
        "padded([(before: Int, after: Int)], mode:)", variant: "edge", [[2, 3], [1, 1]],
        large: [400, 301],
        { $0.padded([(1, 0), (0, 4)], mode: .edge) },
        { operand in
            let (rows, columns) = (operand.shape[0], operand.shape[1])
            return NaiveArray(shape: [rows + 1, columns + 4]) {
                operand[[max(0, $0[0] - 1), min($0[1], columns - 1)]]
            }
        }),
    .shaped(
        "padded([(before: Int, after: Int)], mode:)", variant: "reflected", [[3, 4], [2, 3]],
        large: [400, 301],
        { $0.padded([(1, 0), (2, 1)], mode: .reflected) },
        { operand in
            let (rows, columns) = (operand.shape[0], operand.shape[1])
            func mirrored(_ place: Int, _ size: Int) -> Int {
                place < 0 ? -place : place < size ? place : 2 * size - 2 - place
            }
            return NaiveArray(shape: [rows + 1, columns + 3]) {
                operand[[mirrored($0[0] - 1, rows), mirrored($0[1] - 2, columns)]]
            }
        }),
    .shaped(
        "cumulativeMaximum(axis:)", [[7], [2, 5], [1], [3, 0], [2, 3, 2]], large: [3, 40_001],
        { $0.cumulativeMaximum() }, cumulative { $0.max() ?? 0 }),
    .shaped(
        "cumulativeLogSumExp(axis:)", [[7], [2, 5], [1], [3, 0]], large: [3, 40_001],
        { $0.cumulativeLogSumExp() },
        cumulative { Foundation.log($0.reduce(0) { $0 + Foundation.exp($1) }) }),
    .shaped(
        "product(axes:, keepingAxes:)", variant: "all", [[7], [2, 3], [1], []],
        large: [2, 3], { $0.product() },
        { NaiveArray([$0.elements.reduce(1, *)], shape: []) }),
    .shaped(
        "product(axes:, keepingAxes:)", variant: "some", [[2, 5, 3], [1, 2, 2]],
        large: [5, 7, 3001], { $0.product(axes: [0, 1], keepingAxes: true) },
        { $0.reduced(axes: [0, 1], keepingAxes: true) { $0.reduce(1, *) } }),
    OperationCase(
        declaration: "einsum(String, Tensor...)", variant: "products", domains: [.any, .any],
        shapes: [[[2, 3, 4], [2, 4, 2]], [[1, 1, 2], [1, 2, 3]], [[2, 0, 3], [2, 3, 1]]],
        largeShapes: [[2, 301, 101], [2, 101, 201]],
        function: { einsum("bij,bjk->kbi", $0[0], $0[1]) },
        reference: { operands in
            let (a, b) = (operands[0], operands[1])
            return NaiveArray(shape: [b.shape[2], a.shape[0], a.shape[1]]) { index in
                (0..<a.shape[2]).reduce(0.0) {
                    $0 + a[[index[1], index[2], $1]] * b[[index[1], $1, index[0]]]
                }
            }
        }),
    OperationCase(
        declaration: "einsum(String, Tensor...)", variant: "three factors",
        domains: [.any, .any, .any],
        shapes: [[[2, 3], [3, 2], [4]], [[1, 2], [2, 1], [1]]],
        largeShapes: [[300, 401], [401, 2], [3]],
        function: { einsum("ij,jk,l->li", $0[0], $0[1], $0[2]) },
        reference: { operands in
            let (a, b, c) = (operands[0], operands[1], operands[2])
            return NaiveArray(shape: [c.shape[0], a.shape[0]]) { index in
                var sum = 0.0
                for j in 0..<a.shape[1] {
                    for k in 0..<b.shape[1] { sum += a[[index[1], j]] * b[[j, k]] }
                }
                return sum * c[[index[0]]]
            }
        }),
]

/// Zero where elements of the last two axes are not wanted.
private func triangle(
    _ isKept: @escaping @Sendable (_ row: Int, _ column: Int) -> Bool
) -> @Sendable (NaiveArray) -> NaiveArray {
    { operand in
        let rank = operand.shape.count
        return NaiveArray(shape: operand.shape) {
            isKept($0[rank - 2], $0[rank - 1]) ? operand[$0] : 0
        }
    }
}

/// What is made of all elements up to each position of the last axis.
private func cumulative(
    _ combine: @escaping @Sendable ([Double]) -> Double
) -> @Sendable (NaiveArray) -> NaiveArray {
    { operand in
        NaiveArray(shape: operand.shape) { index in
            let last = index.count - 1
            return combine((0...index[last]).map { operand[index.dropLast() + [$0]] })
        }
    }
}
