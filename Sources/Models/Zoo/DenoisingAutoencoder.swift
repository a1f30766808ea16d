import Autograd

/// The denoising autoencoder (Vincent, Larochelle, Bengio and Manzagol, "Extracting and
/// Composing Robust Features with Denoising Autoencoders", 2008).
///
/// - How it works: the encoder sees a corrupted sample, and the clean one is to be reconstructed.
///   Copying does not help: to remove the noise the model has to know what samples look like, even
///   if the code has room for a copy.
/// - When to use it: to clean noisy or incomplete data, and for features that are robust to such
///   noise; each of the corruptions, or your own, works with any model (``Denoising``).
public struct DenoisingAutoencoder: LayeredRecipe, AnyNumbersRecipe {
    public static let name = "denoising"
    public static let summary =
        "dense autoencoder that reconstructs clean samples from noisy ones"
    public static let citation = "Vincent, Larochelle, Bengio and Manzagol, ICML (2008)"

    @Option(.latentSize) public var latentSize = 64
    @Option(.hiddenSizes) public var hiddenSizes = [512, 256]
    @Option(.corruption) public var corruption = CorruptionSetting.gaussian(0.4)
    public var output = OutputOptions()
    public var training = TrainingOptions(epochs: 60)

    public init() {}

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let output = output.chosen(for: data)
        let model = DenseAutoencoder.model(layerSizes(from: data), output, using: &generator)
        return SingleObjective(
            Scaled(
                Denoising(model, from: corruption.corruption(of: output.likelihood)),
                by: output.scale),
            objective: output.error(), training)
    }
}
