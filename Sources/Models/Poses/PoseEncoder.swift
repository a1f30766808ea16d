import Autograd
import Distributions

/// An encoder of codes whose first number is an angle on a circle, with a von Mises distribution around a
/// direction, and whose others are normal. The direction is given as a point of the plane, so that
/// nothing jumps where an angle goes over π.
public struct PoseEncoder<Body: Layer>: VariationalEncoder {
    /// Gives the features, and of them the normal numbers.
    public var base: GaussianEncoder<Body>
    /// From features to the point in whose direction the angle lies.
    public var direction: Dense
    /// From features to the logarithm of the concentration around it, which is bounded to ±10.
    public var logConcentration: Dense

    /// Of the images that are turned upright by their moments before the body sees them; nil if none are.
    private let uprighting: [Int]?
    /// Whether the first two normal numbers are a shift, to the right and downwards.
    private let hasShifts: Bool

    /// - Parameters:
    ///   - base: of the numbers besides the angle.
    ///   - hasShifts: whether the first two of these are a shift, to the right and downwards.
    ///   - uprighting: the shape of a sample, an image, to turn each upright by its moments before the
    ///     body sees it, and angle and shift back; nil to leave images as they are.
    public init(
        base: GaussianEncoder<Body>, features: Int, hasShifts: Bool = false,
        uprighting: [Int]? = nil, using generator: inout RandomGenerator
    ) {
        self.base = base
        (self.hasShifts, self.uprighting) = (hasShifts, uprighting)
        direction = Dense(features, 2, using: &generator)
        logConcentration = Dense(features, 1, using: &generator)
        if uprighting != nil {
            // At first what moments say, within 6 degrees: angles of all directions would teach the
            // decoder to do without.
            direction.bias = Tensor([1, 0] as [Float])
            logConcentration.bias = Tensor(repeating: 4.6, shape: [1])
        }
    }

    public var latentSize: Int { base.latentSize + 1 }

    public func callAsFunction(
        _ input: Tensor, in context: inout PassContext
    ) -> Joined<Independent<VonMises>, Independent<Normal>> {
        let turn = uprighting.map { Turn(of: input, $0) }
        let features = base.features(of: turn?.upright ?? input, in: &context)
        let said = direction(features, in: &context)
        let point = turn?.back(said) ?? said
        let angle = VonMises(
            location: atan2(point[.all, 1..<2], point[.all, 0..<1]),
            concentration: exp(
                softlyBounded(logConcentration(features, in: &context), to: 10)))
        let others = base.posterior(of: features, in: &context)
        return Joined(
            Independent(angle, axes: 1),
            hasShifts ? turn?.shiftedBack(others) ?? others : others)
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor.inline("base", &base)
        visitor("direction", &direction)
        visitor("logConcentration", &logConcentration)
    }
}

/// How images are turned before an encoder sees them.
private struct Turn {
    /// The images, each with its longest axis to the right, and what follows them.
    let upright: Tensor
    private let cosine: Tensor
    private let sine: Tensor

    /// - Parameter input: images, perhaps flat with what is known of them.
    init(of input: Tensor, _ sampleShape: [Int]) {
        let elements = sampleShape.reduce(1, *)
        let flat = input.flattened()
        let images = flat[.all, ..<elements].reshaped([-1] + sampleShape)
        let angles = orientationsByMoments(of: stopGradient(images))
        (cosine, sine) = (cos(angles).expandingAxis(1), sin(angles).expandingAxis(1))
        let turned = affinelyWarped(
            images.rank == 4 ? images : images.expandingAxis(1),
            by: rotationMatrices(by: -angles), border: .clamped)
        upright =
            flat.shape[1] == elements
            ? turned.reshaped(input.shape)
            : concatenated([turned.flattened(), flat[.all, elements...]], axis: 1)
    }

    /// Points of a plane whose y is upwards.
    func back(_ points: Tensor) -> Tensor {
        let (x, y) = (points[.all, 0..<1], points[.all, 1..<2])
        return concatenated([x * cosine - y * sine, x * sine + y * cosine], axis: 1)
    }

    /// Numbers of which the first two are places in an image, whose y is downwards.
    func shiftedBack(_ numbers: Independent<Normal>) -> Independent<Normal> {
        func parts(_ values: Tensor) -> (x: Tensor, y: Tensor, rest: Tensor) {
            (values[.all, 0..<1], values[.all, 1..<2], values[.all, 2...])
        }
        let mean = parts(numbers.base.mean)
        // Each along its own axis alone, as if both were independent after the turn, too.
        let variance = parts(numbers.base.variance)
        let (cosines, sines) = (square(cosine), square(sine))
        return Independent(
            Normal(
                mean: concatenated(
                    [
                        mean.x * cosine + mean.y * sine, mean.y * cosine - mean.x * sine,
                        mean.rest,
                    ], axis: 1),
                logVariance: concatenated(
                    [
                        log(variance.x * cosines + variance.y * sines),
                        log(variance.y * cosines + variance.x * sines),
                        numbers.base.logVariance[.all, 2...],
                    ], axis: 1)),
            axes: 1)
    }
}

/// An angle on a circle, and independent standard normal numbers.
///
/// Where no angle is more likely than another, each kind of thing may have an upright of its own; where
/// things lie around one angle, that angle is the upright of all.
public struct PosePrior: Prior {
    private let concentration: Double

    /// Traps if the deviation is not positive.
    ///
    /// - Parameter deviation: of the angle from 0, in radians, whose von Mises distribution has the
    ///   concentration 1 / deviation²; nil if no angle is more likely than another.
    public init(deviation: Double? = nil) {
        guard (deviation ?? 1) > 0 else {
            programmerError("PosePrior", "angles of deviation \(deviation ?? 1)")
        }
        // The least cannot be told from the uniform distribution.
        concentration = deviation.map { max(1 / ($0 * $0), 1e-6) } ?? 1e-6
    }

    public func callAsFunction(
        for encoder: some VariationalEncoder, in context: inout PassContext
    ) -> any ContinuousDistribution {
        let type = encoder.dataType
        let angle = VonMises(
            location: Tensor.zeros([1], dataType: type),
            concentration: Tensor(repeating: concentration, shape: [1], dataType: type))
        return Joined(
            Independent(angle, axes: 1),
            Independent(Normal.standard([encoder.latentSize - 1], dataType: type), axes: 1))
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {}
}
