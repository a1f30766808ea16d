import Autograd

/// A module that maps a tensor to a tensor.
public protocol Layer: Module {
    /// The output of the layer. Each layer documents its shapes.
    func callAsFunction(_ input: Tensor, in context: inout PassContext) -> Tensor
}

extension Layer {
    /// The output of the layer in evaluation mode.
    public func callAsFunction(_ input: Tensor) -> Tensor {
        var context = PassContext.evaluation
        return self(input, in: &context)
    }
}
