import Autograd
import Foundation
import TestSupport
import Testing

/// Decompositions of matrices of more than a block, and of matrices that are hard to decompose.
@Suite struct DecompositionTests {
    private static let spread = (0..<40).map { Foundation.pow(0.3, Double($0)) }

    /// Symmetric matrices.
    private static let symmetric: [(name: String, matrix: Tensor)] = [
        ("random", random(75, 75, adding: true)), ("zeros", .zeros([5, 5], dataType: .float64)),
        ("equal eigenvalues", .identity(40, dataType: .float64)),
        ("one number", Tensor(rows: [[-3.0]])),
        ("of rank 2", product(random(50, 2), random(50, 2))),
        ("graded", product(random(40, 40) * Tensor(spread), random(40, 40) * Tensor(spread))),
        ("small", random(9, 9, adding: true) * 1e-300),
        ("large", random(9, 9, adding: true) * 1e300),
        ("smallest", Tensor(rows: [[3, 1], [1, 2.0]]) * (.leastNormalMagnitude / 100)),
        (
            "columns of other sizes",
            Tensor(rows: [[1e300, 1e-10, 1], [1e-10, 1e-170, 1e-160], [1, 1e-160, 0]])
        ),
    ]

    @Test(arguments: symmetric.indices)
    func eigenvectorsMakeTheMatrix(_ index: Int) {
        let (name, matrix) = Self.symmetric[index]
        let (values, vectors) = symmetricEigen(of: matrix)
        let scale = Swift.max(abs(matrix).max().scalar, .leastNonzeroMagnitude)
        let again = matmul(vectors * (values / scale), vectors, transposingRight: true)
        #expect(isClose(again, matrix / scale, 1e-13), "\(name)")
        #expect(isOrthonormal(vectors), "\(name)")
        let numbers = numbers(values)
        #expect(zip(numbers, numbers.dropFirst()).allSatisfy { $0 <= $1 }, "\(name)")
        #expect(symmetricEigenvalues(of: matrix).isIdentical(to: values), "\(name)")
        let greatest = vectors.gatheredAlong(
            axis: 0, at: abs(vectors).argmax(axis: 0).expandingAxis(0))
        #expect((greatest .> 0).all().scalar == 1, "\(name)")
    }

    private static let rectangular: [(name: String, matrix: Tensor)] =
        symmetric + [
            ("tall", random(75, 40)), ("wide", random(40, 75)), ("square", random(70, 70)),
            ("column", random(5, 1)), ("row", random(1, 5)),
            ("of rank 3", product(random(60, 3), random(50, 3))),
            ("bidiagonal with a zero", bidiagonal(withZero: true)),
            ("bidiagonal with ones", bidiagonal(withZero: false)),
            ("in descending scales", random(45, 40) * Tensor(spread)),
            ("in ascending scales", random(45, 40) * Tensor(spread.reversed())),
        ]

    @Test(arguments: rectangular.indices)
    func singularVectorsMakeTheMatrix(_ index: Int) {
        let (name, matrix) = Self.rectangular[index]
        let (left, values, right) = singularValueDecomposition(of: matrix)
        let scale = Swift.max(abs(matrix).max().scalar, .leastNonzeroMagnitude)
        let again = matmul(left * (values / scale), right, transposingRight: true)
        #expect(isClose(again, matrix / scale, 1e-13), "\(name)")
        #expect(isOrthonormal(left) && isOrthonormal(right), "\(name)")
        let numbers = numbers(values)
        #expect(zip(numbers, numbers.dropFirst() + [0]).allSatisfy { $0 >= $1 }, "\(name)")
        #expect(singularValues(of: matrix).isIdentical(to: values), "\(name)")
    }

    @Test(arguments: rectangular.indices)
    func qrFactorsMakeTheMatrix(_ index: Int) {
        let (name, matrix) = Self.rectangular[index]
        let (q, r) = qrFactors(of: matrix)
        let scale = Swift.max(abs(matrix).max().scalar, .leastNonzeroMagnitude)
        #expect(isClose(matmul(q, r / scale), matrix / scale, 1e-13), "\(name)")
        #expect(isOrthonormal(q), "\(name)")
        #expect(r.isIdentical(to: r.upperTriangle()), "\(name)")
        #expect((r.diagonal() .>= 0).all().scalar == 1, "\(name)")
    }

