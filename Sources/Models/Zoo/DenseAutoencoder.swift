import Autograd

/// The autoencoder: encodes a sample as a code much smaller than itself and learns to decode it
/// again (Rumelhart, Hinton and Williams, "Learning Internal Representations by Error
/// Propagation", 1986; with deep networks Hinton and Salakhutdinov, "Reducing the Dimensionality
/// of Data with Neural Networks", 2006).
///
/// - How it works: the few numbers from which the decoder reconstructs the sample must say what is
///   particular to it; the weights hold what all samples share. Without rectifiers it would find
///   the principal components.
/// - When to use it: to compress, to find features, to detect what is unlike the training data.
///   Its codes have no known distribution: to generate samples use the variational one.
public struct DenseAutoencoder: LayeredRecipe, AnyNumbersRecipe {
    public static let name = "autoencoder"
    public static let summary = "dense autoencoder with rectifiers, trained on squared error"
    public static let citation = "Hinton and Salakhutdinov, Science 313, 504 (2006)"

    @Option(.latentSize) public var latentSize = 32
    @Option(.hiddenSizes) public var hiddenSizes = [512, 256]
    public var output = OutputOptions()
    public var training = TrainingOptions(epochs: 60)

    public init() {}

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let output = output.chosen(for: data)
        let model = Self.model(layerSizes(from: data), output, using: &generator)
        return SingleObjective(
            Scaled(model, by: output.scale), objective: output.squaredError(), training)
    }

    /// Dense layers of these sizes from samples to codes, and back.
    static func model(
        _ sizes: [Int], _ output: SampleOutput, using generator: inout RandomGenerator
    ) -> Autoencoder<
        DeterministicEncoder<MultilayerPerceptron>, ChosenDecoder<MultilayerPerceptron>
    > {
        Autoencoder(
            encoder: DeterministicEncoder(MultilayerPerceptron(sizes, using: &generator)),
            decoder: output.decoder(
                MultilayerPerceptron(
                    sizes.reversed(), outputShape: output.data.sampleShape, using: &generator)))
    }
}
