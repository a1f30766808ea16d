import Autograd
import Distributions

/// An output with a mask that is predicted, and the true one.
public protocol HasMask: Sendable {
    /// The logits of the predicted mask, `[batch, height, width]`.
    var maskLogits: Tensor { get }
    /// The true mask, 1 inside and 0 outside, of the same shape.
    var trueMask: Tensor { get }
}

/// The cross-entropy of a predicted mask with the true one, summed over its pixels, in nats.
public struct MaskCrossEntropy<Output: HasMask>: ObjectiveTerm {
    public let name = "maskCrossEntropy"

    public init() {}

    public func callAsFunction(_ pass: ForwardPass<Output>) -> Tensor {
        -Independent(Bernoulli(logits: pass.maskLogits), axes: 2).logProbability(of: pass.trueMask)
    }
}
