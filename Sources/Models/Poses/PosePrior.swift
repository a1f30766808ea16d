import Autograd
import Distributions

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
