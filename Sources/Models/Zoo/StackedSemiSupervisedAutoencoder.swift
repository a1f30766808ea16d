import Autograd

/// The semi-supervised variational autoencoder of codes (Kingma, Rezende, Mohamed and Welling,
/// "Semi-supervised Learning with Deep Generative Models", arXiv:1406.5298: M1+M2).
///
/// - How it works: a variational autoencoder is trained on all samples first; then the model of
///   ``SemiSupervisedAutoencoder`` learns of draws of its codes, with a normal likelihood whose means and
///   deviations are predicted.
/// - When to use it: as ``SemiSupervisedAutoencoder``, for fewer errors from the fewest labels.
public struct StackedSemiSupervisedAutoencoder: LayeredRecipe, AnyNumbersRecipe, FewLabelsRecipe,
    PretrainedRecipe
{
    public static let name = "m1-m2"
    public static let summary =
        "semi-supervised variational autoencoder of the codes of another, trained before"
    public static let citation =
        "Kingma, Rezende, Mohamed and Welling, arXiv:1406.5298 (2014)"

    @Option(.latentSize) public var latentSize = 50
    @Option(.hiddenSizes) public var hiddenSizes = [600, 600]
    @Option(
        .layerSizes("sizes of the hidden layers between the codes of the first and their codes"))
    public var upperSizes = [500]
    @Option(.pretrainingEpochs) public var pretrainingEpochs = 50
    @Option(.classification) public var classification = 50.0
    @Option(.labelledShare) public var labelledShare = 0.1
    public var output = OutputOptions()
    public var training = TrainingOptions(epochs: 50, batchSize: 200)

    public init() {}

    public var predictsScales: Bool { true }

    public func validateTogether() throws(OptionError) {
        try requireHiddenLayer("upper-sizes", upperSizes)
    }

    public func requirement(of data: DataDescription) -> String? {
        data.requiringLabels ?? requirementOfOutput(of: data)
    }

    public func stages(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> [PretrainingStage] {
        [
            PretrainingStage(
                features(for: data, using: &generator), (data.elements, latentSize),
                objective: Reconstruction() + KullbackLeibler(), epochs: pretrainingEpochs,
                as: training)
        ]
    }

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        program(features(for: data, using: &generator), for: data, using: &generator)
    }

    public func assemble(
        _ layers: [any AutoencoderModel], for data: DataDescription
    ) -> any TrainingProgram {
        guard let features = layers.first as? Scaled<FeatureModel> else {
            programmerError("m1-m2", "\(layers.count) layers, of which none has such codes")
        }
        var generator = RandomGenerator(seed: UInt64(training.seed))
        return program(features, for: data, using: &generator)
    }

    private func features(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> Scaled<FeatureModel> {
        let output = output.chosen(for: data)
        return Scaled(
            FeatureModel(
                output, hiddenSizes: hiddenSizes, latentSize: latentSize, using: &generator),
            by: output.scale)
    }

    private func program(
        _ features: Scaled<FeatureModel>, for data: DataDescription,
        using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let codes = SampleOutput(
            likelihood: .gaussian, scaling: .nothing,
            data: DataDescription(sampleShape: [latentSize], classes: data.knownClasses),
            deviation: .predicted)
        let model = ClassVariableModel(
            codes, hiddenSizes: upperSizes, latentSize: latentSize, using: &generator)
        return SingleObjective(
            ClassesOfCodes(model, of: features),
            objective: objective(classification: classification), training,
            metrics: [ClassificationError()])
    }
}