    /// Several blocks of columns.
    @Test func systemsOfManyEquationsAreSolved() {
        let (a, b) = (random(100, 100), random(100, 45))
        #expect(isClose(matmul(a, solve(a, b)), b, 1e-10))
        #expect(isClose(matmul(a, inverse(of: a)), .identity(100, dataType: .float64), 1e-10))
        let positive = product(a, a) + .identity(100, dataType: .float64)
        let factor = choleskyFactor(of: positive)
        #expect(isClose(product(factor, factor), positive, 1e-11))
        #expect(factor.isIdentical(to: factor.lowerTriangle()))
        for isTransposing in [false, true] {
            let solved = triangularSolve(factor, b, transposing: isTransposing)
            #expect(isClose(matmul(factor, solved, transposingLeft: isTransposing), b, 1e-11))
        }
        let logarithm = 2 * log(factor.diagonal()).sum().scalar
        #expect(Swift.abs(logDeterminant(of: positive).scalar - logarithm) < 1e-9)
        let scaled = determinant(of: positive / 150).scalar
        #expect(Swift.abs(Foundation.log(scaled) - logarithm + 100 * Foundation.log(150)) < 1e-9)
    }

    /// Numbers of scipy.linalg 1.x: `svdvals(hilbert(6))`, `eigvalsh(pascal(5))`, and the largest and
    /// the least eigenvalues of Wilkinson's matrix W₂₁⁺, whose largest two agree in 14 digits.
    @Test func valuesAreThoseOfAnotherLibrary() {
        let hilbert = matrix(6) { i, j in 1 / Double(i + j + 1) }
        expect(
            singularValues(of: hilbert),
            [
                1.6188998589243393, 0.2423608705752095, 1.6321521319875812e-2,
                6.1574835418263813e-4, 1.257075712262e-5, 1.0827994844e-7,
            ])
        var pascal = [[Double]](repeating: [1, 1, 1, 1, 1], count: 5)
        for i in 1..<5 { for j in 1..<5 { pascal[i][j] = pascal[i - 1][j] + pascal[i][j - 1] } }
        expect(
            symmetricEigenvalues(of: Tensor(rows: pascal)),
            [0.01083535906879736, 0.1812419014661148, 1, 5.5174879093119316, 92.29043483015316])
        let wilkinson = symmetricEigenvalues(
            of: matrix(21) { i, j in
                if i == j { return Swift.abs(Double(i) - 10) }
                return Swift.abs(i - j) == 1 ? 1 : 0
            })
        expect(
            wilkinson[17..<21],
            [9.210678647304919, 9.210678647361332, 10.746194182903322, 10.746194182903393])
        expect(wilkinson[0..<1], [-1.1254415221199854])
        // The same of `qr` with the signs of the diagonal.
        let (q, r) = qrFactors(of: Tensor(rows: [[1, 2], [3, 4], [5, 7.0]]))
        expect(r.flattened(), [5.916079783099616, 8.282511696339462, 0, 0.632455532033676])
        expect(q[0], [0.16903085094570325, 0.9486832980505138])
    }

