import Autograd

/// The variational autoencoder with planar or radial flows (Rezende and Mohamed, "Variational Inference
/// with Normalizing Flows", arXiv:1505.05770).
///
/// - How it works: a code drawn from the encoder's normal distribution goes through invertible
///   functions, each of which depends on the sample and bends the distribution a little; how far it
///   stretches volumes is known in closed form.
/// - When to use it: for a closer bound than with a diagonal normal posterior, at little cost, where
///   codes are small; more functions bend more.
public struct FlowAutoencoder: VariationalRecipe {
    public static let name = "flow-vae"
    public static let summary = "variational autoencoder with planar or radial flows as posterior"
    public static let citation = "Rezende and Mohamed, arXiv:1505.05770 (2015)"

    @Option(.latentSize) public var latentSize = 40
    @Option(.hiddenSizes) public var hiddenSizes = [400]
    public var network = NetworkOptions()
    @Option("kind of function: planar or radial") public var flow = FlowKind.planar
    @Option("functions one after another, of which 0 leave the normal distribution", in: 0...1000)
    public var flows = 10
    @Option(.beta) public var beta = 1.0
    public var divergence = DivergenceOptions()
    public var output = OutputOptions()
    public var training = TrainingOptions(epochs: 100)

    public init() {}

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let base = gaussianEncoder(for: data, using: &generator)
        let features = features(for: data)
        switch flow {
        case .planar:
            return program(base, for: data, using: &generator) {
                PlanarFlowNetwork(features: features, latentSize: latentSize, using: &$0)
            }
        case .radial:
            return program(base, for: data, using: &generator) {
                RadialFlowNetwork(features: features, latentSize: latentSize, using: &$0)
            }
        }
    }

    private func program(
        _ base: GaussianEncoder<ChosenNetwork>, for data: DataDescription,
        using generator: inout RandomGenerator,
        _ flow: (inout RandomGenerator) -> some FlowNetwork
    ) -> any TrainingProgram {
        let encoder = FlowEncoder(
            base: base, flows: (0..<flows).map { _ in flow(&generator) })
        return program(encoder, for: data, using: &generator)
    }
}

/// A kind of invertible function by name.
public enum FlowKind: String, NamedOptionValue {
    case planar
    case radial
}
