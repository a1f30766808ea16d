import Autograd

/// The rotationally invariant variational autoencoder that is told what is in an image (as `rVAE` with
/// conditions in pyroVED, Ziatdinov and Kalinin, "Semi-supervised learning of images with strong rotational
/// disorder", arXiv:2105.12475).
///
/// - How it works: as ``InvariantAutoencoder``, but encoder and decoder are told the label of each image,
///   or a number that is known of it, so that contents say what neither pose nor condition do.
/// - When to use it: to measure how known things lie, and in what they differ among their like.
public struct ConditionalInvariantAutoencoder: VariationalRecipe, ConditionalRecipe, PoseRecipe {
    public static let name = "conditional-rvae"
    public static let summary =
        "rotationally invariant variational autoencoder that is told labels or numbers"
    public static let citation = "Ziatdinov and Kalinin, arXiv:2105.12475 (2021)"

    @Option("numbers of a code besides angle, shift and size", in: 1...65_536)
    public var latentSize = 2
    @Option(.hiddenSizes) public var hiddenSizes = [128, 128]
    public var network = NetworkOptions()
    public var pose = PoseOptions()
    @Option(.beta) public var beta = 1.0
    public var divergence = DivergenceOptions()
    public var output = OutputOptions()
    public var training = TrainingOptions(epochs: 50, batchSize: 100)

    public init() {}

    public var predictsScales: Bool { false }

    public func validateTogether() throws(OptionError) {
        try divergence.validateTogether()
        try pose.validateTogether()
    }

    public func requirement(of data: DataDescription) -> String? {
        requirementOfPoses(of: data) ?? requirementOfCondition(of: data)
            ?? network.requirement(of: data) ?? requirementOfOutput(of: data)
    }

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let conditions = data.requiredCondition.size
        let encoder = pose.encoder(
            body(for: data, conditions: conditions, activation: .tanh, using: &generator),
            features: features(for: data, conditions: conditions), contentSize: latentSize,
            of: data.sampleShape, using: &generator)
        return program(encoder, pose.prior, for: data, using: &generator)
    }

    private func program(
        _ encoder: some VariationalEncoder, _ prior: some ConditionalPrior,
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let (condition, output) = (data.requiredCondition, output.chosen(for: data))
        let decoder = pose.decoder(
            contentSize: latentSize + condition.size, output, for: Self.name, using: &generator)
        let model = ConditionalModel(
            encoder: encoder, prior: prior, decoder: decoder, condition: condition)
        return SingleObjective(
            Scaled(model, by: output.scale), objective: withPoses(objective()), training)
    }
}
