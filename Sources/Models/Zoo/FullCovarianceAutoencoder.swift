import Autograd

/// The variational autoencoder whose posteriors have full covariances (Kingma and Welling, "An
/// Introduction to Variational Autoencoders", arXiv:1906.02691, section 2.5.1).
///
/// - How it works: the encoder gives the Cholesky factor of the covariance, so that the numbers of a code
///   depend on each other; the divergence has a closed form.
/// - When to use it: for a closer bound with small codes, of which a diagonal posterior ignores that
///   several together explain a sample. The factor has as many numbers as the code squared, halved.
public struct FullCovarianceAutoencoder: VariationalRecipe {
    public static let name = "full-covariance-vae"
    public static let summary = "variational autoencoder whose posteriors have full covariances"
    public static let citation = "Kingma and Welling, arXiv:1906.02691 (2019)"

    @Option(.latentSize) public var latentSize = 20
    @Option(.hiddenSizes) public var hiddenSizes = [400]
    public var network = NetworkOptions()
    @Option(.beta) public var beta = 1.0
    public var divergence = DivergenceOptions()
    public var output = OutputOptions()
    public var training = TrainingOptions(epochs: 100)

    public init() {}

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let encoder = FullCovarianceEncoder(
            base: gaussianEncoder(for: data, using: &generator),
            features: features(for: data), using: &generator)
        return program(encoder, for: data, using: &generator)
    }
}
