import Autograd

/// The generative adversarial network (Goodfellow et al., "Generative Adversarial Nets",
/// arXiv:1406.2661); with `--network convolutional` of the shape of Radford et al., arXiv:1511.06434.
///
/// - How it works: a critic learns to tell samples of the data from those that a generator makes of
///   normal codes, and the generator learns to make what the critic takes for samples of the data.
///   Spectral normalisation keeps the critic from becoming steep (Miyato et al., arXiv:1802.05957).
/// - When to use it: for sharp samples where no code of a given sample is needed. Nothing says how
///   good it is but its samples, and it may make a few kinds of sample alone, as it soon does of images
///   with `--spectral-norm false`. Of points in the plane a critic may be steep, and has to be. `wgan-gp`
///   is the calmer relative.
public struct GenerativeAdversarialNetwork: AdversarialRecipe {
    public static let name = "gan"
    public static let summary = "generator that learns from a critic, which tells real from made"
    public static let citation = "Goodfellow et al., arXiv:1406.2661 (2014)"

    @Option(.generatorLatentSize) public var latentSize = 16
    @Option(.criticLayers) public var hiddenSizes = [128, 128, 128]
    public var network = NetworkOptions()
    @Option(.criticSteps) public var criticSteps = 1
    @Option("whether the critic's weights are divided by their greatest singular values")
    public var spectralNorm = true
    public var training = TrainingOptions(epochs: 200, batchSize: 64)

    public init() {}

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        // The decay of Radford et al., without which the two run after each other.
        program(
            network(for: data, isSpectral: spectralNorm, using: &generator), decays: (0.5, 0.999),
            critic: { ObjectiveValue(total: $0.tellingLoss(for: $1, in: &$2)) },
            generator: { ObjectiveValue(total: $0.foolingLoss(for: $1, in: &$2)) })
    }
}
