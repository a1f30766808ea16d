import Autograd
import Foundation
import Testing

@testable import Datasets

/// Spots at known places between pixels.
@Suite struct BlobDetectorTests {
    /// On an even slope, which is no spot, with normal noise if so asked.
    private static func image(
        _ spots: [(y: Double, x: Double)], deviation: Double = 2.5, height: Double = 0.4,
        size: (height: Int, width: Int) = (64, 80), noise: Double = 0
    ) -> Micrograph {
        var generator = RandomGenerator(seed: 3)
        let drawn = generator.normal([size.height * size.width], standardDeviation: noise)
            .elements(as: Float.self)
        let pixels = (0..<size.height * size.width).map { index in
            let (row, column) = (Double(index / size.width), Double(index % size.width))
            let light = spots.reduce(0.4 + 0.001 * row + 0.002 * column) { sum, spot in
                let squared =
                    (row - spot.y) * (row - spot.y) + (column - spot.x) * (column - spot.x)
                return sum + height * exp(-squared / (2 * deviation * deviation))
            }
            return Float(light) + drawn[index]
        }
        return Micrograph(height: size.height, width: size.width, pixels: pixels)
    }

    private static let spots = [
        (y: 12.0, x: 12.0), (y: 12.3, x: 40.5), (y: 15.5, x: 62.2), (y: 38.75, x: 20.1),
        (y: 41.4, x: 47.9), (y: 50.05, x: 68.6),
    ]

    /// The greatest distance of a spot from where it was found; all are found, and nothing else.
    private func error(
        _ image: Micrograph, _ detector: BlobDetector, _ spots: [(y: Double, x: Double)] = spots
    ) throws -> Double {
        let found = detector(image)
        try #require(found.count == spots.count)
        return zip(found, spots).map { blob, spot in
            ((blob.y - spot.y) * (blob.y - spot.y) + (blob.x - spot.x) * (blob.x - spot.x))
                .squareRoot()
        }.max() ?? 0
    }

    @Test(arguments: [2.5, 3.5, 5]) func spotsAreFoundBetweenPixels(radius: Double) throws {
        #expect(try error(Self.image(Self.spots), BlobDetector(radius: radius)) < 0.05)
    }

    /// Noise of an eighth of a spot's height moves no spot by half a pixel.
    @Test func noiseMovesThemLittle() throws {
        let detector = BlobDetector(radius: 3.5, threshold: 0.4)
        #expect(try error(Self.image(Self.spots, noise: 0.05), detector) < 0.5)
    }

    @Test func darkSpotsAreThoseOfANegative() throws {
        let image = Self.image(Self.spots, height: -0.3)
        #expect(try error(image, BlobDetector(radius: 3.5, isDark: true)) < 0.05)
        // What is bright there is around the spots.
        let bright = BlobDetector(radius: 3.5)(image)
        for spot in Self.spots {
            #expect(bright.allSatisfy { hypot($0.y - spot.y, $0.x - spot.x) > 3 })
        }
    }

    /// A Gaussian of the detector's own radius has its height as its contrast.
    @Test func contrastIsTheHeightOfAFittingSpot() throws {
        let radius = 2.5 * 2.0.squareRoot()
        let blob = try #require(BlobDetector(radius: radius)(Self.image([(30, 40)])).first)
        #expect(abs(blob.contrast - 0.4) < 0.004)
    }

    @Test func theThresholdIsAShareOfTheGreatest() {
        let strong = Self.image([(20, 20)]).pixels
        let weak = Self.image([(40, 60)], height: 0.1).pixels
        let ground = Self.image([]).pixels
        let image = Micrograph(
            height: 64, width: 80,
            pixels: strong.indices.map { strong[$0] + weak[$0] - ground[$0] })
        #expect(BlobDetector(radius: 3.5, threshold: 0.2)(image).count == 2)
        #expect(BlobDetector(radius: 3.5, threshold: 0.3)(image).count == 1)
    }

    @Test func ofTwoTooNearTheStrongerCounts() throws {
        let image = Self.image([(30, 30), (30, 39)], deviation: 2)
        #expect(BlobDetector(radius: 2.8)(image).count == 2)
        let found = BlobDetector(radius: 2.8, minimumDistance: 12)(image)
        let both = BlobDetector(radius: 2.8)(image)
        #expect(found.count == 1)
        #expect(found.first == both.max { $0.contrast < $1.contrast })
    }

    /// At the border there is a spot only where its middle is on the image.
    @Test func spotsAtTheBorderHaveTheirMiddleInside() {
        let image = Self.image([(-4, 30), (6, 60), (40, 79.9)])
        let found = BlobDetector(radius: 3.5)(image)
        #expect(found.count == 1)
        #expect(found.allSatisfy { hypot($0.y - 6, $0.x - 60) < 0.3 })
    }

    @Test func whereNothingIsNothingIsFound() {
        #expect(BlobDetector()(Self.image([])).isEmpty)
        for size in [(1, 1), (2, 9), (3, 3)] {
            let flat = [Float](repeating: 0.5, count: size.0 * size.1)
            #expect(
                BlobDetector()(Micrograph(height: size.0, width: size.1, pixels: flat)).isEmpty)
        }
    }

    @Test func allAnswersAreTheSameTwice() {
        let image = Self.image(Self.spots, noise: 0.05)
        #expect(BlobDetector()(image) == BlobDetector()(image))
    }

    /// By a sum over the definition, with the derivative of the Gaussian written out.
    @Test func theLaplacianIsThatOfTheDefinition() {
        var generator = RandomGenerator(seed: 1)
        let image = Micrograph(
            height: 40, width: 50, pixels: generator.uniform([2000]).elements(as: Float.self))
        let deviation = 3.0
        let result = LaplacianOfGaussian(deviation: deviation)(image)
        for (row, column) in [(20, 25), (14, 30)] {
            var sum = 0.0
            for y in 0..<40 {
                for x in 0..<50 {
                    let squared = Double((y - row) * (y - row) + (x - column) * (x - column))
                    let variance = deviation * deviation
                    sum +=
                        Double(image.pixels[y * 50 + x]) * (squared - 2 * variance)
                        / (variance * variance)
                        * exp(-squared / (2 * variance)) / (2 * .pi * variance)
                }
            }
            #expect(abs(result[row * 50 + column] - sum) < 2e-4)
        }
    }
}
