import Autograd

/// An autoencoder of one layer, W to the code and Wᵀ back: what deeper networks are put together
/// of, layer by layer.
public protocol TiedLayer: AutoencoderModel {
    /// W, `[latentSize, elements]`.
    var weight: Tensor { get }
    /// `[latentSize]`.
    var codeBias: Tensor { get }
    /// `[elements]`.
    var outputBias: Tensor { get }
}

/// Layers that were trained one on top of the other, unrolled into a network: the encoders in
/// order, then the decoders in reverse (Hinton and Salakhutdinov, 2006, figure 1).
public struct UnrolledLayers {
    public let layers: [any TiedLayer]

    /// Traps unless each layer takes what the one below gives.
    public init(_ layers: [any TiedLayer]) {
        for (below, above) in zip(layers, layers.dropFirst())
        where below.weight.shape[0] != above.weight.shape[1] {
            programmerError(
                "UnrolledLayers",
                "a layer with weight \(above.weight.shape) on one with \(below.weight.shape)")
        }
        self.layers = layers
    }

    /// From samples to codes. Between the layers stands `activation`, after the last
    /// `codeActivation`.
    public func encoder(
        activation: ActivationFunction = .sigmoid, codeActivation: ActivationFunction? = nil
    ) -> MultilayerPerceptron {
        MultilayerPerceptron(
            layers.map { Dense(weight: $0.weight, bias: $0.codeBias) }, activation: activation,
            outputActivation: codeActivation)
    }

    /// From codes to logits of samples of a shape.
    public func decoder(
        activation: ActivationFunction = .sigmoid, outputShape: [Int]
    ) -> MultilayerPerceptron {
        MultilayerPerceptron(
            layers.reversed().map { Dense(weight: $0.weight.transposed(), bias: $0.outputBias) },
            activation: activation, outputShape: outputShape)
    }
}
