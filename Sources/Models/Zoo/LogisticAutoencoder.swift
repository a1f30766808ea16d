import Autograd

/// Logistic layers down to a code and up again, to logits of the samples: what layers that are
/// trained one by one are put together to.
public typealias LogisticAutoencoder = Autoencoder<
    PointEncoder<MultilayerPerceptron>, BernoulliDecoder<MultilayerPerceptron>
>

extension LogisticAutoencoder {
    /// With the sizes and the initial weights of a recipe's settings.
    ///
    /// - Parameter codeActivation: nil for a linear code.
    init(
        _ settings: Settings, _ inputShape: [Int], codeActivation: ActivationFunction?,
        using generator: inout RandomGenerator
    ) {
        let sizes = settings.layerSizes(from: inputShape)
        let initializer = (settings.initialization ?? .wide).initializer
        self.init(
            encoder: PointEncoder(
                MultilayerPerceptron(
                    sizes, activation: .sigmoid, outputActivation: codeActivation,
                    initializer: initializer, using: &generator)),
            decoder: BernoulliDecoder(
                MultilayerPerceptron(
                    sizes.reversed(), activation: .sigmoid, outputShape: inputShape,
                    initializer: initializer, using: &generator)))
    }

    /// Of layers that were trained one on top of the other.
    ///
    /// - Parameter codeActivation: nil for a linear code.
    init(
        unrolling layers: [any TiedLayer], codeActivation: ActivationFunction?,
        sampleShape: [Int]
    ) {
        let unrolled = UnrolledLayers(layers)
        self.init(
            encoder: PointEncoder(unrolled.encoder(codeActivation: codeActivation)),
            decoder: BernoulliDecoder(unrolled.decoder(outputShape: sampleShape)))
    }
}
