import Autograd
import Distributions

/// A decoder whose head computes the locations of a ``StudentT`` likelihood, with one learned scale
/// for all and a constant number of degrees of freedom: what an outlier costs grows with the logarithm
/// of its distance only (Lange, Little and Taylor, "Robust Statistical Modeling Using the t
/// Distribution", 1989, who recommend four degrees where there are too few data to estimate them).
public struct StudentTDecoder<Head: Layer>: DecoderNetwork {
    /// From codes to locations, of the shape of the samples.
    public var head: Head
    /// The logarithm of the scale before it is smoothly bounded to −7 … 7, a scalar, initially 0.
    public var logScale: Tensor
    /// The fewer, the heavier are the tails.
    public let degreesOfFreedom: Double

    /// Traps if the number of degrees of freedom is not positive and finite.
    public init(_ head: Head, degreesOfFreedom: Double = 4) {
        guard degreesOfFreedom > 0, degreesOfFreedom.isFinite else {
            programmerError(
                "StudentTDecoder", "\(degreesOfFreedom) degrees of freedom")
        }
        self.head = head
        self.degreesOfFreedom = degreesOfFreedom
        logScale = Tensor(0)
    }

    public func callAsFunction(
        _ code: Tensor, in context: inout PassContext
    ) -> Independent<StudentT> {
        let location = head(code, in: &context)
        return Independent(
            StudentT(
                degreesOfFreedom: Tensor(degreesOfFreedom, dataType: location.dataType),
                location: location, scale: exp(softlyBounded(logScale, to: 7))))
    }

    /// Without a mean of the likelihood there are none.
    public var steps: [NetworkStep]? { degreesOfFreedom > 1 ? head.steps : nil }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("head", &head)
        visitor("logScale", &logScale)
    }
}
