import Autograd

/// The semi-supervised variational autoencoder with the class as a latent variable (Kingma, Rezende,
/// Mohamed and Welling, "Semi-supervised Learning with Deep Generative Models", arXiv:1406.5298: M2).
///
/// - How it works: a classifier says how likely each class is, the decoder makes a sample of its class and
///   a code of the rest. What explains samples without a label best also says what their class is; samples
///   with a label tie classes to their names, and teach the classifier directly.
/// - When to use it: to classify where few samples have labels and many have none; to generate samples of
///   a class, or to give what a code says to another class.
public struct SemiSupervisedAutoencoder: LayeredRecipe, AnyNumbersRecipe, FewLabelsRecipe {
    public static let name = "m2"
    public static let summary =
        "semi-supervised variational autoencoder with the class as a latent variable"
    public static let citation =
        "Kingma, Rezende, Mohamed and Welling, arXiv:1406.5298 (2014)"

    @Option(.latentSize) public var latentSize = 50
    @Option(.hiddenSizes) public var hiddenSizes = [500]
    @Option(.classification) public var classification = 50.0
    @Option(.labelledShare) public var labelledShare = 0.1
    public var output = OutputOptions()
    public var training = TrainingOptions(
        epochs: 50, batchSize: 200, learningRate: 3e-3, schedule: .cosine)

    public init() {}

    public var predictsScales: Bool { true }

    public func validateTogether() throws(OptionError) {
        try requireHiddenLayer("hidden-sizes", hiddenSizes)
    }

    public func requirement(of data: DataDescription) -> String? {
        data.requiringLabels ?? requirementOfOutput(of: data)
    }

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let output = output.chosen(for: data)
        let model = ClassVariableModel(
            output, hiddenSizes: hiddenSizes, latentSize: latentSize, using: &generator)
        return SingleObjective(
            Scaled(model, by: output.scale), objective: objective(classification: classification),
            training,
            metrics: [ClassificationError()])
    }
}

extension ClassVariableModel<
    GaussianEncoder<Sequential>, StandardNormalPrior, ChosenDecoder<MultilayerPerceptron>
> {
    /// Dense networks with softplus, as the paper has them.
    init(
        _ output: SampleOutput, hiddenSizes: [Int], latentSize: Int,
        using generator: inout RandomGenerator
    ) {
        let elements = output.data.elements
        let classes = output.data.knownClasses ?? 2
        self.init(
            classifier: MultilayerPerceptron(
                [elements] + hiddenSizes + [classes], activation: .softplus, using: &generator),
            encoder: ClassConditionedEncoder(
                elements: elements, classes: classes, hiddenSizes: hiddenSizes,
                latentSize: latentSize, using: &generator),
            decoder: output.decoder(
                MultilayerPerceptron(
                    [latentSize + classes] + hiddenSizes.reversed() + [elements],
                    activation: .softplus, outputShape: output.data.sampleShape,
                    using: &generator),
                scale: .learned))
    }
}

/// Throws without the layer that a class speaks to.
func requireHiddenLayer(_ name: String, _ sizes: [Int]) throws(OptionError) {
    if sizes.isEmpty { throw .unfit(name: name, expected: "at least one", found: "none") }
}
