import Autograd
import Foundation

extension Dataset {
    /// Small pictures of one bright figure each (a disc, a ring, a square or a bar), of
    /// random place, size and, for square and bar, direction: `uint8`, [n, 28, 28]. The
    /// labels tell the figure.
    public static func shapes(
        trainingCount: Int = 4000, testCount: Int = 1000, seed: UInt64 = 0
    ) -> Dataset {
        var generator = RandomGenerator(seed: seed)
        return Dataset(
            name: "shapes", training: Figure.examples(trainingCount, &generator),
            test: Figure.examples(testCount, &generator),
            classNames: Figure.allCases.map(\.rawValue),
            source: "Generated with the seed \(seed)")
    }
}

private enum Figure: String, CaseIterable {
    case disc, ring, square, bar

    private static let size = 28

    /// Figures in turn, so that all are equally many.
    static func examples(_ count: Int, _ generator: inout RandomGenerator) -> Examples {
        let chance = generator.uniform([count, 4], dataType: .float64).elements(as: Double.self)
        var pixels: [UInt8] = []
        pixels.reserveCapacity(count * size * size)
        var labels: [Int32] = []
        for index in 0..<count {
            let label = index % allCases.count
            labels.append(Int32(label))
            allCases[label].draw(Array(chance[4 * index..<4 * index + 4]), into: &pixels)
        }
        return Examples(
            inputs: Tensor(pixels, shape: [count, size, size]), labels: Tensor(labels))
    }

    /// Appends a picture whose place, size and direction four numbers in [0, 1) tell.
    private func draw(_ chance: [Double], into pixels: inout [UInt8]) {
        let radius = 4 + 4 * chance[2]
        let room = Double(Self.size) - 2 * radius - 4
        let centre = (x: 2 + radius + room * chance[0], y: 2 + radius + room * chance[1])
        let direction = (x: cos(.pi * chance[3]), y: sin(.pi * chance[3]))
        for row in 0..<Self.size {
            for column in 0..<Self.size {
                let x = Double(column) + 0.5 - centre.x
                let y = Double(row) + 0.5 - centre.y
                let distance = signedDistance(
                    along: abs(x * direction.x + y * direction.y),
                    across: abs(y * direction.x - x * direction.y), radius: radius)
                // A pixel on the edge is as bright as the part of it that is covered.
                pixels.append(UInt8((255 * min(max(0.5 - distance, 0), 1)).rounded()))
            }
        }
    }

    /// Pixels from the figure's edge, negative inside; coordinates from its centre.
    private func signedDistance(along: Double, across: Double, radius: Double) -> Double {
        switch self {
        case .disc: (along * along + across * across).squareRoot() - radius
        case .ring: abs((along * along + across * across).squareRoot() - radius + 1.5) - 1.5
        case .square: max(along, across) - radius * 0.5.squareRoot()
        case .bar: max(along - radius, across - 1.5)
        }
    }
}
