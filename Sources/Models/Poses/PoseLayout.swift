import Autograd

/// Which of a code's first numbers say how the thing in an image lies there: an angle, two numbers of a
/// shift, one of a size, each if it is to be there. The others, the content, say what it is.
public struct PoseLayout: Hashable, Sendable {
    /// What the number of an angle means.
    public enum Angle: Hashable, Sendable {
        /// There is none.
        case none
        /// An angle in radians, on a circle.
        case circular
        /// An angle in units of a standard deviation, given in radians.
        case normal(deviation: Double)
    }

    public var angle: Angle
    /// The unit of a shift, in half widths of the image; 0 if there is none.
    public var shiftDeviation: Double
    /// The unit of the logarithm of a size; 0 if there is none.
    public var scaleDeviation: Double

    /// Traps if a deviation is negative, or that of an angle not positive.
    ///
    /// - Parameters:
    ///   - shiftDeviation: the standard deviation of shifts along each axis before an image is seen, in
    ///     half widths of the image; 0 for none.
    ///   - scaleDeviation: that of the logarithm of sizes; 0 for none.
    public init(angle: Angle, shiftDeviation: Double = 0, scaleDeviation: Double = 0) {
        if case .normal(let deviation) = angle, !(deviation > 0) {
            programmerError("PoseLayout", "angles of deviation \(deviation)")
        }
        guard shiftDeviation >= 0, scaleDeviation >= 0 else {
            programmerError(
                "PoseLayout",
                "shifts of deviation \(shiftDeviation), sizes of \(scaleDeviation)")
        }
        (self.angle, self.shiftDeviation) = (angle, shiftDeviation)
        self.scaleDeviation = scaleDeviation
    }

    /// How many numbers of a code are its pose.
    public var count: Int {
        (angle == .none ? 0 : 1) + (shiftDeviation > 0 ? 2 : 0) + (scaleDeviation > 0 ? 1 : 0)
    }

    /// What the numbers of a pose say, in order.
    public var names: [String] {
        (angle == .none ? [] : ["angle"])
            + (shiftDeviation > 0 ? ["shift to the right", "shift down"] : [])
            + (scaleDeviation > 0 ? ["size"] : [])
    }

    /// The poses of codes, `[batch, count + content]`.
    public func poses(of codes: Tensor) -> Poses {
        var next = 0
        func numbers(_ count: Int) -> Tensor {
            defer { next += count }
            return codes.sliced(axis: 1, next..<next + count)
        }
        var poses = Poses()
        switch angle {
        case .none: break
        case .circular: poses.angles = numbers(1).squeezed(axes: [1])
        case .normal(let deviation): poses.angles = deviation * numbers(1).squeezed(axes: [1])
        }
        if shiftDeviation > 0 { poses.shifts = shiftDeviation * numbers(2) }
        if scaleDeviation > 0 {
            poses.scales = exp(scaleDeviation * numbers(1).squeezed(axes: [1]))
        }
        return poses
    }

    /// What codes say besides poses, `[batch, content]`.
    public func content(of codes: Tensor) -> Tensor { codes[.all, count...] }
}

extension NetworkStep {
    /// From codes with poses to the places of all pixels on the thing, each followed by the content of
    /// the code: `[batch, count + content]` to `[batch, pixels, 2 + content]`.
    static func places(in size: Size2D, _ layout: PoseLayout) -> NetworkStep {
        let angle: Double =
            switch layout.angle {
            case .none: 0
            case .circular: 1
            case .normal(let deviation): deviation
            }
        let numbers = [
            "size": [Double(size.height), Double(size.width)], "angle": [angle],
            "shift": [layout.shiftDeviation], "scale": [layout.scaleDeviation],
        ]
        return NetworkStep("places", numbers: numbers) { _, codes in
            let pixels = pixelCoordinates(
                height: size.height, width: size.width, dataType: codes.dataType)
            let batch = [codes.shape[0], pixels.shape[0]]
            let content = layout.content(of: codes)
            return concatenated(
                [
                    layout.poses(of: codes).places(of: pixels).broadcast(to: batch + [2]),
                    content.expandingAxis(1).broadcast(to: batch + [content.shape[1]]),
                ], axis: 2)
        }
    }
}

/// How the things in images lie there; nil where all lie alike.
public struct Poses: Sendable {
    /// Anticlockwise, in radians, `[batch]`.
    public var angles: Tensor?
    /// To the right and downwards, in half widths of the image, `[batch, 2]`.
    public var shifts: Tensor?
    /// Relative to the usual size, `[batch]`.
    public var scales: Tensor?

    public init(angles: Tensor? = nil, shifts: Tensor? = nil, scales: Tensor? = nil) {
        (self.angles, self.shifts, self.scales) = (angles, shifts, scales)
    }

    /// Where points of an image lie on the things themselves, as these are when upright, in the middle and
    /// of usual size: `[points, 2]` as of ``pixelCoordinates(height:width:dataType:)``, x to the right and
    /// y downwards, to `[batch, points, 2]`; of a batch of one if there is no pose.
    public func places(of points: Tensor) -> Tensor {
        var places = points.expandingAxis(0)
        if let shifts { places = places - shifts.expandingAxis(1) }
        if let angles {
            // Where y points downwards this turns back what was turned anticlockwise.
            places = matmul(
                places.broadcast(to: [angles.count] + places.shape.dropFirst()),
                rotations(by: angles))
        }
        if let scales { places = places / scales.expandingAxis(1).expandingAxis(2) }
        return places
    }
}
