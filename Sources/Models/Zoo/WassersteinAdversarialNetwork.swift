import Autograd

/// The Wasserstein adversarial network with a gradient penalty (Gulrajani et al., "Improved Training of
/// Wasserstein GANs", arXiv:1704.00028; Arjovsky et al., arXiv:1701.07875).
///
/// - How it works: the critic measures how far the generator's samples are from the data, as the greatest
///   difference of the means of a function whose slope is 1; a penalty on its gradient keeps it so. The
///   generator makes the distance small.
/// - When to use it: as `gan`, where that does not settle or makes a few kinds of sample alone. The
///   distance falls as samples become better. Each of the generator's steps costs several of the
///   critic's, and these a derivative of a derivative.
public struct WassersteinAdversarialNetwork: AdversarialRecipe {
    public static let name = "wgan-gp"
    public static let summary =
        "generator that lessens its distance from the data, which a critic of slope 1 measures"
    public static let citation = "Gulrajani et al., arXiv:1704.00028 (2017)"

    @Option(.generatorLatentSize) public var latentSize = 16
    @Option(.criticLayers) public var hiddenSizes = [128, 128, 128]
    public var network = NetworkOptions()
    @Option(.criticSteps) public var criticSteps = 5
    /// Not 10 as in the paper: at a greater weight, few steps of the critic do not keep up with the
    /// generator, and the two run after each other.
    @Option("weight of the penalty where the critic's slope is not 1", in: 0...)
    public var slopePenalty = 1.0
    public var training = TrainingOptions(
        epochs: 250, learningRate: 2e-3, schedule: .cosine)

    public init() {}

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        program(
            network(for: data, using: &generator), decays: (0, 0.9),
            critic: { [slopePenalty] in
                $0.distanceLoss(for: $1, penalty: slopePenalty, in: &$2)
            },
            generator: { ObjectiveValue(total: $0.approachLoss(for: $1, in: &$2)) })
    }
}
