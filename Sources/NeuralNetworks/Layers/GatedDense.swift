import Autograd

/// A dense layer whose outputs are scaled by gates between 0 and 1, (W x + b) · σ(V x + c), from
/// `[batch, …, inputs]` to `[batch, …, outputs]` (Dauphin et al., "Language Modeling with Gated
/// Convolutional Networks", arXiv:1612.08083, equation 1).
public struct GatedDense: Layer {
    /// What is gated.
    public var value: Dense
    /// The gates before the sigmoid.
    public var gate: Dense

    public init(_ inputs: Int, _ outputs: Int, using generator: inout RandomGenerator) {
        value = Dense(inputs, outputs, using: &generator)
        gate = Dense(inputs, outputs, using: &generator)
    }

    public func callAsFunction(_ input: Tensor, in context: inout PassContext) -> Tensor {
        value(input, in: &context) * sigmoid(gate(input, in: &context))
    }

    public var steps: [NetworkStep]? {
        [
            .product([
                [.dense(weight: value.weight, bias: value.bias)],
                [.dense(weight: gate.weight, bias: gate.bias), .sigmoid],
            ])
        ]
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("value", &value)
        visitor("gate", &gate)
    }
}
