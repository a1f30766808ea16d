import Autograd

/// A module that maps codes, `[batch, …]`, to a likelihood of the samples.
public protocol DecoderNetwork: Module {
    associatedtype Output: Likelihood
    func callAsFunction(_ code: Tensor, in context: inout PassContext) -> Output
}

extension DecoderNetwork {
    /// The likelihood in evaluation mode.
    public func callAsFunction(_ code: Tensor) -> Output {
        var context = PassContext.evaluation
        return self(code, in: &context)
    }
}
