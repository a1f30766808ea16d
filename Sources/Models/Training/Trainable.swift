import Autograd

/// A model that makes something of samples that can be compared with a target: all that training
/// needs to know of it.
public protocol Trainable: Module {
    /// One pass, as training and evaluation make it.
    ///
    /// - Parameters:
    ///   - input: `[batch, …]`.
    ///   - target: what is to be found, one for each input: the samples themselves for an
    ///     autoencoder, class numbers for a classifier.
    func pass(_ input: Tensor, target: Tensor, in context: inout Context) -> Pass
}

extension Trainable {
    /// A pass whose target is its input.
    public func pass(_ input: Tensor, in context: inout Context) -> Pass {
        pass(input, target: input, in: &context)
    }
}
