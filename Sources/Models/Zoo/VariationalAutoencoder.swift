import Autograd

/// The variational autoencoder (Kingma and Welling, "Auto-Encoding Variational Bayes",
/// arXiv:1312.6114; with β ≠ 1 the β-VAE, Higgins et al., 2017).
///
/// - How it works: the encoder gives each sample a normal posterior of codes, the decoder learns to
///   reconstruct from any draw of it, and the divergence keeps the posteriors close to the standard
///   normal prior. The sum is a bound on the evidence.
/// - When to use it: to generate samples (decode standard normal codes), for codes that lie densely
///   and can be interpolated, for a likelihood of new data. Its reconstructions are blurrier than
///   the plain autoencoder's; a larger β gives simpler codes, and more blur.
public struct VariationalAutoencoder: VariationalRecipe {
    public static let name = "vae"
    public static let summary =
        "variational autoencoder with Gaussian codes, for pixels or any numbers"
    public static let citation = "Kingma and Welling, arXiv:1312.6114 (2013)"

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
        gaussianProgram(objective(), for: data, using: &generator)
    }
}
