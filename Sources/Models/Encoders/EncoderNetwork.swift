import Autograd
import Distributions

/// A module that maps samples, `[batch, …]`, to a posterior of their codes: a distribution through
/// whose draws gradients flow back, with the batch along its first axis.
public protocol EncoderNetwork: Module {
    associatedtype Output: ReparameterizedDistribution
    func callAsFunction(_ input: Tensor, in context: inout PassContext) -> Output
}

extension EncoderNetwork {
    /// The posterior of the samples in evaluation mode.
    public func callAsFunction(_ input: Tensor) -> Output {
        var context = PassContext.evaluation
        return self(input, in: &context)
    }
}

/// An encoder whose codes are vectors with a posterior pulled towards the standard normal
/// distribution, from which new codes can be drawn.
public protocol VariationalEncoder: EncoderNetwork where Output: ContinuousDistribution {
    /// The number of components of a code.
    var latentSize: Int { get }
}
