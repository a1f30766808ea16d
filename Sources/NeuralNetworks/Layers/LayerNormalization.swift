import Autograd

/// Normalises each sample over its last axes (Ba et al., "Layer Normalization", arXiv:1607.06450):
/// `[…] + shape` to the same shape.
///
///     y = weight · (x − mean) / √(variance + ε) + bias
public struct LayerNormalization: Layer {
    /// The scale, of the shape of the normalised axes.
    public var weight: Tensor
    /// The shift, of the same shape.
    public var bias: Tensor
    /// The constant ε added to the variance.
    public let epsilon: Double

    /// Traps if the shape is empty or epsilon is not above 0.
    ///
    /// - Parameter shape: the sizes of the last axes, over which mean and variance are taken.
    public init(_ shape: [Int], epsilon: Double = 1e-5) {
        guard !shape.isEmpty, epsilon > 0 else {
            programmerError(
                "LayerNormalization",
                "shape \(shape) has no axis, or epsilon \(epsilon) is not above 0")
        }
        weight = Tensor.ones(shape)
        bias = Tensor.zeros(shape)
        self.epsilon = epsilon
    }

    /// Normalises over the last axis, of the given size.
    public init(_ size: Int, epsilon: Double = 1e-5) { self.init([size], epsilon: epsilon) }

    public func callAsFunction(_ input: Tensor, in context: inout PassContext) -> Tensor {
        guard input.shape.suffix(weight.rank) == weight.shape[...] else {
            programmerError(
                "LayerNormalization",
                "expected an input whose last axes are \(weight.shape), found \(input.shape)")
        }
        return layerNormalization(input, weight: weight, bias: bias, epsilon: epsilon)
    }

    public var steps: [NetworkStep]? {
        let layer = self
        return [
            NetworkStep(
                "layerNormalization", numbers: ["epsilon": [epsilon]],
                tensors: ["weight": weight, "bias": bias]
            ) { step, input in
                var changed = layer
                (changed.weight, changed.bias) = (step["weight"], step["bias"])
                return changed(input)
            }
        ]
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("weight", &weight)
        visitor("bias", &bias)
    }
}
