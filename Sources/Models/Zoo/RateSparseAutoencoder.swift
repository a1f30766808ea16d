import Autograd

/// The sparse autoencoder whose components are pulled towards being active for a twentieth of the
/// samples (Ng, "Sparse autoencoder", lecture notes, 2011).
///
/// - How it works: sparsity is not required of each sample but of each component: its mean
///   activation over a batch is compared with a target rate.
/// - When to use it: as ``SparseAutoencoder``, if every component should be used equally often.
public struct RateSparseAutoencoder: LayeredRecipe, AnyNumbersRecipe {
    public static let name = "sparse-rate"
    public static let summary = "one layer of logistic codes that are active at a target rate"
    public static let citation = "Ng, CS294A lecture notes (2011)"

    @Option(.latentSize) public var latentSize = 256
    @Option("weight of the divergence of the rates from their target", in: 0...)
    public var penalty = 1.0
    public var output = OutputOptions()
    public var training = TrainingOptions(epochs: 60)

    public init() {}

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let output = output.chosen(for: data)
        let model = TiedAutoencoder(
            elements: data.elements, latentSize: latentSize, activation: Activation(.sigmoid),
            output: output.decoder(Reshape(data.sampleShape)), using: &generator)
        return SingleObjective(
            Scaled(model, by: output.scale),
            objective: output.squaredError() + penalty * RateDivergence(target: 0.05),
            training)
    }
}
