import Autograd
import Foundation

extension Dataset {
    /// Images of one bright shape each, of every combination of 3 shapes, 4 sizes, 16 angles and 16 × 16
    /// places, in a random order of which the last `testCount` are for testing: `uint8`,
    /// [n, 32, 32], with their factors. The labels are the shapes.
    ///
    /// Angles of a shape are those that its symmetry leaves apart: 16 within a quarter turn for the
    /// square, half a turn for the ellipse, a whole one for the heart.
    public static func factors(testCount: Int = 5000, seed: UInt64 = 0) -> Dataset {
        let stamps = FactorShape.allCases.map { shape in
            FactorImage.sizes.map { size in
                (0..<FactorImage.angles).map { shape.stamp(size: size, angle: $0) }
            }
        }
        var generator = RandomGenerator(seed: seed)
        let order = generator.permutation(FactorImage.count)
        let side = FactorImage.side
        func examples(_ positions: ArraySlice<Int>) -> Examples {
            var pixels = [UInt8](repeating: 0, count: positions.count * side * side)
            var values: [Float] = []
            var labels: [Int32] = []
            for (index, position) in positions.enumerated() {
                let image = FactorImage(position)
                let stamp = stamps[image.shape][image.size][image.angle]
                for row in 0..<FactorImage.stampSide {
                    // Sound: a stamp at the last place ends at the edge.
                    let start = (index * side + image.y + row) * side + image.x
                    pixels.replaceSubrange(
                        start..<start + FactorImage.stampSide,
                        with: stamp[
                            row * FactorImage.stampSide..<(row + 1) * FactorImage.stampSide])
                }
                values += image.values
                labels.append(Int32(image.shape))
            }
            return Examples(
                Tensor(pixels, shape: [positions.count, side, side]), labels: Tensor(labels),
                factors: Factors(
                    FactorImage.factors,
                    values: Tensor(values, shape: [positions.count, FactorImage.factors.count])))
        }
        let trainingCount = max(order.count - testCount, 0)
        return Dataset(
            name: "factors", training: examples(order[..<trainingCount]),
            test: examples(order[trainingCount...]),
            classNames: FactorShape.allCases.map(\.rawValue),
            source: "Generated with the seed \(seed)")
    }
}

/// One combination of factors.
private struct FactorImage {
    static let factors = [
        Factor("shape", isCategory: true), Factor("size"), Factor("angle"), Factor("x"),
        Factor("y"),
    ]
    static let side = 32
    static let stampSide = 17
    /// The distances in pixels from the centre to the farthest point of a shape.
    static let sizes = [4.4, 5.6, 6.8, 8.0]
    static let angles = 16
    static let places = side - stampSide + 1
    static let count = FactorShape.allCases.count * sizes.count * angles * places * places

    let shape, size, angle, x, y: Int

    /// - Parameter position: among all combinations.
    init(_ position: Int) {
        var rest = position
        func next(_ count: Int) -> Int {
            defer { rest /= count }
            return rest % count
        }
        (x, y) = (next(Self.places), next(Self.places))
        (angle, size) = (next(Self.angles), next(Self.sizes.count))
        shape = next(FactorShape.allCases.count)
    }

    var values: [Float] { [shape, size, angle, x, y].map { Float($0) } }
}

/// The shapes in images of known factors.
private enum FactorShape: String, CaseIterable {
    case square, ellipse, heart

    /// The least turn that leaves the shape as it is.
    private var period: Double {
        switch self {
        case .square: .pi / 2
        case .ellipse: .pi
        case .heart: 2 * .pi
        }
    }

    /// Whether a point is inside a shape of size 1, at angle 0.
    private func contains(_ x: Double, _ y: Double) -> Bool {
        switch self {
        case .square: return max(abs(x), abs(y)) <= 0.5.squareRoot()
        case .ellipse: return x * x + 4 * y * y <= 1
        case .heart:
            // Of the curve (x² + y² − 1)³ = x² y³, which reaches about 1.2.
            let (x, y) = (1.2 * x, 1.2 * y)
            let circle = x * x + y * y - 1
            return circle * circle * circle <= x * x * y * y * y
        }
    }

    /// The pixels of a shape in the middle of a square, row by row.
    func stamp(size: Double, angle: Int) -> [UInt8] {
        let turn = period * Double(angle) / Double(FactorImage.angles)
        let (cosine, sine) = (cos(turn), sin(turn))
        let side = FactorImage.stampSide
        let parts = 6
        return (0..<side * side).map { pixel in
            var covered = 0
            for part in 0..<parts * parts {
                let x = Double(pixel % side) + (Double(part % parts) + 0.5) / Double(parts)
                let y = Double(pixel / side) + (Double(part / parts) + 0.5) / Double(parts)
                let (right, up) = (
                    (x - Double(side) / 2) / size, (Double(side) / 2 - y) / size
                )
                if contains(right * cosine + up * sine, up * cosine - right * sine) {
                    covered += 1
                }
            }
            return UInt8(255 * covered / (parts * parts))
        }
    }
}
