import Autograd

/// The sparse autoencoder with a penalty on the magnitudes of the code (Olshausen and Field,
/// "Emergence of simple-cell receptive field properties by learning a sparse code for natural
/// images", 1996; as a term of an autoencoder's loss Ranzato et al., 2007).
///
/// - How it works: the code has many components, and each nonzero one adds to the loss. So a sample
///   is composed of few out of many parts, and the parts become what samples have in common, such
///   as strokes.
/// - When to use it: for interpretable features, and if the code should be larger than the sample
///   without becoming a copy.
public struct SparseAutoencoder: LayeredRecipe, AnyNumbersRecipe {
    public static let name = "sparse"
    public static let summary = "one layer of rectified codes whose magnitudes are penalised"
    public static let citation = "Olshausen and Field, Nature 381, 607 (1996)"

    @Option(.latentSize) public var latentSize = 256
    @Option("weight of the magnitudes of the code", in: 0...) public var penalty = 0.05
    public var output = OutputOptions(likelihood: .gaussian)
    public var training = TrainingOptions(epochs: 60)

    public init() {}

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let output = output.chosen(for: data)
        let model = TiedAutoencoder(
            elements: data.elements, latentSize: latentSize, activation: Activation(.relu),
            output: output.decoder(Reshape(data.sampleShape)), using: &generator)
        return SingleObjective(
            Scaled(model, by: output.scale),
            objective: output.squaredError() + penalty * L1OfCodes(), training)
    }
}
