import Autograd

/// The convolutional autoencoder (Masci, Meier, Cireşan and Schmidhuber, "Stacked Convolutional
/// Auto-Encoders for Hierarchical Feature Extraction", 2011; with strides instead of pooling, as
/// Radford, Metz and Chintala, arXiv:1511.06434).
///
/// - How it works: filters of 3 × 3 pixels slide over the image, in each layer in steps of two, so
///   that its sides halve; transposed convolutions double them again. The code is a small map with
///   a vector of features at each place. The same few weights are used at all places.
/// - When to use it: for images, grey or in colour, of any size: it has far fewer parameters than
///   a dense model and gives sharper reconstructions. Its codes keep the places and are therefore
///   large; if a few numbers should represent the whole image, use ``DenseAutoencoder``.
///
/// `latentSize` is the number of features at each place of the code.
public struct ConvolutionalAutoencoder: LayeredRecipe, AnyNumbersRecipe {
    public static let name = "convolutional"
    public static let summary =
        "strided convolutions to a feature map, transposed ones back"
    public static let citation = "Masci, Meier, Cireşan and Schmidhuber, ICANN (2011)"

    @Option("features at each place of the code", in: 1...65_536) public var latentSize = 32
    @Option(.hiddenSizes) public var hiddenSizes = [32]
    @Option(.reconstruction) public var reconstruction = ReconstructionChoice.likelihood
    public var output = OutputOptions()
    public var training = TrainingOptions(epochs: 50, schedule: .cosine)

    public init() {}

    public func requirement(of data: DataDescription) -> String? {
        data.requiringImages ?? requirementOfOutput(of: data)
    }

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let output = output.chosen(for: data)
        let model = convolutionalAutoencoder(
            hiddenSizes, latentSize, for: output, isPooled: false, using: &generator)
        return SingleObjective(
            Scaled(model, by: output.scale), objective: output.error(reconstruction), training)
    }
}
