import Autograd

extension Dataset {
    /// Small colour images: a figure as in ``shapes(trainingCount:testCount:seed:)``, each kind
    /// with its own colour of varying brightness, on a background that becomes brighter or darker
    /// from top to bottom: `uint8`, [n, 3, 32, 32]. The labels are the kinds of figures.
    ///
    /// The colours follow from brightness and form, so that they can be inferred from a grey copy.
    public static func colourShapes(
        trainingCount: Int = 4000, testCount: Int = 1000, seed: UInt64 = 0
    ) -> Dataset {
        func examples(_ count: Int, _ generator: inout RandomGenerator) -> Examples {
            let chance = generator.uniform([count, 7], dataType: .float64)
                .elements(as: Double.self)
            let pixels = (0..<count).flatMap { index in
                image(of: Figure.inTurn(index), chance[7 * index..<7 * index + 7])
            }
            return Examples(
                inputs: Tensor(pixels, shape: [count, 3, size, size]),
                labels: Figure.labels(count))
        }
        var generator = RandomGenerator(seed: seed)
        return Dataset(
            name: "colour-shapes", training: examples(trainingCount, &generator),
            test: examples(testCount, &generator),
            classNames: Figure.allCases.map(\.rawValue),
            source: "Generated with the seed \(seed)")
    }
}

private let size = 32

/// Channel after channel. Of the random numbers, four determine the figure, one its brightness, and
/// two the background at the upper and the lower edge.
private func image(of figure: Figure, _ chance: ArraySlice<Double>) -> [UInt8] {
    let coverage = figure.coverage(chance.prefix(4), size: size)
    let light = Array(chance.dropFirst(4))
    let color = figure.color.map { $0 * (0.6 + 0.4 * light[0]) }
    // Night and sand: the background at its darkest and at its brightest.
    let (night, sand) = ([0.05, 0.08, 0.25], [0.75, 0.65, 0.45])
    return (0..<3).flatMap { channel in
        coverage.enumerated().map { index, covered in
            let depth = Double(index / size) / Double(size - 1)
            let brightness = light[1] + (light[2] - light[1]) * depth
            let ground = night[channel] + (sand[channel] - night[channel]) * brightness
            let value = ground + (color[channel] - ground) * covered
            // Sound: between two colours, each from 0 to 1.
            return UInt8((255 * value).rounded())
        }
    }
}

extension Figure {
    /// Red, green and blue at its brightest.
    fileprivate var color: [Double] {
        switch self {
        case .disc: [1, 0.8, 0.2]
        case .ring: [1, 0.25, 0.2]
        case .square: [0.25, 0.5, 1]
        case .bar: [0.3, 0.9, 0.35]
        }
    }
}
