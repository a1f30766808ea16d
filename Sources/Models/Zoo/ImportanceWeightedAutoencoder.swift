import Autograd

/// The importance-weighted autoencoder (Burda, Grosse and Salakhutdinov, "Importance Weighted
/// Autoencoders", arXiv:1509.00519; its variants Rainforth et al., arXiv:1802.04537, and Tucker et al.,
/// arXiv:1810.04152).
///
/// - How it works: each sample has several codes, and the logarithm of their mean weight is a bound on
///   the evidence that is the closer the more there are: the encoder may propose bad codes among good
///   ones.
/// - When to use it: for a better likelihood than the variational autoencoder's with the same network,
///   at the cost of as many passes through the decoder. With many codes the encoder's gradient is
///   mostly noise: `--gradient doubly-reparameterized`, or groups, help.
public struct ImportanceWeightedAutoencoder: LayeredRecipe, AnyNumbersRecipe {
    public static let name = "iwae"
    public static let summary = "importance-weighted autoencoder: a closer bound by several codes"
    public static let citation = "Burda, Grosse and Salakhutdinov, arXiv:1509.00519 (2015)"

    @Option(.latentSize) public var latentSize = 50
    @Option(.hiddenSizes) public var hiddenSizes = [200, 200]
    @Option("codes drawn for each sample", in: 1...100_000) public var draws = 5
    @Option("groups of codes, over whose bounds the mean is taken (MIWAE)", in: 1...100_000)
    public var groups = 1
    @Option("share of the evidence lower bound in the objective (CIWAE)", in: 0...1)
    public var elboShare = 0.0
    @Option(
        "gradient: plain; doubly-reparameterized for the encoder; or partial, by groups for the encoder "
            + "alone (PIWAE)")
    public var gradient = BoundGradient.plain
    public var output = OutputOptions(outputBias: .mean)
    public var training = TrainingOptions(epochs: 100)

    public init() {}

    public var predictsScales: Bool { true }

    public func validateTogether() throws(OptionError) {
        if draws % groups != 0 {
            throw .unfit(
                name: "groups", expected: "a divisor of the \(draws) draws", found: "\(groups)")
        }
        if gradient == .doubly, groups > 1 {
            throw .unfit(
                name: "groups", expected: "1 with the doubly reparameterised gradient",
                found: "\(groups)")
        }
        if elboShare > 0, gradient != .plain || groups > 1 {
            throw .unfit(
                name: "elboShare", expected: "0 with groups or another gradient than plain",
                found: "\(elboShare)")
        }
    }

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let output = output.chosen(for: data)
        let sizes = [data.elements] + hiddenSizes
        let body = MultilayerPerceptron(
            sizes, activation: .tanh, outputActivation: .tanh, using: &generator)
        let head = MultilayerPerceptron(
            [latentSize] + sizes.reversed(), activation: .tanh, outputShape: data.sampleShape,
            using: &generator)
        let model = LatentVariableModel(
            encoder: GaussianEncoder(
                body, features: sizes[sizes.count - 1], latentSize: latentSize, using: &generator),
            decoder: output.decoder(head, scale: .learned), draws: draws)
        return SingleObjective(Scaled(model, by: output.scale), objective: objective(), training)
    }

    private func objective<Output: HasGradientPaths>() -> Objective<Output> {
        switch gradient {
        case .plain where elboShare > 0:
            elboShare * (Reconstruction() + KullbackLeibler())
                + (1 - elboShare) * ImportanceWeightedBound()
        case .plain: Objective(ImportanceWeightedBound(groups: groups))
        case .doubly: Objective(DoublyReparameterizedBound())
        case .partial: Objective(PartiallyImportanceWeightedBound(groups: groups))
        }
    }
}

/// How an importance-weighted bound is differentiated.
public enum BoundGradient: String, NamedOptionValue {
    case plain
    case doubly = "doubly-reparameterized"
    case partial
}
