import Autograd
import TestSupport

let productCases: [OperationCase] =
    [
        OperationCase(
            declaration: "dot(Tensor, Tensor)", domains: [.any, .any],
            shapes: [[[4], [4]], [[1], [1]], [[0], [0]]], largeShapes: [[120_001], [120_001]],
            function: { dot($0[0], $0[1]) },
            reference: {
                NaiveArray.combining($0[0], $0[1], *).reduced(axes: [0]) { $0.reduce(0, +) }
            })
    ]
    + [(false, false), (false, true), (true, false), (true, true)].map { flags in
        matrixProduct(transposingLeft: flags.0, transposingRight: flags.1)
    }

private func matrixProduct(transposingLeft: Bool, transposingRight: Bool) -> OperationCase {
    /// The shapes of the factors of `[…, rows, depth]` and `[…, depth, columns]`.
    func factors(
        _ rows: Int, _ depth: Int, _ columns: Int, _ left: [Int] = [], _ right: [Int] = []
    ) -> [[Int]] {
        [
            left + (transposingLeft ? [depth, rows] : [rows, depth]),
            right + (transposingRight ? [columns, depth] : [depth, columns]),
        ]
    }
    return OperationCase(
        declaration: "matmul(Tensor, Tensor, transposingLeft:, transposingRight:)",
        variant: "transposed: \(transposingLeft), \(transposingRight)", domains: [.any, .any],
        shapes: [
            factors(2, 3, 4), factors(1, 1, 1), factors(1, 3, 1), factors(2, 0, 3),
            factors(0, 2, 2), factors(2, 2, 0),
            factors(2, 0, 3, [2], []), factors(2, 2, 0, [2], []),
            factors(2, 3, 2, [2], [2]), factors(2, 2, 3, [2], []), factors(2, 2, 3, [], [2]),
            factors(1, 2, 2, [2, 1], [3]), factors(2, 1, 2, [1], [2]), factors(2, 3, 2, [0], []),
            factors(2, 2, 2, [2], [1]), factors(1, 2, 2, [2, 2], []),
        ],
        largeShapes: factors(401, 300, 301),
        function: {
            matmul(
                $0[0], $0[1], transposingLeft: transposingLeft, transposingRight: transposingRight)
        },
        reference: { operands in
            let left = transposingLeft ? swapped(operands[0]) : operands[0]
            let right = transposingRight ? swapped(operands[1]) : operands[1]
            return product(left, right)
        })
}

/// The matrix product of the last two axes, element by element.
func product(_ a: NaiveArray, _ b: NaiveArray) -> NaiveArray {
    let depth = a.shape[a.shape.count - 1]
    let leading = NaiveArray.combining(
        NaiveArray(shape: a.shape.dropLast(2)) { _ in 0 },
        NaiveArray(shape: b.shape.dropLast(2)) { _ in 0 }, +
    ).shape
    let rank = leading.count
    let shape = leading + [a.shape[a.shape.count - 2], b.shape[b.shape.count - 1]]
    return NaiveArray(shape: shape) { index in
        let batch = index[..<rank]
        return (0..<depth).reduce(0) {
            $0 + a[batch + [index[rank], $1]] * b[batch + [$1, index[rank + 1]]]
        }
    }
}

/// The last two axes exchanged.
func swapped(_ a: NaiveArray) -> NaiveArray {
    let rank = a.shape.count
    func swapped<C: RandomAccessCollection<Int>>(_ list: C) -> [Int] {
        list.dropLast(2) + list.suffix(2).reversed()
    }
    return NaiveArray(shape: swapped(a.shape)) { index in
        a[index[..<(rank - 2)] + [index[rank - 1], index[rank - 2]]]
    }
}
