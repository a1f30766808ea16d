import Autograd
import Foundation
import TestSupport

/// Transforms of signals.
let signalCases: [OperationCase] = [
    fourier("small", [[[5], [5]], [[2, 8], [2, 8]], [[3, 1], [3, 1]], [[0, 4], [0, 4]]]),
    // 65 = 13 · 5 by products with two small matrices, 67 by a convolution.
    fourier("factors", [[[65], [65]]]),
    fourier("a large prime factor", [[[67], [67]]]),
    fourier("inverse", [[[6], [6]], [[2, 3], [2, 3]]], isInverse: true),
    fourier("two axes", [[[3, 4], [3, 4]], [[2, 2, 3], [2, 2, 3]]], axes: [-2, -1]),
]

private func fourier(
    _ variant: String, _ shapes: [[[Int]]], axes: [Int] = [-1], isInverse: Bool = false
) -> OperationCase {
    OperationCase(
        declaration: "fourierTransform(real:, imaginary:, axes:, isInverse:)", variant: variant,
        domains: [.any, .any], shapes: shapes,
        largeShapes: [[3, 7, 96 * 67], [3, 7, 96 * 67]].map { axes.count > 1 ? [40, 64, 48] : $0 },
        function: { operands in
            let result = fourierTransform(
                real: operands[0], imaginary: operands[1], axes: axes, isInverse: isInverse)
            return stacked([result.real, result.imaginary])
        },
        reference: { operands in
            let shape = operands[0].shape
            let sign = isInverse ? 1.0 : -1.0
            let axes = axes.map { $0 + shape.count }
            let count = axes.reduce(1) { $0 * shape[$1] }
            let along = NaiveArray.indices(
                shape.indices.map { axes.contains($0) ? shape[$0] : 1 })
            return NaiveArray(shape: [2] + shape) { index in
                let place = Array(index.dropFirst())
                var sum = (real: 0.0, imaginary: 0.0)
                for step in along {
                    var (source, turns) = (place, 0.0)
                    for axis in axes {
                        source[axis] = step[axis]
                        turns +=
                            Double(step[axis] * place[axis] % shape[axis])
                            / Double(shape[axis])
                    }
                    let angle = sign * 2 * Double.pi * turns
                    let (c, s) = (Foundation.cos(angle), Foundation.sin(angle))
                    let (re, im) = (operands[0][source], operands[1][source])
                    sum.real += re * c - im * s
                    sum.imaginary += re * s + im * c
                }
                let part = index[0] == 0 ? sum.real : sum.imaginary
                return isInverse ? part / Double(count) : part
            }
        })
}
