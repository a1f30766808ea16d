import Autograd
import Distributions

/// A decoder whose head computes the logits of a ``Bernoulli`` likelihood.
public struct BernoulliDecoder<Head: Layer>: DecoderNetwork {
    /// From codes to logits, of the shape of the samples.
    public var head: Head

    /// A decoder with the given head.
    public init(_ head: Head) { self.head = head }

    public func callAsFunction(
        _ code: Tensor, in context: inout PassContext
    ) -> Independent<Bernoulli> {
        Independent(Bernoulli(logits: head(code, in: &context)))
    }

    public var steps: [NetworkStep]? { head.steps.map { $0 + [.sigmoid] } }

    public mutating func visit(_ visitor: inout ModuleVisitor) { visitor("head", &head) }
}
