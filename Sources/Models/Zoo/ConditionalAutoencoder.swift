import Autograd

/// The conditional variational autoencoder (Sohn, Lee and Yan, "Learning Structured Output
/// Representation using Deep Conditional Generative Models", 2015; as a part of a larger model Kingma
/// et al., "Semi-supervised Learning with Deep Generative Models", arXiv:1406.5298).
///
/// - How it works: encoder and decoder are told the label of each sample, or a number that is known of
///   it, so that codes say what the condition does not, such as the style of a digit. Codes have the
///   standard normal prior, or one that is learned of the condition.
/// - When to use it: to generate samples of a class, to give one sample's style to another class, for
///   log p(x | y), and by Bayes' rule for p(y | x).
public struct ConditionalAutoencoder: VariationalRecipe, ConditionalRecipe {
    public static let name = "conditional-vae"
    public static let summary =
        "variational autoencoder that is told each sample's label or a number"
    public static let citation = "Sohn, Lee and Yan, NeurIPS (2015)"

    @Option(.latentSize) public var latentSize = 20
    @Option(.hiddenSizes) public var hiddenSizes = [400]
    public var network = NetworkOptions()
    @Option("distribution of codes: normal, or conditional, one learned for each condition")
    public var prior = ConditionalPriorKind.normal
    @Option(.beta) public var beta = 1.0
    public var divergence = DivergenceOptions()
    public var output = OutputOptions()
    public var training = TrainingOptions(epochs: 100)

    public init() {}

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        switch prior {
        case .normal:
            return program(StandardNormalPrior(), for: data, using: &generator)
        case .conditional:
            let prior = ConditionalNormalPrior(
                conditions: data.requiredCondition.size, latentSize: latentSize, using: &generator)
            return program(prior, for: data, using: &generator)
        }
    }

    private func program(
        _ prior: some ConditionalPrior, for data: DataDescription,
        using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let (condition, output) = (data.requiredCondition, output.chosen(for: data))
        let model = ConditionalModel(
            encoder: gaussianEncoder(for: data, conditions: condition.size, using: &generator),
            prior: prior,
            decoder: decoder(output, conditions: condition.size, using: &generator),
            condition: condition)
        return SingleObjective(Scaled(model, by: output.scale), objective: objective(), training)
    }
}

/// A distribution of codes by name.
public enum ConditionalPriorKind: String, NamedOptionValue {
    case normal
    case conditional
}
