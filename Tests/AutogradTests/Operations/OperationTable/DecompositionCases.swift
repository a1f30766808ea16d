import Autograd
import TestSupport

/// Decompositions of matrices whose eigenvalues or singular values are far from one another.
let decompositionCases: [OperationCase] = [
    .shaped(
        "symmetricEigenvalues(of:)", squareShapes, large: [11_200, 3, 3],
        { symmetricEigenvalues(of: symmetric($0)) },
        { ofMatrices($0) { [eigenByHand(symmetricByHand($0)).values] }.first }),
    .shaped(
        "symmetricEigen(of:)", squareShapes, large: [11_200, 3, 3],
        { x in
            let (values, vectors) = symmetricEigen(of: symmetric(x))
            return concatenated([values.expandingAxis(-2), vectors], axis: -2)
        },
        {
            ofMatrices($0) { matrix in
                let (values, vectors) = eigenByHand(symmetricByHand(matrix))
                return [values] + columns(vectors.map { scaled($0, by: sign($0)) })
            }.all
        }),
    .shaped(
        "singularValues(of:)", shapes, large: [11_200, 3, 3], { singularValues(of: spread($0)) },
        { ofMatrices($0) { [singularByHand(spreadByHand($0)).values] }.first }),
    .shaped(
        "singularValueDecomposition(of:)", shapes, large: [11_200, 3, 3],
        { x in
            let (left, values, right) = singularValueDecomposition(of: spread(x))
            return concatenated([left, values.expandingAxis(-2), right], axis: -2)
        },
        {
            ofMatrices($0) { matrix in
                let (left, values, right) = singularByHand(spreadByHand(matrix))
                return columns(left) + [values] + columns(right)
            }.all
        }),
    .shaped(
        "qrFactors(of:)", shapes, large: [11_200, 3, 3],
        { x in
            let (q, r) = qrFactors(of: spread(x))
            // Below one another or side by side, whichever fits.
            return concatenated([q, r], axis: x.shape.suffix(2).min() == x.shape.last ? -2 : -1)
        },
        { ofMatrices($0) { orthogonalizedByHand(spreadByHand($0)) }.all }),
]

private let squareShapes = [[3, 3], [1, 1], [2, 2, 2]]
private let shapes = squareShapes + [[3, 2], [2, 3]]

private func symmetric(_ x: Tensor) -> Tensor {
    let size = x.shape[x.rank - 1]
    return 0.25 * (x + x.swappingAxes(-2, -1)) + spacing(size, size, x.dataType)
}

private func spread(_ x: Tensor) -> Tensor {
    0.25 * x + spacing(x.shape[x.rank - 2], x.shape[x.rank - 1], x.dataType)
}

/// 4, 8, 12 … on the diagonal.
private func spacing(_ rows: Int, _ columns: Int, _ type: DataType) -> Tensor {
    let size = max(rows, columns)
    let diagonal =
        Tensor.identity(size, dataType: type)
        * Tensor((0..<size).map { 4 * Double($0 + 1) }).cast(to: type)
    return diagonal.sliced(axis: 0, 0..<rows).sliced(axis: 1, 0..<columns)
}

private typealias Matrix = [[Double]]

private func symmetricByHand(_ x: Matrix) -> Matrix {
    x.indices.map { i in
        x.indices.map { j in 0.25 * (x[i][j] + x[j][i]) + (i == j ? 4 * Double(i + 1) : 0) }
    }
}

private func spreadByHand(_ x: Matrix) -> Matrix {
    x.indices.map { i in
        x[i].indices.map { j in 0.25 * x[i][j] + (i == j ? 4 * Double(i + 1) : 0) }
    }
}

