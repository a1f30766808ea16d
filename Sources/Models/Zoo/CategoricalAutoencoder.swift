import Autograd

/// The variational autoencoder with categorical codes (Jang, Gu and Poole, "Categorical
/// Reparameterization with Gumbel-Softmax", arXiv:1611.01144).
///
/// - How it works: a code is several choices among classes. In training each is a softmax of logits with
///   noise, the closer to one choice the lower the temperature, which falls while it trains; the
///   divergence is that of the choices.
/// - When to use it: for codes that are symbols, for clusters without a prior of their own. With
///   `--straight-through` the decoder sees choices alone, at the price of a biased gradient.
public struct CategoricalAutoencoder: VariationalRecipe {
    public static let name = "categorical-vae"
    public static let summary = "variational autoencoder whose codes are choices among classes"
    public static let citation = "Jang, Gu and Poole, arXiv:1611.01144 (2016)"

    @Option("choices in a code", in: 1...65_536) public var latentSize = 20
    @Option("classes of each choice", in: 2...65_536) public var classes = 10
    @Option(.hiddenSizes) public var hiddenSizes = [400]
    @Option("temperature at first", above: 0) public var temperature = 1.0
    @Option("temperature at the end of the training", above: 0) public var finalTemperature = 0.5
    @Option("whether draws in training are choices, with the gradient of relaxed ones")
    public var straightThrough = false
    @Option(.beta) public var beta = 1.0
    public var divergence = DivergenceOptions()
    public var output = OutputOptions()
    public var training = TrainingOptions(epochs: 100)

    public init() {}

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let output = output.chosen(for: data)
        let body = body(for: data, using: &generator)
        let head = MultilayerPerceptron(
            [latentSize * classes] + hiddenSizes.reversed() + [data.elements],
            outputShape: data.sampleShape, using: &generator)
        let model = LatentVariableModel(
            encoder: CategoricalEncoder(
                body, features: features(for: data), variables: latentSize, classes: classes,
                temperatures: (temperature, finalTemperature), isStraightThrough: straightThrough,
                using: &generator),
            prior: UniformCategoricalPrior(classes: classes),
            decoder: output.decoder(head, scale: .learned))
        return SingleObjective(Scaled(model, by: output.scale), objective: objective(), training)
    }
}
