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
    sampling(.clamped), sampling(.zero), sampling(.reflected),
    resizing(.nearest), resizing(.bilinear), resizing(.bicubic), resizing(.area),
    OperationCase(
        declaration: "pairwiseSquaredDistances(Tensor, Tensor)", domains: [.any, .any],
        shapes: [
            [[3, 2], [4, 2]], [[2, 2, 3], [2, 3, 3]], [[2, 1], [0, 1]], [[0, 2], [2, 2]],
        ],
        largeShapes: [[2, 300, 100], [2, 250, 100]],
        function: { pairwiseSquaredDistances($0[0], $0[1]) },
        reference: { operands in
            let (a, b) = (operands[0], operands[1])
            let (n, m) = (a.shape.dropLast(), b.shape[b.shape.count - 2])
            return NaiveArray(shape: n + [m]) { index in
                (0..<(a.shape.last ?? 0)).reduce(0) { sum, place in
                    let other = index.dropLast(2) + [index[index.count - 1], place]
                    let difference = a[index.dropLast() + [place]] - b[Array(other)]
                    return sum + difference * difference
                }
            }
        }),
]

private func sampling(_ border: Border) -> OperationCase {
    OperationCase(
        declaration: "bilinearlySampled(Tensor, at:, border:)", variant: border.rawValue,
        domains: [.any, Domain(range: -2.5...4.5, kinks: [-2, -1, 0, 1, 2, 3, 4])],
        shapes: [
            [[2, 2, 2, 3], [2, 4, 2]], [[1, 1, 3, 1], [1, 2, 2, 2]], [[1, 1, 1, 1], [1, 2]],
            [[0, 1, 2, 2], [0, 3, 2]], [[1, 0, 2, 2], [1, 1, 2]], [[1, 1, 1, 2], [1, 0, 2]],
        ],
        largeShapes: [[6, 3, 60, 70], [6, 50, 80, 2]], finiteArguments: [1],
        function: { bilinearlySampled($0[0], at: $0[1], border: border) },
        reference: { operands in
            let (images, coordinates) = (operands[0], operands[1])
            let points = coordinates.shape.dropFirst().dropLast()
            return NaiveArray(shape: Array(images.shape[..<2]) + points) { index in
                let point = [index[0]] + index[2...]
                let weights = (0..<2).map { axis -> [Double] in
                    let size = images.shape[3 - axis]
                    let place = border.place(coordinates[point + [axis]], size)
                    return (0..<size).map { max(0, 1 - abs(place - Double($0))) }
                }
                return NaiveArray.indices(Array(images.shape[2...])).reduce(0) { sum, pixel in
                    sum + weights[1][pixel[0]] * weights[0][pixel[1]] * images[index[..<2] + pixel]
                }
            }
        })
}

extension Border {
    /// The place on an axis of `size` pixels that is seen at a coordinate.
    fileprivate func place(_ coordinate: Double, _ size: Int) -> Double {
        let last = Double(size - 1)
        switch self {
        case .zero: return coordinate
        case .clamped: return min(max(0, coordinate), last)
        case .reflected where size == 1: return 0
        case .reflected:
            let rest = Foundation.fmod(abs(coordinate), 2 * last)
            return min(rest, 2 * last - rest)
        }
    }
}

private func fourier(
    _ variant: String, _ shapes: [[[Int]]], axes: [Int] = [-1], isInverse: Bool = false
) -> OperationCase {
    OperationCase(
        declaration: "fourierTransform(real:, imaginary:, axes:, isInverse:)", variant: variant,
        domains: [.any, .any], shapes: shapes,
        largeShapes: [[3, 96 * 67], [3, 96 * 67]].map { axes.count > 1 ? [40, 64, 48] : $0 },
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

private func resizing(_ interpolation: Interpolation) -> OperationCase {
    OperationCase(
        declaration: "resized(Tensor, to:, by:)", variant: interpolation.rawValue,
        domains: [.any], shapes: [[[3, 7]], [[2, 1, 4]], [[0, 5, 5]], [[2, 2, 5, 1]]],
        largeShapes: [[9, 150, 90]], movesNotANumber: true,
        function: { resized($0[0], to: Size2D(height: 4, width: 5), by: interpolation) },
        reference: { operands in
            let x = operands[0]
            let sizes = x.shape.suffix(2).map { $0 }
            let rows = interpolation.weights(of: 4, from: sizes[0])
            let columns = interpolation.weights(of: 5, from: sizes[1])
            return NaiveArray(shape: x.shape.dropLast(2) + [4, 5]) { index in
                let (row, column) = (index[index.count - 2], index[index.count - 1])
                var sum = 0.0
                for (i, a) in rows[row].enumerated() {
                    for (j, b) in columns[column].enumerated() where a != 0 && b != 0 {
                        sum += a * b * x[index.dropLast(2) + [i, j]]
                    }
                }
                return sum
            }
        })
}

extension Interpolation {
    /// How much of each of `size` pixels is in each of `count`, by the definition of the kernel at
    /// every place.
    fileprivate func weights(of count: Int, from size: Int) -> [[Double]] {
        let step = Double(size) / Double(count)
        func kernel(_ x: Double) -> Double {
            let x = abs(x)
            switch self {
            case .bilinear: return max(0, 1 - x)
            case .bicubic where x < 1: return 1.5 * x * x * x - 2.5 * x * x + 1
            case .bicubic where x < 2: return -0.5 * x * x * x + 2.5 * x * x - 4 * x + 2
            default: return 0
            }
        }
        return (0..<count).map { index in
            let centre = (Double(index) + 0.5) * step - 0.5
            var weights = [Double](repeating: 0, count: size)
            for place in -3 * size - 9...4 * size + 9 {
                let inside = min(max(place, 0), size - 1)
                switch self {
                case .nearest:
                    weights[inside] += place == Int((centre + 0.5).rounded(.down)) ? 1 : 0
                case .area:
                    let (start, end) = (Double(index) * step, Double(index + 1) * step)
                    weights[inside] += max(
                        0, min(end, Double(place + 1)) - max(start, Double(place)))
                default: weights[inside] += kernel((Double(place) - centre) / max(1, step))
                }
            }
            let sum = weights.reduce(0, +)
            return weights.map { $0 / sum }
        }
    }
}
