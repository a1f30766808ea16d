import Autograd

/// The β-VAE (Higgins et al., "β-VAE: Learning Basic Visual Concepts with a Constrained Variational
/// Framework", 2017; with `--capacity` Burgess et al., arXiv:1804.03599).
///
/// - How it works: the divergence is given more weight, so that a code says only what is worth it, and
///   that in numbers as independent as the prior's. With a capacity it is drawn to a number of nats that
///   grows with the training instead, first to what matters most.
/// - When to use it: for codes whose numbers mean one thing each; reconstructions become coarser.
public struct BetaAutoencoder: VariationalRecipe {
    public static let name = "beta-vae"
    public static let summary =
        "variational autoencoder whose codes say little, in separate numbers"
    public static let citation = "Higgins et al. (2017)"

    @Option(.latentSize) public var latentSize = 10
    @Option(.hiddenSizes) public var hiddenSizes = [400]
    public var network = NetworkOptions()
    @Option(.beta) public var beta = 4.0
    public var divergence = DivergenceOptions()
    public var output = OutputOptions()
    public var training = TrainingOptions(epochs: 100)

    public init() {}

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        gaussianProgram(objective(), for: data, using: &generator)
    }
}
