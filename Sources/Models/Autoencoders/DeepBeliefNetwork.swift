import Autograd
import Datasets

/// Stacked restricted Boltzmann machines: the hidden units of one are the visible units of the
/// next (Hinton, Osindero and Teh, "A fast learning algorithm for deep belief nets", 2006).
///
/// Samples are drawn in the top machine and then passed down layer by layer as means.
public struct DeepBeliefNetwork: AutoencoderModel, Generates {
    /// From the lowest to the highest.
    public var layers: [RestrictedBoltzmannMachine]

    /// Traps if there are no layers, or if a layer does not have as many visible units as the layer
    /// below has hidden ones.
    public init(_ layers: [RestrictedBoltzmannMachine]) {
        guard !layers.isEmpty else { programmerError("DeepBeliefNetwork", "no layers") }
        _ = UnrolledLayers(layers)
        self.layers = layers
    }

    // MARK: Unrolled

    /// The network from samples up to codes and back down, with separate weights for each
    /// direction.
    public func autoencoder(sampleShape: [Int]) -> LogisticAutoencoder {
        let output = SampleOutput(
            likelihood: layers[0].visible == .gaussian ? .gaussian : .bernoulli,
            scaling: .nothing, data: DataDescription(sampleShape: sampleShape))
        return LogisticAutoencoder(unrolling: layers, output, codeActivation: .sigmoid)
    }

    /// The network from samples up to codes, with a layer of class logits on top.
    public func classifier(
        classes: Int, using generator: inout RandomGenerator
    ) -> Classifier<MultilayerPerceptron> {
        Classifier(
            UnrolledLayers(layers).encoder(codeActivation: .sigmoid),
            count: layers[layers.count - 1].weight.shape[0], classes: classes, using: &generator)
    }

    // MARK: As an autoencoder

    public func callAsFunction(
        _ batch: Batch, in context: inout PassContext
    ) -> AutoencoderOutput<PointMass, AnyDistribution> {
        let model = self
        let code = encode(batch.input)
        return AutoencoderOutput(
            posterior: PointMass(code), code: code,
            likelihood: layers[0].output(of: beneathTop(code)),
            encoderInput: batch.input, encode: { model.encode($0) }, decode: { model.decode($0) },
            decoderParameters: { model.layers.flatMap { [$0.weight, $0.outputBias] } })
    }

    public func encode(_ batch: Batch) -> Tensor {
        layers.reduce(batch.input) { $1.encode($0) }
    }

    public func decode(_ code: Tensor) -> Tensor { layers[0].output(of: beneathTop(code)).mean }

    /// The code of the lowest layer, computed from that of the highest.
    private func beneathTop(_ code: Tensor) -> Tensor {
        layers.dropFirst().reversed().reduce(code) { $1.decode($0) }
    }

    /// Decodes means of the highest hidden units, drawn by Markov chains. Traps if a condition is
    /// given.
    public func sample(
        _ count: Int, given condition: Tensor?, using generator: inout RandomGenerator
    ) -> Tensor {
        requireNoCondition(condition, "DeepBeliefNetwork")
        let visible = layers[layers.count - 1].sample(count, using: &generator)
        return layers.dropLast().reversed().reduce(visible) { $1.decode($0) }
    }

    public var sampleOrigin: String { markovChainOrigin }

    public mutating func visit(_ visitor: inout ModuleVisitor) { visitor("layers", &layers) }
}
