import Autograd

/// An autoencoder of one layer, W to the code and Wᵀ back, from which deeper networks are built
/// layer by layer.
public protocol TiedLayer: AutoencoderModel {
    /// W, `[latentSize, elements]`.
    var weight: Tensor { get }
    /// The bias of the code, `[latentSize]`.
    var codeBias: Tensor { get }
    /// The bias of the output, `[elements]`.
    var outputBias: Tensor { get }
}

extension [any AutoencoderModel] {
    /// Traps if one is no ``TiedLayer``.
    var tied: [any TiedLayer] {
        map { layer in
            guard let layer = layer as? any TiedLayer else {
                programmerError("TiedLayer", "a layer is a \(type(of: layer))")
            }
            return layer
        }
    }
}

/// Layers that were trained one on top of the other, unrolled into a network: the encoders in
/// order, then the decoders in reverse (Hinton and Salakhutdinov, 2006, figure 1).
public struct UnrolledLayers {
    /// The layers, from the lowest to the highest.
    public let layers: [any TiedLayer]

    /// Traps if the input size of a layer is not the output size of the one below.
    public init(_ layers: [any TiedLayer]) {
        for (below, above) in zip(layers, layers.dropFirst())
        where below.weight.shape[0] != above.weight.shape[1] {
            programmerError(
                "UnrolledLayers",
                "a layer with weight \(above.weight.shape) on one with \(below.weight.shape)")
        }
        self.layers = layers
    }

    /// From samples to codes, with `activation` between the layers and `codeActivation` after the
    /// last.
    public func encoder(
        activation: ActivationFunction = .sigmoid, codeActivation: ActivationFunction? = nil
    ) -> MultilayerPerceptron {
        MultilayerPerceptron(
            layers.map { Dense(weight: $0.weight, bias: $0.codeBias) }, activation: activation,
            outputActivation: codeActivation)
    }

    /// From codes to logits of samples of the given shape.
    public func decoder(
        activation: ActivationFunction = .sigmoid, outputShape: [Int]
    ) -> MultilayerPerceptron {
        MultilayerPerceptron(
            layers.reversed().map { Dense(weight: $0.weight.transposed(), bias: $0.outputBias) },
            activation: activation, outputShape: outputShape)
    }
}
