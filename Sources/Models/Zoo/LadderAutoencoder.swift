import Autograd

/// The ladder variational autoencoder (Sønderby et al., "Ladder Variational Autoencoders",
/// arXiv:1602.02282).
///
/// - How it works: layers of codes, each drawn given the one above. The sample's features go up first;
///   on the way down each posterior joins what the features say with what the code above says, so that
///   upper layers are not left unused; warm-up helps, too. With `--inference upward` codes are drawn
///   from below instead, as Burda et al. do (arXiv:1509.00519), with several draws by the
///   importance-weighted bound.
/// - When to use it: for a better likelihood than one layer's, and codes from coarse to fine.
public struct LadderAutoencoder: AnyNumbersRecipe {
    public static let name = "ladder-vae"
    public static let summary = "variational autoencoder with several layers of codes"
    public static let citation = "Sonderby et al., arXiv:1602.02282 (2016)"

    @Option(.layerSizes("numbers of a code in each layer, from the sample up"))
    public var latentSizes = [64, 32, 16, 8, 4]
    @Option(.layerSizes("features in each layer, from the sample up"))
    public var hiddenSizes = [512, 256, 128, 64, 32]
    @Option(
        "order of inference: bidirectional, features up and codes down; or upward, each code from the one "
            + "below")
    public var inference = LadderInference.bidirectional
    @Option("activation function of the hidden layers: leaky-relu or tanh")
    public var activation = LadderActivation.leakyRelu
    @Option(
        "codes drawn for each sample, importance-weighted if there are several", in: 1...100_000)
    public var draws = 1
    @Option(.beta) public var beta = 1.0
    public var divergence = DivergenceOptions(warmUp: 0.1)
    public var output = OutputOptions(outputBias: .mean)
    public var training = TrainingOptions(epochs: 100)

    public init() {}

    public func validateTogether() throws(OptionError) {
        try divergence.validateTogether()
        guard !latentSizes.isEmpty, latentSizes.count == hiddenSizes.count else {
            throw .unfit(
                name: "latentSizes", expected: "as many layers as of hidden-sizes, one or more",
                found: "\(latentSizes.count) and \(hiddenSizes.count)")
        }
        if draws > 1, beta != 1 || divergence.isChanged {
            throw .unfit(
                name: "draws", expected: "1 with a weighted divergence (beta, warm-up, …)",
                found: "\(draws)")
        }
    }

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let output = output.chosen(for: data)
        let head = MultilayerPerceptron(
            [latentSizes[0], hiddenSizes[0], hiddenSizes[0], data.elements],
            activation: activation.function, outputShape: data.sampleShape, using: &generator)
        let model = LadderNetwork(
            elements: data.elements, latentSizes: latentSizes, hiddenSizes: hiddenSizes,
            decoder: output.decoder(head, scale: .learned), inference: inference,
            activation: activation.function, draws: draws, using: &generator)
        return SingleObjective(Scaled(model, by: output.scale), objective: objective(), training)
    }

    private func objective<Output: HasLikelihood & HasLatentVariables>() -> Objective<Output> {
        draws > 1
            ? Objective(ImportanceWeightedBound()) : Reconstruction() + beta * divergence.term()
    }
}

/// An activation function of hidden layers by name.
public enum LadderActivation: String, NamedOptionValue {
    case leakyRelu = "leaky-relu"
    case tanh

    var function: ActivationFunction {
        switch self {
        case .leakyRelu: .leakyRelu
        case .tanh: .tanh
        }
    }
}
