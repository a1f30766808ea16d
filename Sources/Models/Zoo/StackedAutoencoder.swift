import Autograd

/// The stacked denoising autoencoder (Vincent et al., "Stacked Denoising Autoencoders:
/// Learning Useful Representations in a Deep Network with a Local Denoising Criterion", 2010).
///
/// - How it works: layers are trained one by one, each as a denoising autoencoder on the codes of
///   the one below; the corruption of the second and the third is two and three times as strong as
///   that of the first. Only the inputs of the layer in training are corrupted. The whole is then
///   used as it is, or trained further if `epochs` is above 0.
/// - When to use it: to initialise a classifier if few samples have labels.
public struct StackedAutoencoder: LayeredRecipe, PretrainedRecipe {
    public static let name = "stacked"
    public static let summary = "stacked denoising autoencoders, trained layer by layer"
    public static let citation =
        "Vincent et al., Journal of Machine Learning Research 11, 3371 (2010)"

    @Option(.latentSize) public var latentSize = 1000
    @Option(.hiddenSizes) public var hiddenSizes = [1000, 1000]
    @Option("noise of the first layer: gaussian:0.4, masking:0.25, salt-and-pepper:0.1")
    public var corruption = CorruptionSetting.masking(0.1)
    @Option(.pretrainingEpochs) public var pretrainingEpochs = 15
    public var training = TrainingOptions(epochs: 0)

    public var leastEpochs: Int { 0 }

    public init() {}

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        program(
            LogisticAutoencoder(
                layerSizes(from: data), data.sampleShape, codeActivation: .sigmoid,
                using: &generator))
    }

    public func stages(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> [PretrainingStage] {
        let sizes = layerSizes(from: data)
        return zip(sizes, sizes.dropFirst()).enumerated().map { index, sizes in
            let layer = TiedAutoencoder(
                elements: sizes.0, latentSize: sizes.1, activation: Activation(.sigmoid),
                output: BernoulliDecoder(Reshape(index == 0 ? data.sampleShape : [sizes.0])),
                using: &generator)
            let corruption = corruption.times(Double(index + 1)).corruption
            return PretrainingStage(
                Denoising(layer, from: corruption),
                objective: CrossEntropy(), epochs: pretrainingEpochs,
                as: training)
        }
    }

    public func assemble(
        _ layers: [any TiedLayer], for data: DataDescription
    ) -> any TrainingProgram {
        program(
            LogisticAutoencoder(
                unrolling: layers, codeActivation: .sigmoid, sampleShape: data.sampleShape))
    }

    private func program(_ model: LogisticAutoencoder) -> any TrainingProgram {
        SingleObjective(model, objective: CrossEntropy(), training)
    }
}
