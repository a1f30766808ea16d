import Autograd
import Foundation

extension Dataset {
    /// Small images of one bright figure each (a disc, a ring, a square or a bar), with random
    /// position, size and, for square and bar, direction: `uint8`, [n, 28, 28]. The labels are the
    /// kinds of figures.
    public static func shapes(
        trainingCount: Int = 4000, testCount: Int = 1000, seed: UInt64 = 0
    ) -> Dataset {
        let size = 28
        func examples(_ count: Int, _ generator: inout RandomGenerator) -> Examples {
            let chance = generator.uniform([count, 4], dataType: .float64)
                .elements(as: Double.self)
            var pixels: [UInt8] = []
            pixels.reserveCapacity(count * size * size)
            for index in 0..<count {
                let figure = Figure.inTurn(index)
                // Sound: the covered part of a pixel is from 0 to 1.
                pixels += figure.coverage(chance[4 * index..<4 * index + 4], size: size)
                    .map { UInt8((255 * $0).rounded()) }
            }
            return Examples(
                inputs: Tensor(pixels, shape: [count, size, size]), labels: Figure.labels(count))
        }
        var generator = RandomGenerator(seed: seed)
        return Dataset(
            name: "shapes", training: examples(trainingCount, &generator),
            test: examples(testCount, &generator),
            classNames: Figure.allCases.map(\.rawValue),
            source: "Generated with the seed \(seed)")
    }
}

/// The figures in the generated images.
enum Figure: String, CaseIterable {
    case disc, ring, square, bar

    /// The figures in turn, so that all are equally frequent.
    static func inTurn(_ index: Int) -> Figure { allCases[index % allCases.count] }

    /// The labels of the figures in turn.
    static func labels(_ count: Int) -> Tensor {
        Tensor((0..<count).map { Int32($0 % allCases.count) })
    }

    /// How much of each pixel of an image is covered, from 0 to 1, row by row.
    ///
    /// - Parameters:
    ///   - chance: four numbers in [0, 1) that determine position, size and direction.
    ///   - size: the side of the image in pixels.
    func coverage(_ chance: ArraySlice<Double>, size: Int) -> [Double] {
        let chance = Array(chance)
        let radius = 4 + 4 * chance[2]
        let room = Double(size) - 2 * radius - 4
        let centre = (x: 2 + radius + room * chance[0], y: 2 + radius + room * chance[1])
        let direction = (x: cos(.pi * chance[3]), y: sin(.pi * chance[3]))
        return (0..<size * size).map { index in
            let x = Double(index % size) + 0.5 - centre.x
            let y = Double(index / size) + 0.5 - centre.y
            let distance = signedDistance(
                along: abs(x * direction.x + y * direction.y),
                across: abs(y * direction.x - x * direction.y), radius: radius)
            return min(max(0.5 - distance, 0), 1)
        }
    }

    /// The distance in pixels from the figure's edge, negative inside; coordinates from its centre.
    private func signedDistance(along: Double, across: Double, radius: Double) -> Double {
        switch self {
        case .disc: (along * along + across * across).squareRoot() - radius
        case .ring: abs((along * along + across * across).squareRoot() - radius + 1.5) - 1.5
        case .square: max(along, across) - radius * 0.5.squareRoot()
        case .bar: max(along - radius, across - 1.5)
        }
    }
}
