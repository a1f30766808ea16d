import Autograd

/// The denoising autoencoder (Vincent, Larochelle, Bengio and Manzagol, "Extracting and
/// Composing Robust Features with Denoising Autoencoders", 2008).
///
/// - How it works: the encoder sees a corrupted sample, and what is to be reconstructed is the
///   clean one. Copying does not help: the model has to know what samples look like to tell
///   them from the noise, even where the code has room for a copy.
/// - When to use it: to clean what is noisy or incomplete, and for features that hold up when
///   the data are; each of the corruptions, or one's own, fits any model (``Denoising``).
public struct DenoisingAutoencoder: LayeredRecipe {
    public static let name = "denoising"
    public static let summary =
        "dense autoencoder that reconstructs clean samples from noisy ones"
    public static let citation = "Vincent, Larochelle, Bengio and Manzagol, ICML (2008)"

    @Option(.latentSize) public var latentSize = 64
    @Option(.hiddenSizes) public var hiddenSizes = [512, 256]
    @Option(.corruption) public var corruption = CorruptionSetting.gaussian(0.4)
    public var training = TrainingOptions(epochs: 60)

    public init() {}

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let model = DenseAutoencoder.model(
            layerSizes(from: data), data.sampleShape, using: &generator)
        return SingleObjective(
            Denoising(model, from: corruption.corruption), objective: CrossEntropy(),
            training)
    }
}
