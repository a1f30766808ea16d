import Autograd

/// The autoencoder: squeezes a sample through a code much smaller than itself and learns to
/// undo that (Rumelhart, Hinton and Williams, "Learning Internal Representations by Error
/// Propagation", 1986; with deep bodies Hinton and Salakhutdinov, "Reducing the
/// Dimensionality of Data with Neural Networks", 2006).
///
/// - How it works: what few numbers let the decoder draw the sample again must say what the
///   sample has of its own; the rest of the network knows what all samples share. Without
///   rectifiers it would find the principal components.
/// - When to use it: to compress, to find features, to tell what is unlike the training data.
///   Its codes have no known distribution: to make up samples use the variational one.
public struct DenseAutoencoder: LayeredRecipe {
    public static let name = "autoencoder"
    public static let summary = "dense autoencoder with rectifiers, trained on squared error"
    public static let citation = "Hinton and Salakhutdinov, Science 313, 504 (2006)"

    @Option(.latentSize) public var latentSize = 32
    @Option(.hiddenSizes) public var hiddenSizes = [512, 256]
    public var training = TrainingOptions(epochs: 60)

    public init() {}

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        SingleObjective(
            Self.model(layerSizes(from: data), data.sampleShape, using: &generator),
            objective: Reconstruction(.squaredError), training)
    }

    /// Dense layers of these sizes from samples to codes, and back.
    static func model(
        _ sizes: [Int], _ sampleShape: [Int], using generator: inout RandomGenerator
    ) -> Autoencoder<
        DeterministicEncoder<MultilayerPerceptron>, BernoulliDecoder<MultilayerPerceptron>
    > {
        Autoencoder(
            encoder: DeterministicEncoder(MultilayerPerceptron(sizes, using: &generator)),
            decoder: BernoulliDecoder(
                MultilayerPerceptron(
                    sizes.reversed(), outputShape: sampleShape, using: &generator)))
    }
}
