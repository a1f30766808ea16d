import Autograd
import Distributions

/// A decoder whose head computes the locations of a ``Laplace`` likelihood, with one learned scale for
/// all. Its errors count by their size and not by their square, so that outliers weigh less than with
/// a ``GaussianDecoder``.
public struct LaplaceDecoder<Head: Layer>: DecoderNetwork {
    /// From codes to locations, of the shape of the samples.
    public var head: Head
    /// The logarithm of the scale before it is smoothly bounded to −7 … 7, a scalar, initially 0.
    public var logScale: Tensor

    /// A decoder with the given head.
    public init(_ head: Head) {
        self.head = head
        logScale = Tensor(0)
    }

    public func callAsFunction(
        _ code: Tensor, in context: inout PassContext
    ) -> Independent<Laplace> {
        let scale = exp(softlyBounded(logScale, to: 7))
        return Independent(Laplace(location: head(code, in: &context), scale: scale))
    }

    public var steps: [NetworkStep]? { head.steps }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("head", &head)
        visitor("logScale", &logScale)
    }
}
