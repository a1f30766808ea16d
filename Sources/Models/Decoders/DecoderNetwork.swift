import Autograd
import Distributions

/// A module that maps codes, `[batch, …]`, to the likelihood of the samples: a distribution with the
/// batch along its first axis, one sample being one event.
public protocol DecoderNetwork: Module {
    associatedtype Output: Distribution
    func callAsFunction(_ code: Tensor, in context: inout PassContext) -> Output
}

extension DecoderNetwork {
    /// The likelihood in evaluation mode.
    public func callAsFunction(_ code: Tensor) -> Output {
        var context = PassContext.evaluation
        return self(code, in: &context)
    }
}
