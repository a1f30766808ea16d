import Autograd

/// A sequence of dense layers with an activation after each; the last one has its own. The body of
/// the dense variants.
public struct MultilayerPerceptron: Layer {
    /// The dense layers in order.
    public var layers: [Dense]

    private let activation: ActivationFunction
    package let outputActivation: ActivationFunction?
    private let outputShape: [Int]

    /// Traps if `sizes` is empty.
    ///
    /// - Parameters:
    ///   - sizes: the number of inputs, then of the outputs of each layer. Without layers it only
    ///     reshapes.
    ///   - activation: after each layer but the last.
    ///   - outputActivation: after the last; none by default.
    ///   - outputShape: the shape of one sample of the output; a vector if not given.
    ///   - initializer: of the weights.
    public init(
        _ sizes: [Int], activation: ActivationFunction = .relu,
        outputActivation: ActivationFunction? = nil, outputShape: [Int]? = nil,
        initializer: Initializer = .glorotUniform, using generator: inout RandomGenerator
    ) {
        guard let outputs = sizes.last else {
            programmerError("MultilayerPerceptron", "the number of inputs is missing")
        }
        layers = zip(sizes, sizes.dropFirst()).map {
            Dense($0, $1, initializer: initializer, using: &generator)
        }
        self.activation = activation
        self.outputActivation = outputActivation
        self.outputShape = outputShape ?? [outputs]
    }

    /// Uses the given layers. Traps if there are none.
    public init(
        _ layers: [Dense], activation: ActivationFunction = .relu,
        outputActivation: ActivationFunction? = nil, outputShape: [Int]? = nil
    ) {
        guard let outputs = layers.last?.weight.shape[0] else {
            programmerError("MultilayerPerceptron", "no layers")
        }
        self.layers = layers
        self.activation = activation
        self.outputActivation = outputActivation
        self.outputShape = outputShape ?? [outputs]
    }

    /// The same with another last layer, whose outputs are a multiple of those before: the first axis
    /// of a sample grows with them. Traps if there are no layers.
    package func replacingLast(by last: Dense) -> MultilayerPerceptron {
        guard let before = layers.last?.weight.shape[0], before > 0 else {
            programmerError("MultilayerPerceptron", "no layers")
        }
        let factor = last.weight.shape[0] / before
        return MultilayerPerceptron(
            layers.dropLast() + [last], activation: activation,
            outputActivation: outputActivation,
            outputShape: [factor * (outputShape.first ?? 1)] + outputShape.dropFirst())
    }

    /// The layers of a ``Sequential`` that does the same.
    package var parts: [any Layer] {
        var parts: [any Layer] = [Flatten()]
        for (index, layer) in layers.enumerated() {
            parts.append(layer)
            let isLast = index == layers.count - 1
            if let function = isLast ? outputActivation : activation {
                parts.append(Activation(function))
            }
        }
        return parts + [Reshape(outputShape)]
    }

    /// From `[batch, …]`, flattened, to `[batch] + outputShape`.
    public func callAsFunction(_ input: Tensor, in context: inout PassContext) -> Tensor {
        var value = input.flattened()
        for (index, layer) in layers.enumerated() {
            value = layer(value, in: &context)
            let isLast = index == layers.count - 1
            if let function = isLast ? outputActivation : activation { value = function(value) }
        }
        return value.reshaped([input.shape[0]] + outputShape)
    }

    public var steps: [NetworkStep]? {
        var parts: [[NetworkStep]?] = [[.reshape(nil)]]
        for (index, layer) in layers.enumerated() {
            parts.append(layer.steps)
            let isLast = index == layers.count - 1
            if let function = isLast ? outputActivation : activation {
                parts.append(Activation(function).steps)
            }
        }
        return [NetworkStep](joining: parts + [[.reshape(outputShape)]])
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) { visitor("layers", &layers) }
}
