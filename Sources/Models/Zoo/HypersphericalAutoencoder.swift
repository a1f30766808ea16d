import Autograd

/// The hyperspherical variational autoencoder (Davidson et al., "Hyperspherical Variational
/// Auto-Encoders", arXiv:1804.00891).
///
/// - How it works: codes are unit vectors, drawn from a von Mises-Fisher distribution around the
///   encoder's direction; the prior prefers no direction, so that codes are not drawn to a centre.
/// - When to use it: for data on circles or spheres, for codes that are compared by angle or clustered,
///   with few components; with many the normal distribution is better.
public struct HypersphericalAutoencoder: VariationalRecipe {
    public static let name = "hyperspherical-vae"
    public static let summary = "variational autoencoder whose codes are unit vectors"
    public static let citation = "Davidson et al., arXiv:1804.00891 (2018)"

    @Option("components of a code", in: 2...65_536) public var latentSize = 11
    @Option(.hiddenSizes) public var hiddenSizes = [256, 128]
    public var network = NetworkOptions()
    @Option(.beta) public var beta = 1.0
    public var divergence = DivergenceOptions()
    public var output = OutputOptions()
    public var training = TrainingOptions(epochs: 100)

    public init() {}

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let body = body(for: data, using: &generator)
        let encoder = HypersphericalEncoder(
            body, features: features(for: data), latentSize: latentSize, using: &generator)
        return program(
            encoder, prior: UniformDirectionPrior(), for: data, using: &generator)
    }
}
