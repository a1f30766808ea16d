import Autograd

/// The variational autoencoder with a mixture of normal distributions as its prior (Dilokthanakul et
/// al., arXiv:1611.02648).
///
/// - How it works: weights, means and scales of the prior's components are learned with the rest, so that
///   codes can lie in groups; the divergence has no closed form and is estimated by the codes drawn.
/// - When to use it: for codes in clusters, and for a closer bound than with one normal distribution.
public struct MixturePriorAutoencoder: VariationalRecipe {
    public static let name = "mixture-vae"
    public static let summary = "variational autoencoder with a learned mixture as prior"
    public static let citation = "Dilokthanakul et al., arXiv:1611.02648 (2016)"

    @Option(.latentSize) public var latentSize = 20
    @Option(.hiddenSizes) public var hiddenSizes = [400]
    public var network = NetworkOptions()
    @Option("components of the prior", in: 1...100_000) public var components = 10
    @Option(.beta) public var beta = 1.0
    public var divergence = DivergenceOptions()
    public var output = OutputOptions()
    public var training = TrainingOptions(epochs: 100)

    public init() {}

    public func requirement(of data: DataDescription) -> String? {
        output.requirement(of: data)
            ?? data.requiring(samples: components, for: "components of the prior")
    }

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let encoder = gaussianEncoder(for: data, using: &generator)
        let prior = MixturePrior(
            components: components, latentSize: latentSize, using: &generator)
        return program(encoder, prior: prior, for: data, using: &generator)
    }
}
