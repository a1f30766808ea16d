import Autograd

/// A module that maps a tensor to a tensor.
public protocol Layer: Module {
    /// The output of the layer. Each layer documents its shapes.
    func callAsFunction(_ input: Tensor, in context: inout PassContext) -> Tensor
    /// What the layer does in evaluation mode, step by step; nil if it has no description, as by
    /// default.
    var steps: [NetworkStep]? { get }
}

extension Layer {
    public var steps: [NetworkStep]? { nil }

    /// The output of the layer in evaluation mode.
    public func callAsFunction(_ input: Tensor) -> Tensor {
        var context = PassContext.evaluation
        return self(input, in: &context)
    }
}
