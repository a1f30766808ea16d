import Autograd
import Foundation

/// Micrographs that are drawn, and what is in them.
public struct GeneratedMicrographs: Sendable {
    /// One thing in a micrograph.
    public struct Thing: Sendable, Hashable {
        /// Of its middle.
        public var position: AtomPosition
        public var kind: String
        /// Anticlockwise as seen, in degrees from 0; below 360 divided by the symmetry.
        public var angle: Double
        /// How many angles of a whole turn leave the thing as it is.
        public var symmetry: Int
    }

    /// The images of a stack, of one size.
    public let frames: [Micrograph]
    /// Frame by frame.
    public let things: [Thing]

    /// What is in them, as a file that ``PositionTable`` reads: frame (from 1), y, x, kind, angle and
    /// symmetry.
    public var table: CSV.Table {
        CSV.Table(
            header: ["frame", "y", "x", "kind", "angle", "symmetry"],
            rows: things.map { thing in
                [
                    "\(thing.position.frame + 1)", "\(thing.position.y)", "\(thing.position.x)",
                    thing.kind, "\(thing.angle)", "\(thing.symmetry)",
                ]
            })
    }
}

/// An image to which Gaussian spots are added.
struct SpotCanvas {
    let height: Int
    let width: Int
    private var levels: [Double]

    private static let (ground, height) = (0.15, 0.6)

    init(height: Int, width: Int) {
        (self.height, self.width) = (height, width)
        levels = Array(repeating: Self.ground, count: height * width)
    }

    /// Adds a spot, of which parts may lie outside.
    mutating func add(y: Double, x: Double, deviation: Double) {
        let reach = 4 * deviation
        func pixels(_ middle: Double, below end: Int) -> Range<Int> {
            func inside(_ place: Double) -> Int {
                // Sound: from 0 to the end.
                Int(min(max(place.rounded(.down), 0), Double(end)))
            }
            return inside(middle - reach)..<max(inside(middle - reach), inside(middle + reach + 1))
        }
        for row in pixels(y, below: height) {
            for column in pixels(x, below: width) {
                let (down, right) = (Double(row) - y, Double(column) - x)
                let squared = down * down + right * right
                levels[row * width + column] +=
                    Self.height * exp(-squared / (2 * deviation * deviation))
            }
        }
    }

    /// The image with normal noise of a deviation, cut off at black and white.
    func micrograph(noise: Double, using generator: inout RandomGenerator) -> Micrograph {
        let drawn = generator.normal([levels.count], standardDeviation: noise, dataType: .float64)
            .elements(as: Double.self)
        return Micrograph(
            height: height, width: width,
            pixels: zip(levels, drawn).map { Float(min(max($0 + $1, 0), 1)) })
    }
}
