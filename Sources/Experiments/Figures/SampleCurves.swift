import Autograd
import Datasets
import Models

/// Samples of plain numbers as tiles: each is drawn as a line over the positions of its numbers.
struct SampleCurves {
    static let tileWidth = 96
    static let tileHeight = 64

    /// With more numbers than this, discs at each of them would hide the line.
    private static let mostDiscs = 16

    /// The values of the lower and the upper edge at each position.
    private let lower: [Double]
    private let upper: [Double]

    /// Tiles on the scale of some examples: a common scale if the numbers at all positions have
    /// similar ranges, as in a series, else a scale for each position, as the columns of a table
    /// have their own units.
    init(_ examples: Examples) {
        let chosen = examples[spread(5000, over: examples.count)].scaled().cast(to: .float64)
        let least = chosen.min(axes: [0]).elements(as: Double.self)
        let greatest = chosen.max(axes: [0]).elements(as: Double.self)
        let ranges = zip(greatest, least).map { $0 / 2 - $1 / 2 }
        let (bottom, top) = (least.min() ?? 0, greatest.max() ?? 1)
        let varied = ranges.filter { $0 > 0 }.sorted()
        if varied.isEmpty || top / 2 - bottom / 2 <= 4 * varied.quantile(0.25) {
            lower = least.map { _ in bottom }
            upper = least.map { _ in top }
        } else {
            lower = least
            upper = greatest
        }
    }

    /// `3 × tileHeight × tileWidth` values from 0 to 1: red, green and blue.
    func tile(_ numbers: some Collection<Float>) -> [Float] {
        var surface = RasterSurface(width: Self.tileWidth, height: Self.tileHeight, scale: 1)
        let (width, height) = (Double(Self.tileWidth), Double(Self.tileHeight))
        let step = width / Double(max(1, numbers.count))
        let points = numbers.enumerated().map { index, number in
            Point(
                x: (Double(index) + 0.5) * step,
                y: height * (0.92 - 0.84 * share(of: Double(number), at: index)))
        }
        // An infinite value or NaN leaves a gap.
        for part in points.split(whereSeparator: { !$0.y.isFinite }) {
            surface.draw(line: Array(part), width: 1.5, dashed: false, ink: .category(0))
            if numbers.count <= Self.mostDiscs {
                surface.draw(discs: Array(part), radius: 2.5, opacity: 1, ink: .category(0))
            }
        }
        let pixels = surface.picture.pixels
        return (0..<3).flatMap { channel in
            stride(from: channel, to: pixels.count, by: 3).map { Float(pixels[$0]) / 255 }
        }
    }

    /// The position of a number between the edges, from 0 to 1; beyond them it is clamped nearby.
    private func share(of number: Double, at position: Int) -> Double {
        guard number.isFinite else { return .nan }
        let range = upper[position] / 2 - lower[position] / 2
        guard range > 0 else { return 0.5 + (number - lower[position]).signum * 0.5 }
        return min(max((number / 2 - lower[position] / 2) / range, -0.5), 1.5)
    }
}

extension Double {
    fileprivate var signum: Double { self > 0 ? 1 : self < 0 ? -1 : 0 }
}
