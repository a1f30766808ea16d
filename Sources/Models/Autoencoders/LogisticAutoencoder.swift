import Autograd

/// Logistic layers down to a code and up again to logits of the samples: the network into which
/// layers that were trained one by one are assembled.
public typealias LogisticAutoencoder = Autoencoder<
    DeterministicEncoder<MultilayerPerceptron>, ChosenDecoder<MultilayerPerceptron>
>

extension LogisticAutoencoder {
    /// - Parameters:
    ///   - sizes: the number of elements of a sample, those of the layers, and that of the code.
    ///   - codeActivation: nil for a linear code.
    init(
        _ sizes: [Int], _ output: SampleOutput, codeActivation: ActivationFunction?,
        initializer: Initializer = .logisticUniform, using generator: inout RandomGenerator
    ) {
        self.init(
            encoder: DeterministicEncoder(
                MultilayerPerceptron(
                    sizes, activation: .sigmoid, outputActivation: codeActivation,
                    initializer: initializer, using: &generator)),
            decoder: output.decoder(
                MultilayerPerceptron(
                    sizes.reversed(), activation: .sigmoid, outputShape: output.data.sampleShape,
                    initializer: initializer, using: &generator)))
    }

    /// From layers that were trained one on top of the other.
    ///
    /// - Parameter codeActivation: nil for a linear code.
    init(
        unrolling layers: [any TiedLayer], _ output: SampleOutput,
        codeActivation: ActivationFunction?
    ) {
        let unrolled = UnrolledLayers(layers)
        self.init(
            encoder: DeterministicEncoder(unrolled.encoder(codeActivation: codeActivation)),
            decoder: output.decoder(unrolled.decoder(outputShape: output.data.sampleShape)))
    }
}
