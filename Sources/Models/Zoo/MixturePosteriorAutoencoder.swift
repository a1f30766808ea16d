import Autograd

/// The variational autoencoder whose posteriors are mixtures of normal distributions (Morningstar et al.,
/// "Automatic Differentiation Variational Inference with Mixtures", arXiv:2003.01687).
///
/// - How it works: a code is drawn from every component and counts with the component's weight; as the
///   choice is summed out, weights have a gradient, too. With `--bound importance` the weighted mean of
///   the weights of importance is the bound, so that a component need not explain a sample alone.
/// - When to use it: where several codes explain a sample, between which a single normal distribution
///   would have to lie.
public struct MixturePosteriorAutoencoder: VariationalRecipe {
    public static let name = "mixture-posterior-vae"
    public static let summary = "variational autoencoder whose posteriors are mixtures"
    public static let citation = "Morningstar et al., arXiv:2003.01687 (2020)"

    @Option(.latentSize) public var latentSize = 20
    @Option(.hiddenSizes) public var hiddenSizes = [400]
    public var network = NetworkOptions()
    @Option("components of a posterior", in: 1...1000) public var components = 4
    @Option("bound: evidence, the mean over components, or importance, the logarithm of the mean")
    public var bound = MixtureBound.evidence
    @Option(.beta) public var beta = 1.0
    public var divergence = DivergenceOptions()
    public var output = OutputOptions()
    public var training = TrainingOptions(epochs: 100)

    public init() {}

    public func validateTogether() throws(OptionError) {
        try divergence.validateTogether()
        let isPlain = beta == 1 && divergence == DivergenceOptions()
        guard bound == .evidence || isPlain else {
            throw .unfit(
                name: "bound", expected: "evidence with a weighted divergence",
                found: bound.rawValue)
        }
    }

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let output = output.chosen(for: data)
        let body = body(for: data, using: &generator)
        let model = LatentVariableModel(
            encoder: MixtureEncoder(
                body, features: features(for: data), components: components,
                latentSize: latentSize, using: &generator),
            decoder: decoder(output, using: &generator))
        let scaled = Scaled(model, by: output.scale)
        return bound == .evidence
            ? SingleObjective(scaled, objective: objective(), training)
            : SingleObjective(scaled, objective: ImportanceWeightedBound().objective, training)
    }
}

/// A bound of a mixture by name.
public enum MixtureBound: String, NamedOptionValue {
    case evidence
    case importance
}
