import Autograd

/// The contractive autoencoder (Rifai, Vincent, Muller, Glorot and Bengio, "Contractive
/// Auto-Encoders: Explicit Invariance During Feature Extraction", 2011).
///
/// - How it works: the squared norm of the code's derivatives with respect to the sample is
///   penalised, so the code changes only where the reconstruction needs it: along the directions
///   in which samples differ. The engine computes the second derivatives that training needs;
///   nothing of the penalty is derived by hand.
/// - When to use it: for features that are insensitive to any small change of a sample;
///   ``DenoisingAutoencoder`` achieves something similar for the noise that it is trained with.
public struct ContractiveAutoencoder: LayeredRecipe, AnyNumbersRecipe {
    public static let name = "contractive"
    public static let summary = "one layer of logistic codes with small derivatives"
    public static let citation = "Rifai, Vincent, Muller, Glorot and Bengio, ICML (2011)"

    @Option(.latentSize) public var latentSize = 256
    @Option("weight of the squared norm of the code's derivatives", in: 0...)
    public var penalty = 0.1
    @Option("random projections that estimate the norm; 0 for the exact norm", in: 0...1_000_000)
    public var projections = 0
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
            objective: output.error()
                + penalty * JacobianPenalty(projections: projections > 0 ? projections : nil),
            training)
    }
}
