import Autograd
import FileSupport

/// How images are turned: each once, by an angle drawn with a seed.
public struct Turning: Codable, Hashable, Sendable {
    /// How angles are distributed.
    public enum Distribution: String, Codable, CaseIterable, Sendable {
        /// Evenly, up to the given angle either way.
        case uniform
        /// Normally, with the given angle as standard deviation.
        case normal
    }

    public let distribution: Distribution
    /// In degrees.
    public let degrees: Double

    /// Traps unless the angle is positive and finite.
    public init(_ distribution: Distribution, degrees: Double) {
        guard degrees > 0, degrees.isFinite else {
            programmerError("Turning", "\(distribution) angles of \(degrees) degrees")
        }
        (self.distribution, self.degrees) = (distribution, degrees)
    }

    /// Of a text such as `uniform:60`; nil if it is none.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let distribution = Distribution(rawValue: String(parts[0])),
            let degrees = Double(parts[1]), degrees > 0, degrees.isFinite
        else { return nil }
        self.init(distribution, degrees: degrees)
    }

    /// As ``init(_:)`` takes it.
    public var text: String { "\(distribution.rawValue):\(degrees)" }

    fileprivate func angles(_ count: Int, using generator: inout RandomGenerator) -> Tensor {
        switch distribution {
        case .uniform: degrees * (2 * generator.uniform([count]) - 1)
        case .normal: degrees * generator.normal([count])
        }
    }
}

extension Dataset {
    /// The data with each image turned by an angle of its own, which becomes its factor `turn`.
    ///
    /// - Throws: unless the samples are images.
    public func turned(_ how: Turning, seed: UInt64) throws(FileError) -> Dataset {
        guard 2...3 ~= training.shape.count, !training.shape.contains(0) else {
            throw FileError(
                path: name, expected: "images, to turn them",
                found: "samples of shape \(training.shape)")
        }
        // Independent of the generators of the model and of its training.
        var generator = RandomGenerator(seed: seed ^ 0x1F83_D9AB_FB41_BD6B)
        func turned(_ examples: Examples) -> Examples {
            let angles = how.angles(examples.count, using: &generator)
            return examples.turned(by: angles, as: Factor("turn", symmetries: [360]))
        }
        return Dataset(
            name: name, training: turned(training), test: turned(test), classNames: classNames,
            columnNames: columnNames, notes: notes, source: source)
    }
}

extension Examples {
    /// Images, each turned about its middle by an angle of its own: what comes in from outside is black.
    /// Traps unless they are images.
    ///
    /// - Parameters:
    ///   - angles: anticlockwise, in degrees, `[n]`.
    ///   - factor: what the angles are called among the factors.
    public func turned(by angles: Tensor, as factor: Factor) -> Examples {
        guard 2...3 ~= shape.count, angles.shape == [count] else {
            programmerError(
                "Examples.turned",
                "inputs of shape \(inputs.shape) by angles of shape \(angles.shape)")
        }
        let step = 1000
        let parts = stride(from: 0, to: count, by: step).map { start in
            let rows = start..<min(start + step, count)
            return stored(turnedImages(inputs[rows].scaledPixels(as: .float32), by: angles[rows]))
        }
        return with(parts.isEmpty ? inputs : concatenated(parts), by: factor, angles)
    }
}

/// `[batch, height, width]` or with channels before these; angles anticlockwise, in degrees.
private func turnedImages(_ images: Tensor, by angles: Tensor) -> Tensor {
    let sides = images.shape.suffix(2).map { $0 }
    let (height, width) = (sides[0], sides[1])
    let radians = (angles * (Double.pi / 180)).cast(to: .float32).reshaped([-1, 1, 1])
    func offsets(_ size: Int) -> Tensor {
        Tensor((0..<size).map { Float($0) - Float(size - 1) / 2 })
    }
    let (x, y) = (
        offsets(width).reshaped([1, 1, width]), offsets(height).reshaped([1, height, 1])
    )
    // Where a pixel comes from; y points downwards.
    let places = [
        cos(radians) * x - sin(radians) * y + Double(width - 1) / 2,
        sin(radians) * x + cos(radians) * y + Double(height - 1) / 2,
    ]
    return bilinearlySampled(
        images.reshaped([images.shape[0], -1, height, width]), at: stacked(places, axis: 3),
        border: .zero
    ).reshaped(images.shape)
}
