import Autograd
import Distributions

/// An encoder that does not look at samples: its codes are draws of the standard normal distribution.
///
/// With it the importance-weighted bound is the naive estimate of log p(x) by codes from the prior, few
/// of which explain a sample: it needs exponentially many draws, which is why there are encoders.
public struct PriorEncoder: VariationalEncoder {
    public let latentSize: Int

    public init(latentSize: Int) { self.latentSize = latentSize }

    public func callAsFunction(
        _ input: Tensor, in context: inout PassContext
    ) -> Independent<Normal> {
        Independent(
            Normal.standard([input.shape[0], latentSize], dataType: input.dataType), axes: 1)
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {}
}
