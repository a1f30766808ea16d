import Autograd

/// The variational autoencoder with a disentangled inferred prior (Kumar, Sattigeri and Balakrishnan,
/// "Variational Inference of Disentangled Latent Concepts from Unlabeled Observations",
/// arXiv:1711.00848).
///
/// - How it works: codes of all samples together should be distributed as the prior, whose numbers are
///   independent: their covariance is drawn to the identity, that of posterior means (I) or of draws
///   (II).
/// - When to use it: for codes whose numbers mean one thing each, where a large β costs too much of the
///   reconstruction.
public struct DisentangledPriorAutoencoder: NetworkRecipe {
    public static let name = "dip-vae"
    public static let summary = "variational autoencoder whose code's numbers are uncorrelated"
    public static let citation = "Kumar, Sattigeri and Balakrishnan, arXiv:1711.00848 (2017)"

    @Option(.latentSize) public var latentSize = 10
    @Option(.hiddenSizes) public var hiddenSizes = [400]
    public var network = NetworkOptions()
    @Option("whose covariance: means (DIP-VAE I) or draws (DIP-VAE II)")
    public var covarianceOf = CodeCovarianceKind.means
    @Option("weight of covariances", in: 0...) public var lambda = 10.0
    @Option("weight of variances, relative to that of covariances", in: 0...)
    public var diagonal = 10.0
    public var output = OutputOptions()
    public var training = TrainingOptions(epochs: 100)

    public init() {}

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        gaussianProgram(
            Reconstruction() + KullbackLeibler()
                + lambda * CodeCovariance(of: covarianceOf, diagonal: diagonal),
            for: data, using: &generator)
    }
}
