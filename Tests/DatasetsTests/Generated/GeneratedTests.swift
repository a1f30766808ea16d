import Autograd
import Foundation
import Testing

@testable import Datasets

@Suite struct GeneratedTests {
    @Test(arguments: [
        ("shapes", [28, 28], 4), ("colour-shapes", [3, 32, 32], 4), ("rings", [2], 3),
        ("swiss-roll", [3], 10),
    ])
    func generated(_ name: String, _ shape: [Int], _ classCount: Int) throws {
        let set = try Dataset.named(name)
        #expect(set.training.count == 4000 && set.test.count == 1000)
        #expect(set.training.shape == shape)
        #expect(set.classNames.count == classCount)
        for part in [set.training, set.test] {
            let labels = try #require(part.labels).elements(as: Int32.self)
            #expect(Set(labels) == Set(0..<Int32(classCount)))
        }
        let again = try Dataset.named(name)
        #expect(set.training.inputs.isIdentical(to: again.training.inputs))
        #expect(!set.test.inputs.isIdentical(to: set.training[Array(0..<1000)].inputs))
    }

    @Test func seeds() {
        let makers: [(UInt64) -> Dataset] = [
            { .shapes(trainingCount: 5, testCount: 2, seed: $0) },
            { .colourShapes(trainingCount: 5, testCount: 2, seed: $0) },
            { .rings(trainingCount: 5, testCount: 2, seed: $0) },
            { .swissRoll(trainingCount: 5, testCount: 2, seed: $0) },
            { .grid(trainingCount: 5, testCount: 2, seed: $0) },
            { .circle(trainingCount: 5, testCount: 2, seed: $0) },
        ]
        for make in makers {
            #expect(make(1).training.inputs.isIdentical(to: make(1).training.inputs))
            #expect(!make(1).training.inputs.isIdentical(to: make(2).training.inputs))
        }
    }

    /// Each kind of figure has its colour, so that grey copies can be given theirs back.
    @Test func coloursTellTheFigure() {
        let set = Dataset.colourShapes(trainingCount: 40, testCount: 4)
        let pixels = set.training.inputs.elements(as: UInt8.self).map { Double($0) / 255 }
        for index in 0..<40 {
            let channels = (0..<3).map { channel in
                let start = (3 * index + channel) * 1024
                return Array(pixels[start..<start + 1024])
            }
            // The ground is bluest at night and reddest in the sand; colours are stronger.
            let isColoured = (0..<1024).filter { place in
                let values = channels.map { $0[place] }
                return values.max()! - values.min()! > 0.35
            }
            #expect(isColoured.count > 8)
            let means = channels.map { channel in
                isColoured.reduce(0) { $0 + channel[$1] } / Double(isColoured.count)
            }
            let (red, green, blue) = (means[0], means[1], means[2])
            switch index % 4 {
            case 0: #expect(red > green && green > 2 * blue)
            case 1: #expect(red > 2 * green && red > 2 * blue)
            case 2: #expect(blue > green && green > red)
            default: #expect(green > 2 * red && green > 2 * blue)
            }
        }
    }

    /// Figures lie within the image and are as large as they say.
    @Test func figures() {
        let set = Dataset.shapes(trainingCount: 40, testCount: 4)
        let pixels = set.training.inputs.elements(as: UInt8.self)
        for index in 0..<40 {
            let image = Array(pixels[784 * index..<784 * (index + 1)])
            let ink = image.reduce(0) { $0 + Double($1) / 255 }
            switch index % 4 {
            case 0: #expect(ink > .pi * 16 - 2 && ink < .pi * 64 + 2)
            case 1: #expect(ink > .pi * (16 - 1) - 2 && ink < .pi * (64 - 25) + 2)
            case 2: #expect(ink > 32 - 3 && ink < 128 + 3)
            default: #expect(ink > 3 * 8 - 4 && ink < 3 * 16 + 4)
            }
            for edge in 0..<28 {
                #expect(image[edge] == 0 && image[27 * 28 + edge] == 0)
                #expect(image[28 * edge] == 0 && image[28 * edge + 27] == 0)
            }
        }
    }

    /// As many points of each normal distribution, around its mean.
    @Test(arguments: [("grid", 25, 25_000, 0.05), ("circle", 8, 8000, 0.02)])
    func normals(_ name: String, modes: Int, count: Int, deviation: Double) throws {
        let set = try Dataset.named(name)
        #expect(set.training.count == count && set.training.shape == [2])
        #expect(set.classNames.count == modes && set.test.count >= 2000)
        let labels = try #require(set.training.labels).elements(as: Int32.self)
        let points = set.training.inputs.cast(to: .float64)
        var centres: [[Double]] = []
        for mode in 0..<modes {
            let rows = labels.indices.filter { labels[$0] == mode }.map { Int32($0) }
            #expect(rows.count == count / modes)
            let own = points.gathered(at: Tensor(rows))
            let mean = own.mean(axes: [0])
            let spread = sqrt(square(own - mean).mean(axes: [0])).elements(as: Double.self)
            #expect(spread.allSatisfy { abs($0 / deviation - 1) < 0.1 })
            centres.append(mean.elements(as: Double.self))
        }
        let error = deviation / Double(count / modes).squareRoot()
        if name == "grid" {
            let places = [-4.0, -2, 0, 2, 4]
            let expected = places.flatMap { y in places.map { x in [x, y] } }
            for (found, place) in zip(centres, expected) {
                #expect(zip(found, place).allSatisfy { abs($0 - $1) < 5 * error })
            }
        } else {
            #expect(centres.allSatisfy { abs(hypot($0[0], $0[1]) - 2) < 5 * error })
        }
        #expect(try set.training.inputs.isIdentical(to: Dataset.named(name).training.inputs))
    }

    @Test func ringsAreRings() throws {
        let rings = Dataset.rings()
        let points = rings.test.inputs.elements(as: Float.self)
        let labels = try #require(rings.test.labels).elements(as: Int32.self)
        for (index, label) in labels.enumerated() {
            let radius =
                (points[2 * index] * points[2 * index]
                + points[2 * index + 1] * points[2 * index + 1]).squareRoot()
            #expect(abs(radius - Float(label + 1)) < 0.5)
        }
    }
}
