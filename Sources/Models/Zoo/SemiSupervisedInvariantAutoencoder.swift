import Autograd

/// The rotationally invariant variational autoencoder with the class as a latent variable that is known of
/// some images (Ziatdinov et al., "Semi-supervised learning of images with strong rotational disorder",
/// arXiv:2105.12475; `ssiVAE` in pyroVED).
///
/// - How it works: ``SemiSupervisedAutoencoder`` with the codes and the decoder of
///   ``InvariantAutoencoder``: an image is a class, a pose and a content.
/// - When to use it: to classify things in any orientation where few have labels, and to measure how
///   they lie.
public struct SemiSupervisedInvariantAutoencoder: PoseRecipe, FewLabelsRecipe {
    public static let name = "semi-supervised-rvae"
    public static let summary =
        "rotationally invariant variational autoencoder that learns classes from few labels"
    public static let citation = "Ziatdinov et al., arXiv:2105.12475 (2021)"

    @Option("numbers of a code besides angle, shift and size", in: 1...65_536)
    public var latentSize = 2
    @Option(.hiddenSizes) public var hiddenSizes = [128, 128]
    public var pose = PoseOptions()
    @Option(.classification) public var classification = 50.0
    @Option(.labelledShare) public var labelledShare = 0.1
    public var output = OutputOptions()
    public var training = TrainingOptions(epochs: 50, batchSize: 100)

    public init() {}

    public var network: NetworkOptions { NetworkOptions() }
    public var predictsScales: Bool { false }

    public func validateTogether() throws(OptionError) {
        try requireHiddenLayer("hidden-sizes", hiddenSizes)
        try pose.validateTogether()
    }

    public func requirement(of data: DataDescription) -> String? {
        data.requiringLabels ?? requirementOfPoses(of: data) ?? requirementOfOutput(of: data)
    }

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        programOfClasses(
            data.knownClasses ?? 2, areTold: true, for: data,
            objective: objective(classification: classification), using: &generator)
    }
}