    private func expect(_ found: Tensor, _ expected: [Double]) {
        #expect(
            isClose(
                found.reshaped([expected.count]), Tensor(expected),
                1e-14 * Swift.max(1, expected.map { Swift.abs($0) }.max() ?? 0)))
    }

    /// Where eigenvalues are equal, they and single vectors of others have derivatives.
    @Test func equalValuesHaveDerivatives() {
        let x = Tensor.identity(3, dataType: .float64)
        let weights = Tensor([2.0, 2, 2])
        #expect(isClose(gradient(at: x) { symmetricEigenvalues(of: $0).sum() }, x, 1e-14))
        #expect(
            isClose(
                gradient(at: x) { (symmetricEigen(of: $0).values * weights).sum() }, 2 * x, 1e-14))
        #expect(isClose(gradient(at: x) { (singularValues(of: $0) * weights).sum() }, 2 * x, 1e-14))
        let direction = Tensor(rows: [[1, 2, 0], [2, 5, 1], [0, 1, 3.0]])
        #expect(
            isClose(
                jacobianVectorProduct(at: x, along: direction) {
                    symmetricEigenvalues(of: $0).sum()
                }.derivative, Tensor([9.0]).reshaped([]), 1e-13))
        // The first vector of diag(1, 2, 2) is e₁; v₁₂ changes by −x₂₁.
        let other = Tensor(rows: [[1, 0, 0], [0, 2, 0], [0, 0, 2.0]])
        let slope = gradient(at: other) { symmetricEigen(of: $0).vectors[1, 0] }
        #expect(isClose(slope, Tensor(rows: [[0, -0.5, 0], [-0.5, 0, 0], [0, 0, 0]]), 1e-14))
    }

    @Test func onlyTheLowerTriangleIsRead() {
        let x = random(4, 4)
        let mirrored = x.lowerTriangle() + x.lowerTriangle(diagonal: -1).transposed()
        let poisoned = select(
            Tensor.ones([4, 4]).upperTriangle(diagonal: 1) .> 0, Tensor(.nan, dataType: .float64), x
        )
        #expect(
            symmetricEigen(of: poisoned).vectors.isIdentical(
                to: symmetricEigen(of: mirrored).vectors))
        let slope = gradient(at: x) { symmetricEigen(of: $0).vectors[0].sum() }
        #expect(slope.isIdentical(to: slope.transposed()))
    }

    /// A matrix of a batch with what is no number has no numbers; the others do.
    @Test(arguments: [Double.nan, .infinity, -.infinity]) func whatIsNotFiniteSpreads(
        _ value: Double
    ) {
        let x = stacked([
            random(3, 3), Tensor(rows: [[1, 2, 0], [2, value, 1], [0, 1, 1]]), random(3, 3),
        ])
        let (values, vectors) = symmetricEigen(of: x)
        let (left, singular, right) = singularValueDecomposition(of: x)
        let (q, r) = qrFactors(of: x)
        for result in [
            values, vectors, left, singular, right, q, r, symmetricEigenvalues(of: x),
            singularValues(of: x),
        ] {
            #expect(result[1].isNaN.all().scalar == 1)
            #expect(result[0].isFinite.all().scalar == 1 && result[2].isFinite.all().scalar == 1)
        }
        let slope = gradient(at: x) { symmetricEigen(of: $0).vectors.sum() }
        #expect(slope[1].isNaN.all().scalar == 1 && slope[0].isFinite.all().scalar == 1)
    }

    @Test func emptyMatricesHaveEmptyFactors() {
        for shape in [[0, 2, 2], [2, 0, 0], [2, 0, 3], [2, 3, 0]] {
            let x = Tensor.zeros(shape)
            let (left, values, right) = singularValueDecomposition(of: x)
            let (q, r) = qrFactors(of: x)
            let least = Swift.min(shape[1], shape[2])
            #expect(left.shape == [shape[0], shape[1], least] && q.shape == left.shape)
            #expect(
                values.shape == [shape[0], least] && right.shape == [shape[0], shape[2], least])
            #expect(r.shape == [shape[0], least, shape[2]])
            #expect(
                gradient(at: x) { qrFactors(of: $0).r.sum() + singularValues(of: $0).sum() }.shape
                    == shape)
        }
        #expect(symmetricEigen(of: .zeros([3, 0, 0])).values.shape == [3, 0])
    }
}

private func random(_ rows: Int, _ columns: Int, adding isSymmetric: Bool = false) -> Tensor {
    var generator = RandomGenerator(seed: 31)
    let x = generator.normal([rows, columns], dataType: .float64)
    return isSymmetric ? x + x.transposed() : x
}

private func product(_ a: Tensor, _ b: Tensor) -> Tensor { matmul(a, b, transposingRight: true) }

private func bidiagonal(withZero: Bool) -> Tensor {
    matrix(40) { i, j in
        if i == j { return withZero && i % 7 == 3 ? 0 : 1 }
        return i + 1 == j ? 1 : 0
    }
}

private func matrix(_ size: Int, _ element: (_ row: Int, _ column: Int) -> Double) -> Tensor {
    Tensor(rows: (0..<size).map { i in (0..<size).map { element(i, $0) } })
}

private func isClose(_ a: Tensor, _ b: Tensor, _ tolerance: Double) -> Bool {
    a.count == 0
        || a.shape == b.shape
            && abs(a - b).max().scalar <= tolerance * Swift.max(1, abs(b).max().scalar)
}

private func isOrthonormal(_ x: Tensor) -> Bool {
    isClose(matmul(x, x, transposingLeft: true), .identity(x.shape[1], dataType: .float64), 1e-13)
}