/// The matrices that are made of those in the last two axes, and their first rows alone.
private func ofMatrices(
    _ operand: NaiveArray, _ body: (Matrix) -> Matrix
) -> (all: NaiveArray, first: NaiveArray) {
    let leading = Array(operand.shape.dropLast(2))
    let (rows, columns) = (
        operand.shape[operand.shape.count - 2], operand.shape[operand.shape.count - 1]
    )
    let results = NaiveArray.indices(leading).map { place in
        body((0..<rows).map { i in (0..<columns).map { operand[place + [i, $0]] } })
    }
    let (height, width) = (results[0].count, results[0][0].count)
    return (
        NaiveArray(results.flatMap { $0.flatMap { $0 } }, shape: leading + [height, width]),
        NaiveArray(results.flatMap { $0[0] }, shape: leading + [width])
    )
}

private func columns(_ x: Matrix) -> Matrix {
    x[0].indices.map { j in x.map { $0[j] } }
}

private func product(_ a: Matrix, _ b: Matrix) -> Matrix {
    let columns = columns(b)
    return a.map { row in columns.map { sum(row, $0) } }
}

private func sum(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
}

private func scaled(_ x: [Double], by factor: Double) -> [Double] { x.map { factor * $0 } }

private func sign(_ x: [Double]) -> Double {
    (x.max { abs($0) < abs($1) } ?? 0) < 0 ? -1 : 1
}

/// Ascending eigenvalues, and eigenvectors as rows, by Jacobi's rotations.
private func eigenByHand(_ a: Matrix) -> (values: [Double], vectors: Matrix) {
    var a = a
    var vectors = a.indices.map { i in a.indices.map { $0 == i ? 1.0 : 0 } }
    func rotated(_ x: Matrix, _ p: Int, _ q: Int, _ c: Double, _ s: Double) -> Matrix {
        var x = x
        for j in x[p].indices {
            (x[p][j], x[q][j]) = (c * x[p][j] - s * x[q][j], s * x[p][j] + c * x[q][j])
        }
        return x
    }
    for _ in 0..<10 {
        for p in a.indices {
            for q in a.indices where q > p && a[p][q] != 0 {
                let theta = (a[q][q] - a[p][p]) / (2 * a[p][q])
                let t = (theta < 0 ? -1 : 1) / (abs(theta) + (theta * theta + 1).squareRoot())
                let c = 1 / (t * t + 1).squareRoot()
                a = columns(rotated(columns(rotated(a, p, q, c, c * t)), p, q, c, c * t))
                vectors = rotated(vectors, p, q, c, c * t)
            }
        }
    }
    let order = a.indices.sorted { a[$0][$0] < a[$1][$1] }
    return (order.map { a[$0][$0] }, order.map { vectors[$0] })
}

/// Descending singular values, and singular vectors as rows, from the eigenvectors of the smaller of
/// Xᵀ X and X Xᵀ.
private func singularByHand(_ x: Matrix) -> (left: Matrix, values: [Double], right: Matrix) {
    guard x.count >= x[0].count else {
        let (right, values, left) = singularByHand(columns(x))
        let signs = left.map(sign)
        return (zip(left, signs).map(scaled), values, zip(right, signs).map(scaled))
    }
    let (squares, vectors) = eigenByHand(product(columns(x), x))
    let values = squares.reversed().map { $0.squareRoot() }
    let right = Array(vectors.reversed())
    let left = zip(right, values).map { vector, value in x.map { sum($0, vector) / value } }
    let signs = left.map(sign)
    return (zip(left, signs).map(scaled), values, zip(right, signs).map(scaled))
}

/// Q and R below one another, or beside one another if there are fewer rows than columns, by Gram's and Schmidt's process.
private func orthogonalizedByHand(_ x: Matrix) -> Matrix {
    var q: Matrix = []
    for column in columns(x).prefix(x.count) {
        let rest = q.reduce(column) { rest, unit in
            zip(rest, scaled(unit, by: sum(unit, column))).map { $0 - $1 }
        }
        q.append(scaled(rest, by: 1 / sum(rest, rest).squareRoot()))
    }
    let r = product(q, x).enumerated().map { i, row in
        row.enumerated().map { j, element in j < i ? 0 : element }
    }
    return x.count < x[0].count ? zip(columns(q), r).map { $0 + $1 } : columns(q) + r
}
