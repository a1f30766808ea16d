import Autograd

/// A module that takes a tensor to a tensor.
public protocol Layer: Module {
    /// The layer's value. In which shapes, each layer says.
    func callAsFunction(_ input: Tensor, in context: inout PassContext) -> Tensor
}

extension Layer {
    /// The layer's value in evaluation mode.
    public func callAsFunction(_ input: Tensor) -> Tensor {
        var context = PassContext.evaluation
        return self(input, in: &context)
    }
}
