import Autograd

/// The β-TCVAE (Chen, Li, Grosse and Duvenaud, "Isolating Sources of Disentanglement in Variational
/// Autoencoders", arXiv:1802.04942).
///
/// - How it works: the divergence has three parts: what a code says of its sample, how its numbers depend
///   on each other, and how each is distributed. Only the second, the total correlation, is given more
///   weight, so that numbers part without saying less.
/// - When to use it: for codes whose numbers mean one thing each, with better reconstructions than of a
///   VAE with a large β. Batches of some hundred samples help, since the parts are estimated in them.
public struct TotalCorrelationAutoencoder: NetworkRecipe {
    public static let name = "beta-tcvae"
    public static let summary = "variational autoencoder whose code's numbers are made independent"
    public static let citation = "Chen et al., arXiv:1802.04942 (2018)"

    @Option(.latentSize) public var latentSize = 10
    @Option(.hiddenSizes) public var hiddenSizes = [400]
    public var network = NetworkOptions()
    @Option("weight of the total correlation", in: 0...) public var beta = 6.0
    @Option("estimate of the parts, by the samples of a batch: weighted or stratified")
    public var estimate = AggregatePosterior.Estimate.weighted
    public var output = OutputOptions()
    public var training = TrainingOptions(epochs: 100)

    public init() {}

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        // Of samples that were not counted, a number as good as any: it moves the parts by constants.
        let samples = data.numbers?.samples ?? 10_000
        return gaussianProgram(
            Reconstruction() + CodeInformation(of: samples, by: estimate)
                + beta * TotalCorrelation(of: samples, by: estimate)
                + NumberwiseDivergence(of: samples, by: estimate),
            for: data, using: &generator)
    }
}
