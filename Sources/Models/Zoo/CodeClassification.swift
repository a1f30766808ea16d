import Autograd

/// The variational autoencoder with a classifier of its codes (Kingma, Rezende, Mohamed and Welling,
/// "Semi-supervised Learning with Deep Generative Models", arXiv:1406.5298: M1).
///
/// - How it works: a variational autoencoder learns codes of all samples, and a classifier learns from draws
///   of the codes of those with a label, which are many different ones of each sample. It does not change
///   the codes. (The paper classifies them by a support vector machine.)
/// - When to use it: beside ``SemiSupervisedAutoencoder``, to see what codes alone are worth.
public struct CodeClassification: LayeredRecipe, AnyNumbersRecipe, FewLabelsRecipe {
    public static let name = "m1"
    public static let summary =
        "variational autoencoder of all samples, with a classifier of the codes of those with labels"
    public static let citation =
        "Kingma, Rezende, Mohamed and Welling, arXiv:1406.5298 (2014)"

    @Option(.latentSize) public var latentSize = 50
    @Option(.hiddenSizes) public var hiddenSizes = [600, 600]
    @Option(.layerSizes("sizes of the hidden layers of the classifier, or none"))
    public var classifierSizes: [Int] = []
    @Option(.labelledShare) public var labelledShare = 0.1
    public var output = OutputOptions()
    public var training = TrainingOptions(epochs: 50, batchSize: 200)

    public init() {}

    public var predictsScales: Bool { true }

    public func requirement(of data: DataDescription) -> String? {
        data.requiringLabels ?? requirementOfOutput(of: data)
    }

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let output = output.chosen(for: data)
        let model = FeatureModel(
            output, hiddenSizes: hiddenSizes, latentSize: latentSize, using: &generator)
        let classifier = MultilayerPerceptron(
            [latentSize] + classifierSizes + [data.knownClasses ?? 2], activation: .softplus,
            using: &generator)
        return SingleObjective(
            Scaled(CodeClassifier(model, classifier), by: output.scale),
            objective: objective(classification: 1), training, metrics: [ClassificationError()])
    }
}

/// The variational autoencoder whose codes are classified.
typealias FeatureModel = LatentVariableModel<
    GaussianEncoder<MultilayerPerceptron>, StandardNormalPrior, ChosenDecoder<MultilayerPerceptron>
>

extension FeatureModel {
    /// Dense networks with softplus, as the paper has them.
    init(
        _ output: SampleOutput, hiddenSizes: [Int], latentSize: Int,
        using generator: inout RandomGenerator
    ) {
        let sizes = [output.data.elements] + hiddenSizes
        let body = MultilayerPerceptron(
            sizes, activation: .softplus,
            outputActivation: hiddenSizes.isEmpty ? nil : .softplus, using: &generator)
        self.init(
            encoder: GaussianEncoder(
                body, features: sizes[sizes.count - 1], latentSize: latentSize, using: &generator),
            decoder: output.decoder(
                MultilayerPerceptron(
                    [latentSize] + sizes.reversed(), activation: .softplus,
                    outputShape: output.data.sampleShape, using: &generator),
                scale: .learned))
    }
}
