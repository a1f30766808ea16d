import Autograd

/// The rotationally invariant variational autoencoder that finds classes without labels (`jrVAE` in
/// pyroVED, Ziatdinov and Kalinin; the class as a latent variable beside continuous ones as in Dupont,
/// "Learning Disentangled Joint Continuous and Discrete Representations", arXiv:1804.00104).
///
/// - How it works: an image is a class, a pose and a content; none is known of any, and the bound sums
///   over the classes. Labels that the data may have are not looked at. With `--relaxation` each image
///   has one class in a step of the training, drawn and relaxed (Jang et al., arXiv:1611.01144), in place
///   of all: a step costs less the more classes there are.
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
    @Option(
        "temperature of relaxed classes, one of which is drawn for each image; 0 for the sum over all",
        in: 0...)
    public var relaxation = 0.0
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
        var objective: ClassObjective = Reconstruction() + beta * divergence.term()
        let delay = pose.poseDelay
        if delay > 0 {
            // As contents cost more at first, classes say more.
            let untold: ClassObjective = 10 * ClassInformation()
            objective = objective + Annealing { max(0, 1 - $0 / delay) } * untold
        }
        return programOfClasses(
            classes, areTold: false, temperature: relaxation > 0 ? relaxation : nil, for: data,
            objective: objective, using: &generator)
    }
}
