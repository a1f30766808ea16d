import Autograd

/// The deep autoencoder (Hinton and Salakhutdinov, "Reducing the Dimensionality of Data with
/// Neural Networks", 2006).
///
/// - How it works: four logistic layers down to a linear code of few components, and four up
///   again. In 2006 that could only be trained from weights that restricted Boltzmann machines
///   had found layer by layer; with well-scaled initial weights and an adaptive optimiser this is
///   no longer necessary.
/// - When to use it: to see what depth gains over principal components, and what pretraining did.
///   ``DenseAutoencoder`` is quicker to train.
public struct DeepAutoencoder: LayeredRecipe, AnyNumbersRecipe, PretrainedRecipe {
    public static let name = "deep"
    public static let summary =
        "eight logistic layers around a linear code, with or without pretraining"
    public static let citation = "Hinton and Salakhutdinov, Science 313, 504 (2006)"

    @Option(.latentSize) public var latentSize = 30
    @Option(.hiddenSizes) public var hiddenSizes = [1000, 500, 250]
    @Option("initial weights: wide, scaled to the layers, or small, with a deviation of 0.01")
    public var initialization = InitialWeights.wide
    @Option("what layers are pretrained as, one by one, before the whole")
    public var pretraining = Pretraining.nothing
    @Option(
        "epochs of pretraining for each layer; 10 if not given", in: 1...1_000_000)
    public var pretrainingEpochs: Int? = nil
    public var output = OutputOptions()
    public var training = TrainingOptions(
        epochs: 60, learningRate: 2e-3, weightDecay: 0.02, schedule: .cosine)

    public var leastEpochs: Int { pretraining == .nothing ? 1 : 0 }

    public init() {}

    public func validateTogether() throws(OptionError) {
        if pretraining == .nothing, let pretrainingEpochs {
            throw .unfit(
                name: "pretraining-epochs",
                expected: "none, as no layer is trained alone without --pretraining",
                found: "\(pretrainingEpochs)")
        }
    }

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let output = output.chosen(for: data)
        return program(
            LogisticAutoencoder(
                layerSizes(from: data), output, codeActivation: nil,
                initializer: initialization.initializer, using: &generator), output)
    }

    private func program(
        _ model: LogisticAutoencoder, _ output: SampleOutput
    ) -> any TrainingProgram {
        SingleObjective(
            Scaled(model, by: output.scale), objective: output.squaredError(), training)
    }

    /// The layers to train one by one: the last has the linear code.
    public func stages(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> [PretrainingStage] {
        let (sizes, samples) = (layerSizes(from: data), output.chosen(for: data))
        return zip(sizes, sizes.dropFirst()).enumerated().compactMap { index, sizes in
            let isLast = index == hiddenSizes.count
            let output = index == 0 ? samples : .codes(sizes.0)
            let shape = output.data.sampleShape
            switch pretraining {
            case .nothing:
                return nil
            case .autoencoders:
                let layer = TiedAutoencoder(
                    elements: sizes.0, latentSize: sizes.1,
                    activation: isLast ? Sequential {} : Sequential { Activation(.sigmoid) },
                    output: output.decoder(Reshape(shape)), using: &generator)
                return stage(Scaled(layer, by: output.scale), Objective(output.error()))
            case .boltzmann:
                let layer = RestrictedBoltzmannMachine(
                    sampleShape: shape, latentSize: sizes.1, visible: output.units,
                    hidden: isLast ? .gaussian : .bernoulli, using: &generator)
                return stage(
                    Scaled(layer, by: output.scale), ContrastiveDivergence() + 0 * output.error())
            }
        }
    }

    private func stage<Layer: TiedLayer>(
        _ layer: Layer, _ objective: Objective<Layer.Output>
    ) -> PretrainingStage {
        PretrainingStage(
            layer, objective: objective, epochs: pretrainingEpochs ?? 10, as: training)
    }

    public func assemble(
        _ layers: [any AutoencoderModel], for data: DataDescription
    ) -> any TrainingProgram {
        let output = output.chosen(for: data)
        return program(
            LogisticAutoencoder(unrolling: layers.tied, output, codeActivation: nil), output)
    }
}

/// The scale of the initial weights.
public enum InitialWeights: String, NamedOptionValue {
    /// So wide that the variance is kept from one logistic layer to the next (Glorot and Bengio,
    /// 2010).
    case wide
    /// Normal with standard deviation 0.01, as was common before.
    case small

    /// The initialiser with this scale.
    public var initializer: Initializer {
        switch self {
        case .wide: .logisticUniform
        case .small: .normal(standardDeviation: 0.01)
        }
    }
}
