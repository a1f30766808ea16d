import Autograd

/// The rotationally invariant variational autoencoder with a number as a latent variable that is known of
/// some images (`ss_reg_iVAE` in pyroVED, Ziatdinov et al., "Semi-supervised learning of images with strong
/// rotational disorder", arXiv:2105.12475).
///
/// - How it works: ``SemiSupervisedInvariantAutoencoder`` with a number in place of the class: an image is
///   a number, a pose and a content. A regressor learns the number from the images of which it is known,
///   and from what explains the others.
/// - When to use it: to measure something in images of things in any orientation where few were measured
///   by hand. `--condition` names the number, `--labels-kept` how many images keep it.
public struct RegressionInvariantAutoencoder: PoseRecipe, NumberRecipe {
    public static let name = "regression-rvae"
    public static let summary =
        "rotationally invariant variational autoencoder that learns a number from few examples"
    public static let citation = "Ziatdinov et al., arXiv:2105.12475 (2021)"

    @Option("numbers of a code besides angle, shift and size", in: 1...65_536)
    public var latentSize = 2
    @Option(.hiddenSizes) public var hiddenSizes = [128, 128]
    public var network = NetworkOptions()
    public var pose = PoseOptions()
    @Option(
        "weight of the negative log-density of known numbers, a mean over the samples that have one",
        in: 0...)
    public var regression = 50.0
    @Option(.labelledShare) public var labelledShare = 0.1
    public var output = OutputOptions()
    public var training = TrainingOptions(epochs: 50, batchSize: 100)

    public init() {}

    public var predictsScales: Bool { false }

    public func validateTogether() throws(OptionError) { try pose.validateTogether() }

    public func requirement(of data: DataDescription) -> String? {
        requirementOfPoses(of: data) ?? network.requirement(of: data)
            ?? requirementOfOutput(of: data)
    }

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let encoder = pose.encoder(
            body(for: data, conditions: 1, activation: .tanh, using: &generator),
            features: features(for: data, conditions: 1), contentSize: latentSize,
            of: data.sampleShape, using: &generator)
        return program(encoder, pose.prior, for: data, using: &generator)
    }

    private func program(
        _ encoder: some VariationalEncoder, _ prior: some Prior, for data: DataDescription,
        using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let output = output.chosen(for: data)
        let model = NumberVariableModel(
            regressor: MultilayerPerceptron(
                [data.elements] + hiddenSizes + [2], activation: .tanh, using: &generator),
            encoder: encoder, prior: prior,
            decoder: pose.decoder(
                contentSize: latentSize + 1, output, for: Self.name, using: &generator),
            numbers: data.number ?? .standard)
        let objective: Objective<NumberVariableOutput<CoordinateDecoder.Output>> =
            Reconstruction() + KullbackLeibler() + regression * KnownNumbers()
        return SingleObjective(
            Scaled(model, by: output.scale), objective: withPoses(objective), training,
            metrics: [NumberError()])
    }
}
