import Autograd

extension Workload {
    /// Square products, and the three of a dense layer: forward, and both backward.
    static let products: [Workload] =
        [64, 128, 256, 512, 1024, 2048].map { size in
            product("gemm_\(size)", size, size, size)
        } + [
            product("gemm_mlp", 128, 784, 400),
            product("gemm_mlp_tn", 784, 128, 400, transposingLeft: true),
            product("gemm_mlp_nt", 128, 400, 784, transposingRight: true),
        ]

    /// `[rows, inner]` times `[inner, columns]`, where a factor may be stored transposed.
    static func product(
        _ name: String, _ rows: Int, _ inner: Int, _ columns: Int,
        transposingLeft: Bool = false, transposingRight: Bool = false
    ) -> Workload {
        let left = transposingLeft ? [inner, rows] : [rows, inner]
        let right = transposingRight ? [columns, inner] : [inner, columns]
        return .kernel(
            name, .products, operations: 2 * rows * inner * columns
        ) { name in
            [
                Numbers.symmetric("\(name)/a", left, bound: 1),
                Numbers.symmetric("\(name)/b", right, bound: 1),
            ]
        } _: { inputs in
            [
                matmul(
                    inputs[0], inputs[1], transposingLeft: transposingLeft,
                    transposingRight: transposingRight)
            ]
        }
    }
}
