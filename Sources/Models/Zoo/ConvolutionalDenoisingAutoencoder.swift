import Autograd

/// The convolutional autoencoder, trained to remove noise from images.
///
/// - How it works: as ``DenoisingAutoencoder``, with the network of ``ConvolutionalAutoencoder``,
///   but with stride 1 and max pooling over 2 × 2 pixels. So the code sees a slightly larger
///   neighbourhood, which helps to distinguish strokes from noise.
/// - When to use it: as ``DenoisingAutoencoder``, for images.
public struct ConvolutionalDenoisingAutoencoder: LayeredRecipe, AnyNumbersRecipe {
    public static let name = "denoising-convolutional"
    public static let summary =
        "convolutional autoencoder that reconstructs clean images from noisy ones"
    public static let citation = "Vincent, Larochelle, Bengio and Manzagol, ICML (2008)"

    @Option("features at each place of the code", in: 1...65_536) public var latentSize = 32
    @Option(.hiddenSizes) public var hiddenSizes = [32]
    @Option(.corruption) public var corruption = CorruptionSetting.gaussian(0.4)
    public var output = OutputOptions()
    public var training = TrainingOptions(epochs: 100, learningRate: 3e-3, schedule: .cosine)

    public init() {}

    public func requirement(of data: DataDescription) -> String? {
        data.requiringImages ?? output.requirement(of: data)
    }

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let output = output.chosen(for: data)
        let model = convolutionalAutoencoder(
            hiddenSizes, latentSize, for: output, isPooled: true, using: &generator)
        return SingleObjective(
            Scaled(
                Denoising(model, from: corruption.corruption(of: output.likelihood)),
                by: output.scale),
            objective: output.error(), training)
    }
}
