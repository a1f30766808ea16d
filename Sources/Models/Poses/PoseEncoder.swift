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

    /// - Parameter base: of the numbers besides the angle.
    public init(
        base: GaussianEncoder<Body>, features: Int, using generator: inout RandomGenerator
    ) {
        self.base = base
        direction = Dense(features, 2, using: &generator)
        logConcentration = Dense(features, 1, using: &generator)
    }

    public var latentSize: Int { base.latentSize + 1 }

    public func callAsFunction(
        _ input: Tensor, in context: inout PassContext
    ) -> Joined<Independent<VonMises>, Independent<Normal>> {
        let features = base.features(of: input, in: &context)
        let point = direction(features, in: &context)
        let angle = VonMises(
            location: atan2(point[.all, 1..<2], point[.all, 0..<1]),
            concentration: exp(
                softlyBounded(logConcentration(features, in: &context), to: 10)))
        return Joined(
            Independent(angle, axes: 1), base.posterior(of: features, in: &context))
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor.inline("base", &base)
        visitor("direction", &direction)
        visitor("logConcentration", &logConcentration)
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
