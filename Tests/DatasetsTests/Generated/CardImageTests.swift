import Autograd
import Datasets
import Foundation
import Testing

/// The generated images of cards.
@Suite struct CardImageTests {
    private static func cards(
        turn: Double = 0, shear: Double = 0, shift: Double = 0,
        scale: ClosedRange<Double> = 1...1, perSuit: Int = 20, seed: UInt64 = 0
    ) -> Dataset {
        .cards(
            turn: turn, shear: shear, shift: shift, scale: scale, perSuit: perSuit,
            testPerSuit: 2, seed: seed)
    }

    private static func image(_ examples: Examples, _ index: Int) -> [Double] {
        examples.inputs[index].cast(to: .float64).elements(as: Double.self).map { $0 / 255 }
    }

    @Test func everySuitIsThereWithItsFactors() throws {
        let cards = Self.cards(turn: 120, shear: 20, shift: 0.1, scale: 0.8...1.2)
        #expect(cards.classNames == ["diamonds", "hearts", "spades", "clubs"])
        #expect(cards.training.count == 80 && cards.test.count == 8)
        #expect(cards.training.shape == [48, 48])
        let labels = try #require(cards.training.labels).elements(as: Int32.self)
        #expect((0..<4).allSatisfy { suit in labels.count { $0 == suit } == 20 })
        let factors = try #require(cards.training.factors)
        #expect(factors.all.map(\.name) == ["suit", "angle", "shear", "x", "y", "scale"])
        #expect(factors.values(of: 0).elements(as: Float.self) == labels.map { Float($0) })
        let bounds: [ClosedRange<Float>] = [
            -120...120, -20...20, -0.1...0.1, -0.1...0.1, 0.8...1.2,
        ]
        for (index, bounds) in bounds.enumerated() {
            let values = factors.values(of: index + 1).elements(as: Float.self)
            let width = bounds.upperBound - bounds.lowerBound
            #expect(values.allSatisfy(bounds.contains))
            // Even draws reach most of the range.
            #expect(values.max()! - values.min()! > 0.85 * width)
        }
    }

    @Test func theSameSeedDrawsTheSame() {
        let (first, again) = (Self.cards(turn: 12, shear: 1), Self.cards(turn: 12, shear: 1))
        let other = Self.cards(turn: 12, shear: 1, seed: 1)
        #expect(first.training.inputs.isIdentical(to: again.training.inputs))
        #expect(!first.training.inputs.isIdentical(to: other.training.inputs))
        #expect(!first.training.inputs[..<8].isIdentical(to: first.test.inputs))
    }

    /// Upright suits are symmetric, differ from each other, and have soft edges.
    @Test func uprightSuitsAreSymmetric() throws {
        let cards = Self.cards(perSuit: 1)
        let labels = try #require(cards.training.labels).elements(as: Int32.self)
        var images: [Int32: [Double]] = [:]
        for index in 0..<4 {
            let image = Self.image(cards.training, index)
            images[labels[index]] = image
            for row in 0..<48 {
                let line = Array(image[row * 48..<(row + 1) * 48])
                #expect(line == line.reversed())
            }
            #expect(image.contains { 0.1...0.9 ~= $0 })
            // White at the middle, black at the border.
            #expect(image[24 * 48 + 24] == 1)
            #expect(image.prefix(48).allSatisfy { $0 == 0 })
        }
        for (first, second) in [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)] as [(Int32, Int32)]
        {
            let pairs = zip(try #require(images[first]), try #require(images[second]))
            #expect(pairs.reduce(0) { $0 + abs($1.0 - $1.1) } > 60)
        }
        // |x|/11 + |y|/14.5 ≤ 1 has an area of 2 · 11 · 14.5 pixels.
        #expect(abs(try #require(images[0]).reduce(0, +) - 319) < 2)
    }

    /// A turned diamond has its long axis where its factor says.
    @Test func anglesAreThoseOfTheImages() throws {
        let cards = Self.cards(turn: 80, shear: 0, shift: 0.1)
        let factors = try #require(cards.training.factors)
        let suits = factors.values(of: 0).elements(as: Float.self)
        let angles = factors.values(of: 1).elements(as: Float.self)
        let (xs, ys) = (
            factors.values(of: 3).elements(as: Float.self),
            factors.values(of: 4).elements(as: Float.self)
        )
        for index in 0..<cards.training.count where suits[index] == 0 {
            let image = Self.image(cards.training, index)
            func mean(_ value: (Double, Double) -> Double) -> Double {
                var (sum, weight) = (0.0, 0.0)
                for (place, pixel) in image.enumerated() {
                    let (x, y) = (Double(place % 48) - 23.5, 23.5 - Double(place / 48))
                    sum += pixel * value(x, y)
                    weight += pixel
                }
                return sum / weight
            }
            let middle = (x: mean { x, _ in x }, y: mean { _, y in y })
            #expect(abs(middle.x - 24 * Double(xs[index])) < 0.1)
            #expect(abs(middle.y - 24 * Double(ys[index])) < 0.1)
            let spread = (
                xx: mean { x, _ in (x - middle.x) * (x - middle.x) },
                yy: mean { _, y in (y - middle.y) * (y - middle.y) },
                xy: mean { x, y in (x - middle.x) * (y - middle.y) }
            )
            // From the horizontal to the long axis, which is upright at an angle of 0.
            let axis = atan2(2 * spread.xy, spread.xx - spread.yy) / 2 * 180 / .pi - 90
            let difference = (axis - Double(angles[index])).remainder(dividingBy: 180)
            #expect(abs(difference) < 1)
        }
    }

    @Test func cardsAreKnownByName() throws {
        let names = Dataset.names.filter { $0.hasPrefix("cards-") }
        #expect(names == (1...6).map { "cards-\($0)" })
    }
}
