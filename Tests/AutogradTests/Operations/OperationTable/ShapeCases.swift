import Autograd
import TestSupport

/// Operations that move elements.
let shapeCases: [OperationCase] = [
    .shaped(
        "reshaped([Int])", [[2, 6], [12], [3, 1, 4]], large: [3, 50_000],
        { $0.reshaped([4, 3, -1]) },
        { NaiveArray($0.elements, shape: [4, 3, $0.elements.count / 12]) }),
    .shaped(
        "reshaped([Int])", variant: "empty", isConstant: true, [[0, 6], [12, 0]], large: [0],
        { $0.reshaped([4, 0]) }, { NaiveArray($0.elements, shape: [4, 0]) }),
    .shaped(
        "expandingAxis(Int)", [[3], [2, 3], [0]], large: [120_000],
        { $0.expandingAxis(-1) }, { NaiveArray($0.elements, shape: $0.shape + [1]) }),
    .shaped(
        "squeezed(axes:)", [[3, 1], [1, 3, 1], [1, 1], [0, 1]], large: [120_000, 1],
        { $0.squeezed() }, { NaiveArray($0.elements, shape: $0.shape.filter { $0 != 1 }) }),
    .shaped(
        "squeezed(axes:)", variant: "one axis", [[1, 3, 1], [2, 1]], large: [120_000, 1],
        { $0.squeezed(axes: [-1]) }, { NaiveArray($0.elements, shape: $0.shape.dropLast()) }),
    .shaped(
        "flattened(fromAxis:)", [[2, 3, 2], [2], [3, 0], [2, 1, 1]], large: [100, 40, 31],
        { $0.flattened() },
        { NaiveArray($0.elements, shape: [$0.shape[0], $0.shape.dropFirst().reduce(1, *)]) }),
    .shaped(
        "broadcast(to:)", [[], [1], [3], [2, 1], [4, 1, 3], [4, 2, 3]], large: [4, 2, 3],
        { $0.broadcast(to: [4, 2, 3]) },
        { operand in NaiveArray(shape: [4, 2, 3]) { operand[$0] } }),
    .shaped(
        "broadcast(to:)", variant: "to many", [[1], [401, 1]], large: [401, 1],
        { $0.broadcast(to: [401, 300]).sum(axes: [1]) },
        { operand in NaiveArray(shape: [401]) { operand[[$0[0], 0]] * 300 } }),
    .shaped(
        "transposed([Int]?)", [[2, 3], [5], [], [2, 1, 3], [2, 0, 3]], large: [301, 20, 21],
        { $0.transposed() },
        { operand in
            NaiveArray(shape: operand.shape.reversed()) { operand[$0.reversed()] }
        }),
    .shaped(
        "transposed([Int]?)", variant: "cyclic", [[2, 3, 2], [1, 2, 0]], large: [301, 20, 21],
        { $0.transposed([2, 0, -2]) },
        { operand in
            let shape = operand.shape
            return NaiveArray(shape: [shape[2], shape[0], shape[1]]) {
                operand[[$0[1], $0[2], $0[0]]]
            }
        }),
    .shaped(
        "swappingAxes(Int, Int)", [[2, 3, 2], [1, 2, 0]], large: [301, 20, 21],
        { $0.swappingAxes(0, -1) },
        { operand in
            NaiveArray(shape: operand.shape.reversed()) { operand[$0.reversed()] }
        }),

    .shaped(
        "sliced(axis:, Range<Int>, step:)", variant: "a part", [[4, 2], [3, 1], [4, 0]],
        large: [1000, 301], { $0.sliced(axis: 0, 1..<3) }, slicedReference(1, 2, 1)),
    .shaped(
        "sliced(axis:, Range<Int>, step:)", variant: "every second",
        [[6, 2], [5, 1, 2], [5, 0]],
        large: [1000, 301], { $0.sliced(axis: 0, 1..<5, step: 2) }, slicedReference(1, 2, 2)),
    .shaped(
        "sliced(axis:, Range<Int>, step:)", variant: "backwards", [[6, 2], [5, 1]],
        large: [1000, 301],
        { $0.sliced(axis: 0, 0..<5, step: -3) }, slicedReference(4, 2, -3)),
    .shaped(
        "sliced(axis:, Range<Int>, step:)", variant: "nothing", isConstant: true, [[3, 2], [2]],
        large: [1000, 301],
        { $0.sliced(axis: 0, 2..<2, step: -1) }, slicedReference(1, 0, -1)),
    .shaped(
        "sliced(axis:, Range<Int>, step:)", variant: "last axis", [[3, 2], [2]],
        large: [1000, 301],
        { $0.sliced(axis: -1, 1..<2) },
        { operand in
            NaiveArray(shape: operand.shape.dropLast() + [1]) {
                operand[$0.dropLast() + [1]]
            }
        }),
    .shaped(
        "subscript(Int)", [[3], [2, 3], [2, 1], [2, 0]], large: [2, 120_000],
        { $0[-1] },
        { operand in
            NaiveArray(shape: Array(operand.shape.dropFirst())) {
                operand[[operand.shape[0] - 1] + $0]
            }
        }),
    .shaped(
        "subscript(Range<Int>)", [[4], [3, 2], [3, 0]], large: [1000, 301],
        { $0[1..<3] }, slicedReference(1, 2, 1)),
    .shaped(
        "reversed(axis:)", [[4, 2], [1, 2], [0]], large: [1000, 301],
        { $0.reversed(axis: 0) },
        { operand in
            NaiveArray(shape: operand.shape) {
                operand[[operand.shape[0] - 1 - $0[0]] + $0.dropFirst()]
            }
        }),
    .shaped(
        "padded([(before: Int, after: Int)], with:)", [[2, 3], [1, 1], [0, 2]],
        large: [400, 301],
        { $0.padded([(1, 0), (0, 2)], with: 1.5) },
        { operand in
            let (rows, columns) = (operand.shape[0], operand.shape[1])
            return NaiveArray(shape: [rows + 1, columns + 2]) {
                $0[0] == 0 || $0[1] >= columns ? 1.5 : operand[[$0[0] - 1, $0[1]]]
            }
        }),

    .shaped(
        "depthToSpace(Tensor, factor:)", [[1, 4, 2, 3], [2, 8, 1, 1], [0, 4, 2, 2]],
        large: [10, 12, 40, 30],
        { depthToSpace($0, factor: 2) },
        { operand in
            let shape = operand.shape
            return NaiveArray(shape: [shape[0], shape[1] / 4, 2 * shape[2], 2 * shape[3]]) {
                let place = 2 * ($0[2] % 2) + $0[3] % 2
                return operand[[$0[0], 4 * $0[1] + place, $0[2] / 2, $0[3] / 2]]
            }
        }),
    .shaped(
        "depthToSpace(Tensor, factor:)", variant: "nothing to do", [[2, 3, 2, 1]],
        large: [10, 12, 40, 30], { depthToSpace($0, factor: 1) }, { $0 }),

    OperationCase(
        declaration: "concatenated([Tensor], axis:)", domains: [.any, .any, .any],
        shapes: [
            [[2, 3], [2, 1], [2, 2]], [[2, 0], [2, 2], [2, 0]], [[1, 1], [1, 1], [1, 1]],
            [[0, 2], [0, 2], [0, 1]],
        ],
        largeShapes: [[300, 200], [300, 1], [300, 201]],
        function: { concatenated($0, axis: -1) },
        reference: { operands in
            let widths = operands.map { $0.shape[1] }
            return NaiveArray(shape: [operands[0].shape[0], widths.reduce(0, +)]) { index in
                var (operand, column) = (0, index[1])
                while column >= widths[operand] {
                    column -= widths[operand]
                    operand += 1
                }
                return operands[operand][[index[0], column]]
            }
        }),
    OperationCase(
        declaration: "stacked([Tensor], axis:)", domains: [.any, .any],
        shapes: [[[2, 3], [2, 3]], [[2], [2]], [[], []], [[0], [0]]],
        largeShapes: [[300, 200], [300, 200]],
        function: { stacked($0, axis: -1) },
        reference: { operands in
            NaiveArray(shape: operands[0].shape + [2]) {
                operands[$0[$0.count - 1]][$0.dropLast()]
            }
        }),
]

/// `count` elements of the first axis from `first` on.
private func slicedReference(_ first: Int, _ count: Int, _ step: Int)
    -> @Sendable (NaiveArray) -> NaiveArray
{
    { operand in
        NaiveArray(shape: [count] + operand.shape.dropFirst()) {
            operand[[first + $0[0] * step] + $0.dropFirst()]
        }
    }
}
