import Autograd
import Distributions

/// A decoder whose head computes the locations of a ``DiscretizedLogistic`` likelihood of 8-bit
/// values, the numbers k / 255, with one learned scale for all (Kingma et al., "Improving Variational
/// Inference with Inverse Autoregressive Flow", arXiv:1606.04934, section 5; Salimans et al.,
/// arXiv:1701.05517).
///
/// As it gives each value a probability, its negative logarithm is a number of bits, which evaluations
/// report by element (`bitsPerDimension`).
public struct DiscretizedLogisticDecoder<Head: Layer>: DecoderNetwork {
    /// From codes to locations, of the shape of the samples.
    public var head: Head
    /// The logarithm of the scale before it is smoothly bounded to −7 … 7, a scalar. It starts at −2,
    /// as the deviation of grey values is about e⁻².
    public var logScale: Tensor

    /// A decoder with the given head.
    public init(_ head: Head) {
        self.head = head
        logScale = Tensor(-2)
    }

    public func callAsFunction(
        _ code: Tensor, in context: inout PassContext
    ) -> Independent<DiscretizedLogistic> {
        Independent(
            DiscretizedLogistic(
                location: head(code, in: &context), logScale: softlyBounded(logScale, to: 7)))
    }

    public var steps: [NetworkStep]? {
        let scale = softlyBounded(logScale, to: 7)
        let mean = NetworkStep.elementwise(
            "discretizedLogisticMean", numbers: ["logScale": [scale.scalar]]
        ) { DiscretizedLogistic(location: $0, logScale: scale.cast(to: $0.dataType)).mean }
        return head.steps.map { $0 + [mean] }
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("head", &head)
        visitor("logScale", &logScale)
    }
}
