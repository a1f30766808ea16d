import Autograd

/// The stacked denoising autoencoder (Vincent et al., "Stacked Denoising Autoencoders:
/// Learning Useful Representations in a Deep Network with a Local Denoising Criterion", 2010).
///
/// - How it works: layers are trained one by one, each as a denoising autoencoder on the codes of
///   the one below; the corruption of the second and the third is two and three times as strong as
///   that of the first. Only the inputs of the layer in training are corrupted. The whole is then
///   used as it is, or trained further if `epochs` is above 0.
/// - When to use it: to initialise a classifier if few samples have labels.
public struct StackedAutoencoder: LayeredRecipe, AnyNumbersRecipe, PretrainedRecipe {
    public static let name = "stacked"
    public static let summary = "stacked denoising autoencoders, trained layer by layer"
    public static let citation =
        "Vincent et al., Journal of Machine Learning Research 11, 3371 (2010)"

    @Option(.latentSize) public var latentSize = 1000
    @Option(.hiddenSizes) public var hiddenSizes = [1000, 1000]
    @Option("noise of the first layer: gaussian:0.4, masking:0.25, salt-and-pepper:0.1")
    public var corruption = CorruptionSetting.masking(0.1)
    @Option(.pretrainingEpochs) public var pretrainingEpochs = 15
    public var output = OutputOptions()
    public var training = TrainingOptions(epochs: 0)

    public var leastEpochs: Int { 0 }

    public init() {}

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let output = output.chosen(for: data)
        return program(
            LogisticAutoencoder(
                layerSizes(from: data), output, codeActivation: .sigmoid, using: &generator),
            output)
    }

    public func stages(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> [PretrainingStage] {
        let (sizes, samples) = (layerSizes(from: data), output.chosen(for: data))
        return zip(sizes, sizes.dropFirst()).enumerated().map { index, sizes in
            let output = index == 0 ? samples : .codes(sizes.0)
            let layer = TiedAutoencoder(
                elements: sizes.0, latentSize: sizes.1, activation: Activation(.sigmoid),
                output: output.decoder(Reshape(output.data.sampleShape)), using: &generator)
            let corruption = corruption.times(Double(index + 1))
                .corruption(of: output.likelihood)
            return PretrainingStage(
                Scaled(Denoising(layer, from: corruption), by: output.scale),
                objective: output.error(), epochs: pretrainingEpochs,
                as: training)
        }
    }

    public func assemble(
        _ layers: [any AutoencoderModel], for data: DataDescription
    ) -> any TrainingProgram {
        let output = output.chosen(for: data)
        return program(
            LogisticAutoencoder(unrolling: layers.tied, output, codeActivation: .sigmoid), output)
    }

    private func program(
        _ model: LogisticAutoencoder, _ output: SampleOutput
    ) -> any TrainingProgram {
        SingleObjective(Scaled(model, by: output.scale), objective: output.error(), training)
    }
}
