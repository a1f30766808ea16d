import Autograd

let selectionTraps: [Trap] = [
    Trap("subscript: more indices than axes of shape [2, 3]") { _ = zeros(2, 3)[0, 0, 0] },
    Trap("subscript: more than one ellipsis") { _ = zeros(2, 3)[.ellipsis, .ellipsis] },
    Trap("subscript: index 3 is out of range for shape [2, 3]") { _ = zeros(2, 3)[.all, 3] },
    Trap("subscript: 0..<4 is out of range for shape [2, 3]") { _ = zeros(2, 3)[0, 0..<4] },
    Trap("subscript: a mask of shape [2] for shape [2, 3]") {
        _ = zeros(2, 3)[.all, Tensor([true, false])]
    },
    Trap("subscript: data types differ: float32 and float64") {
        var x = zeros(2, 3)
        x[0, 0] = Tensor([1.5])
    },
    Trap("einsum: no arrow \"->\" in \"ij,jk\"") { _ = einsum("ij,jk", zeros(2, 3), zeros(3, 3)) },
    Trap("einsum: \"ij->i\" names 1 factors of 2") {
        _ = einsum("ij->i", zeros(2, 3), zeros(3, 3))
    },
    Trap("einsum: \"i\" of \"i,jk->i\" for a factor of shape [2, 3]") {
        _ = einsum("i,jk->i", zeros(2, 3), zeros(3, 3))
    },
    Trap("einsum: an axis stands twice in \"jj\" of \"ij,jj->i\"") {
        _ = einsum("ij,jj->i", zeros(2, 3), zeros(3, 3))
    },
    Trap("einsum: axis \"i\" of \"ij,ki->jk\" has sizes 2 and 3") {
        _ = einsum("ij,ki->jk", zeros(2, 3), zeros(3, 3))
    },
    Trap("einsum: the result \"ix\" of \"ij,jk->ix\" is of no factors' axes") {
        _ = einsum("ij,jk->ix", zeros(2, 3), zeros(3, 3))
    },
    Trap("split: 2 equal parts of axis 1 of shape [2, 3]") {
        _ = zeros(2, 3).split(into: 2, axis: 1)
    },
    Trap("split: sizes [1, 1] do not add up to axis 1 of shape [2, 3]") {
        _ = zeros(2, 3).split(sizes: [1, 1], axis: 1)
    },
    Trap("tiled: counts [2] for a tensor of shape [2, 3]") { _ = zeros(2, 3).tiled([2]) },
    Trap("repeated: -1 times a tensor of shape [2, 3]") { _ = zeros(2, 3).repeated(-1, axis: 0) },
    Trap("lowerTriangle: shape [3] has no two axes") { _ = zeros(3).lowerTriangle() },
    Trap("histogram: 0 parts of 0.0...1.0") { _ = zeros(2).histogram(parts: 0, in: 0...1) },
    Trap("padded: widths [(before: 2, after: 0)] of reflected elements for shape [2]") {
        _ = zeros(2).padded([(2, 0)], mode: .reflected)
    },
    Trap("padded: widths [(before: 1, after: 0)] of edge elements for shape [0]") {
        _ = zeros(0).padded([(1, 0)], mode: .edge)
    },
    Trap("searchSorted: a vector to search in of shape [2, 3]") {
        _ = zeros(2, 3).searchSorted(zeros(2))
    },
    Trap("product: not defined for tensors of int32; cast(to:) first") {
        _ = Tensor([1] as [Int32]).product()
    },
]

let linearAlgebraTraps: [Trap] = [
    Trap("choleskyFactor: a matrix of shape [2, 2] is not positive definite: pivot 1 is -3.0") {
        _ = choleskyFactor(of: Tensor(rows: [[1, 2], [2, 1.0]]))
    },
    Trap("solve: matrix 1 of shape [2, 2, 3] is singular") {
        let matrices = Tensor([1, 0, 0, 1, 1, 2, 2, 4.0], shape: [2, 2, 2])
        _ = solve(matrices, Tensor.ones([2, 2, 1], dataType: .float64))
    },
    Trap("triangularSolve: a matrix of shape [2, 3] has a 0 in row 1 of its diagonal") {
        _ = triangularSolve(Tensor(rows: [[1, 0], [2, 0.0]]), Tensor([1, 2.0], shape: [2, 1]))
    },
    Trap("inverse: expected square matrices […, n, n], found shape [2, 3]") {
        _ = inverse(of: zeros(2, 3))
    },
    Trap("solve: matrices of float32 of shape [2, 2] with right-hand sides of float32 of shape [3]")
    { _ = solve(zeros(2, 2), zeros(3)) },
    Trap("symmetricEigen: expected square matrices […, n, n], found shape [2, 3]") {
        _ = symmetricEigen(of: zeros(2, 3))
    },
    Trap("symmetricEigenvalues: not defined for tensors of int32; cast(to:) first") {
        _ = symmetricEigenvalues(of: Tensor(rows: [[1 as Int32]]))
    },
    Trap("singularValues: expected matrices […, m, n], found shape [2]") {
        _ = singularValues(of: zeros(2))
    },
    Trap(
        "symmetricEigen: eigenvectors of equal eigenvalues, in matrices of shape [2, 2], have no "
            + "derivative"
    ) { slope(.identity(2)) { symmetricEigen(of: $0).vectors } },
    Trap(
        "singularValueDecomposition: singular vectors of equal singular values, or of two that are "
            + "0, in matrices of shape [2, 2], have no derivative"
    ) { slope(.identity(2)) { singularValueDecomposition(of: $0).left } },
    Trap(
        "singularValueDecomposition: singular vectors of a singular value of 0, in matrices of "
            + "shape [3, 2], have no derivative"
    ) {
        slope(Tensor([1, 2, 2, 4, 3, 6.0], shape: [3, 2])) {
            singularValueDecomposition(of: $0).left
        }
    },
    Trap(
        "qrFactors: factors of linearly dependent columns, in matrices of shape [3, 2], have no "
            + "derivative"
    ) { slope(Tensor([1, 2, 2, 4, 3, 6.0], shape: [3, 2])) { qrFactors(of: $0).r } },
    Trap("resized: float32 images of shape [3, 0] to 2 × 2") {
        _ = resized(zeros(3, 0), to: 2)
    },
    Trap("fourierTransform: axis 0 of shape [0] has no element") {
        _ = fourierTransform(real: zeros(0), imaginary: zeros(0))
    },
    Trap("fourierTransform: a real part of float32 of shape [2] and an imaginary part of float32") {
        _ = fourierTransform(real: zeros(2), imaginary: zeros(3))
    },
]

private func slope(_ x: Tensor, _ function: (Tensor) -> Tensor) {
    gradient(at: x) { function($0).sum() }.evaluate()
}
