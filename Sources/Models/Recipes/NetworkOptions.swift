import Autograd

/// The network between samples and codes: options of recipes that are to be compared with the same one.
public struct NetworkOptions: Configurable {
    @Option("network: dense, or for images convolutional, whose hidden layers follow convolutions")
    public var network = NetworkKind.dense
    @Option(
        OptionDeclaration(
            "feature maps of each convolution, which halves both sides of an image",
            expected: "one to ten whole numbers from 1 to 4096 with commas between them"
        ) { 1...10 ~= $0.count && $0.allSatisfy { 1...4096 ~= $0 } })
    public var channels = [32, 64]

    public init() {}

    /// Throws if there are channels for a network that has none.
    func validateTogether() throws(OptionError) {
        let usual = NetworkOptions().channels
        if network == .dense, channels != usual {
            throw .unfit(
                name: "channels", expected: "\(usual.optionText) with --network dense",
                found: channels.optionText)
        }
    }

    /// What the data would have to be for these options; nil if they are suitable.
    func requirement(of data: DataDescription) -> String? {
        guard network == .convolutional else { return nil }
        let least = HalvingConvolutions.leastSide(channels.count)
        guard let image = ImageShape(data.sampleShape),
            min(image.size.height, image.size.width) >= least
        else {
            return "images with sides of at least \(least) pixels for --network convolutional with "
                + "--channels \(channels.optionText)"
        }
        return nil
    }

    /// The convolutions for some data; nil for a dense network.
    private func convolutions(for data: DataDescription) -> HalvingConvolutions? {
        guard network == .convolutional else { return nil }
        return HalvingConvolutions(
            ImageShape(of: data.sampleShape, for: "convolutional"), channels: channels)
    }

    /// The number of features that dense layers see of a sample.
    func features(of data: DataDescription) -> Int {
        convolutions(for: data)?.featureShape.reduce(1, *) ?? data.elements
    }

    /// From samples through dense layers of these sizes.
    ///
    /// - Parameters:
    ///   - conditions: how many numbers follow each sample (``Autograd/Tensor/joined(with:)``): the dense
    ///     layers see them beside its features.
    ///   - outputActivation: after the last of them; none by default.
    func body(
        _ sizes: [Int], for data: DataDescription, conditions: Int = 0,
        activation: ActivationFunction = .relu,
        outputActivation: ActivationFunction? = nil, using generator: inout RandomGenerator
    ) -> ChosenNetwork {
        let down = convolutions(for: data)?.down(activation, using: &generator)
        let dense = MultilayerPerceptron(
            [features(of: data) + conditions] + sizes, activation: activation,
            outputActivation: sizes.isEmpty ? nil : outputActivation, using: &generator)
        guard let down else { return .dense(dense) }
        guard conditions > 0 else { return .convolutional(Sequential(down.layers + [dense])) }
        return .convolutional(
            Sequential([WithConditions(down, elements: data.elements), dense]))
    }

    /// From codes through dense layers to samples.
    ///
    /// - Parameter sizes: that of a code, then those of the layers.
    func head(
        _ sizes: [Int], for data: DataDescription, activation: ActivationFunction = .relu,
        using generator: inout RandomGenerator
    ) -> ChosenNetwork {
        let convolutions = convolutions(for: data)
        let dense = MultilayerPerceptron(
            sizes + [features(of: data)], activation: activation,
            outputActivation: convolutions.map { _ in activation },
            outputShape: convolutions?.featureShape ?? data.sampleShape, using: &generator)
        guard let convolutions else { return .dense(dense) }
        let up = convolutions.up(to: data.sampleShape, activation, using: &generator)
        return .convolutional(Sequential([dense] + up.layers))
    }
}

/// A network between samples and codes by name.
public enum NetworkKind: String, NamedOptionValue {
    case dense
    case convolutional
}

/// A recipe with a network that is chosen.
public protocol ChosenNetworkRecipe: LayeredRecipe {
    /// The network; the sizes of its dense layers are the recipe's.
    var network: NetworkOptions { get }
}

/// A recipe with a network that is chosen, and a likelihood.
public protocol NetworkRecipe: ChosenNetworkRecipe, AnyNumbersRecipe {}

extension NetworkRecipe {
    public func requirement(of data: DataDescription) -> String? {
        network.requirement(of: data) ?? requirementOfOutput(of: data)
    }

    /// An autoencoder of this network without noise in its codes.
    func autoencoder(
        _ output: SampleOutput, using generator: inout RandomGenerator
    ) -> Autoencoder<DeterministicEncoder<ChosenNetwork>, ChosenDecoder<ChosenNetwork>> {
        let sizes = hiddenSizes + [latentSize]
        return Autoencoder(
            encoder: DeterministicEncoder(
                network.body(sizes, for: output.data, using: &generator)),
            decoder: output.decoder(
                network.head(sizes.reversed(), for: output.data, using: &generator)))
    }
}
