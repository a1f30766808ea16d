import Autograd
import Foundation
import TestSupport

/// Decompositions of matrices and what is solved by them, of matrices far from singular.
let linearAlgebraCases: [OperationCase] = [
    .shaped(
        "choleskyFactor(of:)", [[3, 3], [1, 1], [2, 2, 2], [0, 2, 2]], large: [20_001, 3, 3],
        { choleskyFactor(of: positiveDefinite($0)) },
        { eachMatrix($0) { choleskyByHand(positiveByHand($0)) } }),
    OperationCase(
        declaration: "triangularSolve(Tensor, Tensor, transposing:)", domains: [.positive, .any],
        shapes: [[[3, 3], [3, 2]], [[1, 1], [1, 1]], [[2, 2, 2], [2, 2, 3]]],
        largeShapes: [[10_001, 3, 3], [10_001, 3, 2]],
        function: { triangularSolve($0[0], $0[1]) },
        reference: { operands in
            solveByHand(operands[0], operands[1]) { row, column in row >= column }
        }),
    OperationCase(
        declaration: "triangularSolve(Tensor, Tensor, transposing:)", variant: "transposed",
        domains: [.positive, .any], shapes: [[[3, 3], [3, 2]], [[2, 2, 2], [2, 2, 3]]],
        largeShapes: [[10_001, 3, 3], [10_001, 3, 2]],
        function: { triangularSolve($0[0], $0[1], transposing: true) },
        reference: { operands in
            solveByHand(eachMatrix(operands[0], transposedByHand), operands[1]) { $0 <= $1 }
        }),
    OperationCase(
        declaration: "solve(Tensor, Tensor)", domains: [.any, .any],
        shapes: [[[3, 3], [3, 2]], [[1, 1], [1, 3]], [[2, 2, 2], [2, 2, 1]]],
        largeShapes: [[10_001, 3, 3], [10_001, 3, 2]],
        function: { solve(positiveDefinite($0[0]), $0[1]) },
        reference: { operands in
            solveByHand(eachMatrix(operands[0], positiveByHand), operands[1]) { _, _ in true }
        }),
    .shaped(
        "inverse(of:)", [[3, 3], [1, 1], [2, 2, 2]], large: [20_001, 3, 3],
        { inverse(of: positiveDefinite($0)) },
        { operand in
            let identity = NaiveArray(shape: operand.shape) {
                $0[$0.count - 1] == $0[$0.count - 2] ? 1 : 0
            }
            return solveByHand(eachMatrix(operand, positiveByHand), identity) { _, _ in true }
        }),
    .shaped(
        "logDeterminant(of:)", [[3, 3], [1, 1], [2, 2, 2]], large: [20_001, 3, 3],
        { logDeterminant(of: positiveDefinite($0)) },
        { determinantsByHand($0) { Foundation.log($0) } }),
    .shaped(
        "determinant(of:)", [[3, 3], [1, 1], [2, 2, 2]], large: [20_001, 3, 3],
        { determinant(of: positiveDefinite($0)) }, { determinantsByHand($0) { $0 } }),
]

/// X Xᵀ + 2 of square matrices.
private func positiveDefinite(_ x: Tensor) -> Tensor {
    matmul(x, x, transposingRight: true)
        + 2 * Tensor.identity(x.shape[x.rank - 1], dataType: x.dataType)
}

private typealias Matrix = [[Double]]

private func positiveByHand(_ x: Matrix) -> Matrix {
    x.indices.map { row in
        x.indices.map { column in
            zip(x[row], x[column]).reduce(row == column ? 2 : 0) { $0 + $1.0 * $1.1 }
        }
    }
}

private func transposedByHand(_ x: Matrix) -> Matrix {
    x.indices.map { row in x.indices.map { x[$0][row] } }
}

private func choleskyByHand(_ a: Matrix) -> Matrix {
    var factor = a.map { $0.map { _ in 0.0 } }
    for row in a.indices {
        for column in 0...row {
            let sum = (0..<column).reduce(a[row][column]) {
                $0 - factor[row][$1] * factor[column][$1]
            }
            factor[row][column] = row == column ? sum.squareRoot() : sum / factor[column][column]
        }
    }
    return factor
}

/// By Cramer's rule.
private func solveByHand(
    _ a: NaiveArray, _ b: NaiveArray, _ isRead: (_ row: Int, _ column: Int) -> Bool
) -> NaiveArray {
    NaiveArray(shape: b.shape) { index in
        let (place, row, column) = (
            Array(index.dropLast(2)), index[index.count - 2], index[index.count - 1]
        )
        let size = b.shape[b.shape.count - 2]
        let matrix = (0..<size).map { i in
            (0..<size).map { j in isRead(i, j) ? a[place + [i, j]] : 0 }
        }
        var replaced = matrix
        for i in 0..<size { replaced[i][row] = b[place + [i, column]] }
        return determinantByHand(replaced) / determinantByHand(matrix)
    }
}

private func determinantByHand(_ a: Matrix) -> Double {
    guard a.count > 1 else { return a.first?[0] ?? 1 }
    return a.indices.reduce(0.0) { sum, column in
        let minor = a.dropFirst().map { row in
            row.indices.filter { $0 != column }.map { row[$0] }
        }
        return sum + (column % 2 == 0 ? 1 : -1) * a[0][column] * determinantByHand(minor)
    }
}

private func determinantsByHand(
    _ operand: NaiveArray, _ body: @escaping (Double) -> Double
) -> NaiveArray {
    let size = operand.shape[operand.shape.count - 1]
    return NaiveArray(shape: operand.shape.dropLast(2)) { place in
        let matrix = (0..<size).map { i in (0..<size).map { operand[place + [i, $0]] } }
        return body(determinantByHand(positiveByHand(matrix)))
    }
}

private func eachMatrix(_ operand: NaiveArray, _ body: (Matrix) -> Matrix) -> NaiveArray {
    let (rows, columns) = (
        operand.shape[operand.shape.count - 2], operand.shape[operand.shape.count - 1]
    )
    let size = rows * columns
    let elements = stride(from: 0, to: operand.elements.count, by: max(1, size)).flatMap { start in
        body(
            (0..<rows).map { row in
                Array(operand.elements[start + row * columns..<start + (row + 1) * columns])
            }
        ).flatMap { $0 }
    }
    return NaiveArray(elements, shape: operand.shape)
}
