import Autograd

/// The information-maximising variational autoencoder (Zhao, Song and Ermon, "InfoVAE: Balancing Learning
/// and Inference in Variational Autoencoders", arXiv:1706.02262, equation 6).
///
/// - How it works: a part α of the divergence of each posterior is given up, so that codes may say more
///   about their samples, and the codes of all samples together are kept at the prior by a maximum mean
///   discrepancy instead. With α = 1 no posterior costs anything by itself.
/// - When to use it: where the variational autoencoder's codes say too little.
public struct InfoAutoencoder: VariationalRecipe {
    public static let name = "info-vae"
    public static let summary = "variational autoencoder that maximises what codes say of samples"
    public static let citation = "Zhao, Song and Ermon, arXiv:1706.02262 (2017)"

    @Option(.latentSize) public var latentSize = 20
    @Option(.hiddenSizes) public var hiddenSizes = [400]
    public var network = NetworkOptions()
    @Option("share of the divergence that is given up", in: 0...1) public var alpha = 0.5
    @Option("weight of the discrepancy, beside what is given up", in: 1...) public var lambda = 10.0
    @Option("kernel of the discrepancy: imq or rbf")
    public var kernel = DiscrepancyKernel.inverseMultiquadratic
    @Option(.beta) public var beta = 1.0
    public var divergence = DivergenceOptions()
    public var output = OutputOptions()
    public var training = TrainingOptions(epochs: 100)

    public init() {}

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        gaussianProgram(
            Reconstruction() + (1 - alpha) * beta * divergence.term()
                + (alpha + lambda - 1) * MaximumMeanDiscrepancy(kernel),
            for: data, using: &generator)
    }
}
