import Autograd

/// The rotationally invariant variational autoencoder (Bepler et al., arXiv:1909.11663; as `rVAE` in
/// pyroVED, Ziatdinov and Kalinin).
///
/// - How it works: the first numbers of a code say how the thing in an image lies there, its angle, shift
///   and size; the decoder turns the places of pixels back by them before it says what is there. The
///   other numbers, the content, need not know where a thing lies. The encoder looks at an image in several
///   turns, for the one in which the thing lies upright. At first poses cost nothing, since before a
///   decoder draws anything sharp no angle is better than another; and images are turned, to see that
///   their angles turn with them.
/// - When to use it: for images of things in any orientation or place, such as atoms under a microscope,
///   and to measure these. With `--angle none` it is invariant to shifts or sizes alone; where all lie
///   around one angle, `--angle normal --angle-deviation 0.8`, in radians, says so. Where half of the
///   things stay upside down, more turns find them (`--turns 8`), and a step costs as much more.
public struct InvariantAutoencoder: VariationalRecipe, PoseRecipe {
    public static let name = "rvae"
    public static let summary =
        "variational autoencoder that tells what is in an image from how it lies there"
    public static let citation = "Bepler et al., arXiv:1909.11663 (2019)"

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
        requirementOfPoses(of: data) ?? network.requirement(of: data)
            ?? requirementOfOutput(of: data)
    }

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let encoder = pose.encoder(
            body(for: data, activation: .tanh, using: &generator),
            features: features(for: data), contentSize: latentSize, of: data.sampleShape,
            using: &generator)
        return program(encoder, pose.prior, for: data, using: &generator)
    }

    private func program(
        _ encoder: some VariationalEncoder, _ prior: some Prior, for data: DataDescription,
        using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let output = output.chosen(for: data)
        let decoder = pose.decoder(
            contentSize: latentSize, output, for: Self.name, using: &generator)
        let model = LatentVariableModel(encoder: encoder, prior: prior, decoder: decoder)
        return SingleObjective(
            Scaled(model, by: output.scale), objective: withPoses(objective()), training)
    }
}
