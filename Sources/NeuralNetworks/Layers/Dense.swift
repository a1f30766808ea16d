import Autograd

/// A fully connected layer: y = x Wᵀ + b, from `[batch, …, inputs]` to
/// `[batch, …, outputs]`.
public struct Dense: Layer {
    /// The weights, `[outputs, inputs]`.
    public var weight: Tensor
    /// The biases, `[outputs]`; nil without.
    public var bias: Tensor?

    /// - Parameter initializer: of the weight; the bias starts at zero.
    public init(
        _ inputs: Int, _ outputs: Int, hasBias: Bool = true,
        initializer: Initializer = .glorotUniform, using generator: inout RandomGenerator
    ) {
        weight = initializer(
            [outputs, inputs], fanIn: inputs, fanOut: outputs, using: &generator)
        bias = hasBias ? Tensor.zeros([outputs]) : nil
    }

    /// Uses a given weight, `[outputs, inputs]`, and bias, `[outputs]`. Traps if the shapes do not
    /// fit.
    public init(weight: Tensor, bias: Tensor?) {
        guard weight.rank == 2, bias == nil || bias?.shape == [weight.shape[0]] else {
            programmerError(
                "Dense", "a weight of shape \(weight.shape) and a bias of \(bias?.shape ?? [])")
        }
        self.weight = weight
        self.bias = bias
    }

    public func callAsFunction(_ input: Tensor, in context: inout PassContext) -> Tensor {
        guard input.rank >= 2, input.shape.last == weight.shape[1] else {
            programmerError(
                "Dense", "expected an input [batch, …, \(weight.shape[1])], found \(input.shape)")
        }
        let product = matmul(input, weight, transposingRight: true)
        return bias.map { product + $0 } ?? product
    }

    public var steps: [NetworkStep]? { [.dense(weight: weight, bias: bias)] }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("weight", &weight)
        visitor("bias", &bias)
    }
}
