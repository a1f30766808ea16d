import Autograd
import Models

extension Workload {
    /// Subscripts, padding, scans, searches, contractions, systems of equations and transforms.
    static let analysis: [Workload] =
        selections + scans + searches + contractions + linearAlgebra + transforms

    private static let selections: [Workload] =
        both("subscript_read", [.spread("x", 64, 64, 256)], along: [63, 32, 128]) {
            $0[0][1..., everyOther, stride(from: 0, to: 256, by: 2)]
        }
        + both(
            "subscript_write", [.spread("x", 64, 64, 256), .spread("v", 63, 32, 128)],
            along: [64, 64, 256]
        ) { inputs in
            var x = inputs[0]
            x[1..., everyOther, stride(from: 0, to: 256, by: 2)] = inputs[1]
            return x
        }
        + both(
            "subscript_row_write", [.spread("x", 256, 1024), .spread("v", 1024)],
            along: [256, 1024]
        ) {
            inputs in
            var x = inputs[0]
            x[7, .all] = inputs[1]
            return x
        }
        + [
            .kernel("subscript_mask_f", .analysis) { name in
                [Numbers.standardized("\(name)/x", [1 << 18])]
            } _: { inputs in
                [inputs[0][inputs[0] .> 0]]
            }
        ]
        + both("pad_reflected", [.spread("x", 8, 16, 48, 64)], along: [8, 16, 54, 70]) {
            $0[0].padded([(0, 0), (0, 0), (3, 3), (3, 3)], mode: .reflected)
        }
        + both("tiled", [.spread("x", 64, 1, 256)], along: [64, 16, 512]) {
            $0[0].tiled([1, 16, 2])
        }

    /// 32 of 64 positions.
    private static let everyOther = Tensor((0..<32).map { Int32($0 * 2) })

    private static let scans: [Workload] =
        both("cumulative_maximum", [.spread("x", 256, 1024)], along: [256, 1024]) {
            $0[0].cumulativeMaximum()
        }
        + both("cumulative_logsumexp", [.spread("x", 256, 1024)], along: [256, 1024]) {
            $0[0].cumulativeLogSumExp()
        }
        + both("product", [.between("x", 0.95, 1.05, 256, 1024)], along: [256]) {
            $0[0].product(axes: [-1])
        }

    private static let searches: [Workload] = [
        .kernel("unique_100k", .analysis) { name in
            [Numbers.indices("\(name)/x", [100_000], below: 1000).cast(to: .float32)]
        } _: { inputs in
            let (values, counts, positions) = inputs[0].unique()
            return [values, counts, positions]
        },
        .kernel("histogram_1m", .analysis) { name in
            [Numbers.standardized("\(name)/x", [1 << 20])]
        } _: { inputs in
            [inputs[0].histogram(parts: 100, in: -1...1)]
        },
        .kernel("search_sorted_100k", .analysis) { name in
            [Numbers.standardized("\(name)/x", [100_000])]
        } _: { inputs in
            [searched.searchSorted(inputs[0])]
        },
    ]

    /// Ascending numbers that are exact in `float32`.
    private static let searched = (Tensor.range(8192) - 4096) / 2048

    private static let contractions: [Workload] =
        both(
            "einsum_chain",
            [.within("a", 1, 256, 64), .within("b", 1, 64, 256), .within("c", 1, 256, 32)],
            along: [256, 32]
        ) {
            einsum("ij,jk,kl->il", $0[0], $0[1], $0[2])
        }
        + both(
            "einsum_bilinear",
            [.within("a", 1, 512, 128), .within("b", 1, 128, 128), .within("c", 1, 512, 128)],
            along: [512]
        ) {
            einsum("bi,ij,bj->b", $0[0], $0[1], $0[2])
        }
        + both(
            "einsum_attention", [.within("q", 1, 16, 96, 4, 32), .within("k", 1, 16, 128, 4, 32)],
            along: [16, 4, 96, 128]
        ) {
            einsum("bqhd,bkhd->bhqk", $0[0], $0[1])
        }

    private static let linearAlgebra: [Workload] = [("32x64", [32, 64, 64]), ("256", [256, 256])]
        .flatMap { (size: String, shape: [Int]) -> [Workload] in
            both("cholesky_\(size)", [.dominant("a", shape)], along: shape) {
                choleskyFactor(of: $0[0])
            }
                + both("solve_\(size)", [.dominant("a", shape), .spread("b", shape)], along: shape)
            {
                solve($0[0], $0[1])
            }
                + both("inverse_\(size)", [.dominant("a", shape)], along: shape) {
                    inverse(of: $0[0])
                }
                + both(
                    "log_determinant_\(size)", [.dominant("a", shape)],
                    along: Array(shape.dropLast(2))
                ) {
                    logDeterminant(of: $0[0])
                }
        }

    private static let transforms: [Workload] =
        [
            ("fourier_1024", [64, 1024], [-1]), ("fourier_1009", [64, 1009], [-1]),
            ("fourier_128x128", [16, 128, 128], [-2, -1]),
        ].flatMap { (name: String, shape: [Int], axes: [Int]) -> [Workload] in
            // Both parts in one tensor, so that there is one result.
            both(
                name, [.spread("x", shape), .spread("y", shape)],
                along: [2 * shape[0]] + shape.dropFirst()
            ) {
                let parts = fourierTransform(real: $0[0], imaginary: $0[1], axes: axes)
                return concatenated([parts.real, parts.imaginary])
            }
        }
        + both("resize_bilinear", [.spread("x", 16, 3, 48, 64)], along: [16, 3, 96, 128]) {
            resized($0[0], to: Size2D(height: 96, width: 128), by: .bilinear)
        }

    /// A function, and the same with the gradients of all its inputs along `dy`.
    private static func both(
        _ name: String, _ inputs: [Input], along shape: [Int],
        _ body: @escaping @Sendable ([Tensor]) -> Tensor
    ) -> [Workload] {
        [
            .kernel("\(name)_f", .analysis) { name in
                inputs.map { $0.make(name) }
            } _: { inputs in
                [body(inputs)]
            },
            .kernel("\(name)_fb", .analysis) { name in
                inputs.map { $0.make(name) } + [Numbers.standardized("\(name)/dy", shape)]
            } _: { inputs in
                let (y, pullback) = valueWithPullback(at: Array(inputs.dropLast()), of: body)
                return [y] + pullback(inputs[inputs.count - 1])
            },
        ]
    }
}

/// How an input is made for a workload.
private struct Input: Sendable {
    let make: @Sendable (_ workload: String) -> Tensor

    static func spread(_ name: String, _ shape: Int...) -> Input { spread(name, shape) }

    static func spread(_ name: String, _ shape: [Int]) -> Input {
        Input { Numbers.standardized("\($0)/\(name)", shape) }
    }

    static func within(_ name: String, _ bound: Double, _ shape: Int...) -> Input {
        Input { Numbers.symmetric("\($0)/\(name)", shape, bound: bound) }
    }

    static func between(
        _ name: String, _ lower: Double, _ upper: Double, _ shape: Int...
    ) -> Input {
        Input { Numbers.uniform("\($0)/\(name)", shape, from: lower, to: upper) }
    }

    /// Symmetric matrices near twice the identity, which are positive definite.
    static func dominant(_ name: String, _ shape: [Int]) -> Input {
        let size = shape[shape.count - 1]
        return Input {
            let half = Numbers.symmetric("\($0)/\(name)", shape, bound: 0.25 / Double(size))
            return half + half.swappingAxes(-1, -2) + 2 * Tensor.identity(size)
        }
    }
}
