import Autograd
import Foundation

extension Dataset {
    /// Images of the suits of playing cards, each turned and sheared, and moved and enlarged if so asked,
    /// by amounts drawn evenly between bounds: `uint8`, [n, 48, 48], with these as factors (angles in
    /// degrees, places in half widths of the image). The labels are the suits.
    ///
    /// Such images, with other drawings of the suits, are what the examples of pyroVED learn invariances
    /// from.
    ///
    /// Traps if there are no images of a suit, or no scale.
    ///
    /// - Parameters:
    ///   - name: of the data set.
    ///   - turn: the greatest angle either way, anticlockwise.
    ///   - shear: the greatest angle of what was upright before it was turned.
    ///   - shift: the greatest distance along each axis, in half widths of the image.
    ///   - scale: the factors of the size.
    ///   - perSuit: how many images of each suit there are for training.
    ///   - testPerSuit: how many for testing.
    public static func cards(
        named name: String = "cards", turn: Double, shear: Double, shift: Double = 0,
        scale: ClosedRange<Double> = 1...1, perSuit: Int = 3000, testPerSuit: Int = 500,
        seed: UInt64 = 0
    ) -> Dataset {
        guard perSuit > 0, testPerSuit > 0, scale.lowerBound > 0 else {
            programmerError(
                "Dataset.cards",
                "\(perSuit) and \(testPerSuit) images of a suit, scales \(scale)")
        }
        var generator = RandomGenerator(seed: seed)
        func examples(_ perSuit: Int) -> Examples {
            let count = Suit.allCases.count * perSuit
            let order = generator.permutation(count)
            let drawn = generator.uniform([count, 5], dataType: .float64).elements(as: Double.self)
            let cards = (0..<count).map { index in
                let places = drawn[5 * index..<5 * index + 5].map { 2 * $0 - 1 }
                let middle = (scale.lowerBound + scale.upperBound) / 2
                return Card(
                    suit: Suit.allCases[order[index] % Suit.allCases.count],
                    angle: turn * places[0], shear: shear * places[1], x: shift * places[2],
                    y: shift * places[3],
                    scale: middle + (scale.upperBound - middle) * places[4])
            }
            return Examples(
                Tensor(cards.flatMap(\.pixels), shape: [count, Card.side, Card.side]),
                labels: Tensor(cards.map { Int32($0.suit.rawValue) }),
                factors: Factors(
                    Card.factors,
                    values: Tensor(
                        cards.flatMap(\.values), shape: [count, Card.factors.count])))
        }
        return Dataset(
            name: name, training: examples(perSuit), test: examples(testPerSuit),
            classNames: Suit.allCases.map { "\($0)" },
            source: "Generated with the seed \(seed)")
    }
}

/// One image: a suit and how it is placed.
private struct Card {
    static let factors = [
        Factor("suit", isCategory: true),
        // Diamonds are the same upside down.
        Factor("angle", symmetries: [180, 360]), Factor("shear"), Factor("x"), Factor("y"),
        Factor("scale"),
    ]
    static let side = 48

    let suit: Suit
    let angle, shear, x, y, scale: Double

    var values: [Float] { [Double(suit.rawValue), angle, shear, x, y, scale].map { Float($0) } }

    /// Row by row from the top; the edges of the suit are as soft as a pixel.
    var pixels: [UInt8] {
        let half = Double(Self.side) / 2
        let turn = angle * .pi / 180
        let (cosine, sine, slope) = (cos(turn), sin(turn), tan(shear * .pi / 180))
        var pixels = [UInt8](repeating: 0, count: Self.side * Self.side)
        for row in 0..<Self.side {
            let up = half - Double(row) - 0.5 - y * half
            for column in 0..<Self.side {
                let right = Double(column) + 0.5 - half - x * half
                // Back from the image to the suit: turned, then sheared, then scaled.
                let turned = (
                    x: cosine * right + sine * up, y: cosine * up - sine * right
                )
                let inside = suit.depth(
                    x: (turned.x - slope * turned.y) / scale, y: turned.y / scale)
                let covered = min(max(0.5 + scale * inside, 0), 1)
                // Sound: from 0 to 255.
                pixels[row * Self.side + column] = UInt8((255 * covered).rounded())
            }
        }
        return pixels
    }
}

/// The suits, in pixels around the middle of an image, y upwards.
private enum Suit: Int, CaseIterable {
    case diamonds, hearts, spades, clubs

    /// How far a point is inside the suit, about; negative outside.
    func depth(x: Double, y: Double) -> Double {
        switch self {
        case .diamonds:
            (1 - abs(x) / 11 - abs(y) / 14.5) / (1 / 121 + 1 / 210.25).squareRoot()
        case .hearts: Self.heart(x, y)
        case .spades:
            // A narrowed heart upside down, and its stem.
            max(0.88 * Self.heart(x / 0.88, 1.5 - y), Self.stem(x, y, from: -2))
        case .clubs:
            max(
                Self.disc(x, y - 6.8, 5.9), Self.disc(abs(x) - 6.4, y + 2, 5.9),
                Self.stem(x, y, from: 3))
        }
    }

    private static func disc(_ x: Double, _ y: Double, _ radius: Double) -> Double {
        radius - (x * x + y * y).squareRoot()
    }

    /// Two discs, and a triangle whose sides touch them.
    private static func heart(_ x: Double, _ y: Double) -> Double {
        let (middle, height, radius, tip) = (5.6, 4.4, 6.8, -13.5)
        // From the tip: the direction of a disc's middle, and of the side that touches it.
        let (across, up) = (middle, height - tip)
        let distance = (across * across + up * up).squareRoot()
        let angle = atan2(across, up) + asin(radius / distance)
        let side = (y - tip) * sin(angle) - abs(x) * cos(angle)
        return max(disc(abs(x) - middle, y - height, radius), min(side, 1 - y))
    }

    /// What widens downwards, to the height of -14.
    private static func stem(_ x: Double, _ y: Double, from top: Double) -> Double {
        let width = 1.2 + max(0, -6 - y) * 0.35
        return min(width - abs(x), top - y, y + 14)
    }
}
