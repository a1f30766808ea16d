import Autograd
import Distributions

/// A decoder whose head computes the logits of a ``ContinuousBernoulli`` likelihood: a density of
/// numbers from 0 to 1 (Loaiza-Ganem and Cunningham, "The continuous Bernoulli: fixing a pervasive
/// error in variational autoencoders", arXiv:1907.06845).
public struct ContinuousBernoulliDecoder<Head: Layer>: DecoderNetwork {
    /// From codes to logits, of the shape of the samples.
    public var head: Head

    /// A decoder with the given head.
    public init(_ head: Head) { self.head = head }

    public func callAsFunction(
        _ code: Tensor, in context: inout PassContext
    ) -> Independent<ContinuousBernoulli> {
        Independent(ContinuousBernoulli(logits: head(code, in: &context)))
    }

    public var steps: [NetworkStep]? {
        let mean = NetworkStep.elementwise("continuousBernoulliMean") {
            ContinuousBernoulli(logits: $0).mean
        }
        return head.steps.map { $0 + [mean] }
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) { visitor("head", &head) }
}
