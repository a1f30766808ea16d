import Autograd

/// The rotationally invariant variational autoencoder that finds classes without labels (`jrVAE` in
/// pyroVED, Ziatdinov and Kalinin; the class as a latent variable beside continuous ones as in Dupont,
/// "Learning Disentangled Joint Continuous and Discrete Representations", arXiv:1804.00104).
///
/// - How it works: an image is a class, a pose and a content; none is known of any, and the bound sums
///   over the classes. Labels that the data may have are not looked at.
/// - When to use it: to sort things in any orientation into kinds, and to measure how they lie.
public struct JointInvariantAutoencoder: PoseRecipe {
    public static let name = "joint-rvae"
    public static let summary =
        "rotationally invariant variational autoencoder that finds classes without labels"
    public static let citation = "Ziatdinov and Kalinin, arXiv:2104.10180 (2021)"

    @Option("numbers of a code besides angle, shift and size", in: 1...65_536)
    public var latentSize = 2
    @Option(.hiddenSizes) public var hiddenSizes = [128, 128]
    @Option("classes to find", in: 2...1000) public var classes = 10
    public var pose = PoseOptions()
    public var divergence = DivergenceOptions()
    @Option(.beta) public var beta = 1.0
    public var output = OutputOptions()
    public var training = TrainingOptions(epochs: 50, batchSize: 100)

    public init() {}

    public var network: NetworkOptions { NetworkOptions() }
    public var predictsScales: Bool { false }

    public func validateTogether() throws(OptionError) {
        try requireHiddenLayer("hidden-sizes", hiddenSizes)
        try divergence.validateTogether()
        try pose.validateTogether()
    }

    public func requirement(of data: DataDescription) -> String? {
        requirementOfPoses(of: data) ?? requirementOfOutput(of: data)
    }

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        programOfClasses(
            classes, areTold: false, for: data,
            objective: Reconstruction() + beta * divergence.term(), using: &generator)
    }
}
