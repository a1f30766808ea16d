import Autograd

extension Recipe {
    /// The deep autoencoder (Hinton and Salakhutdinov, "Reducing the Dimensionality of Data with
    /// Neural Networks", 2006).
    ///
    /// - How it works: four logistic layers down to a linear code of few numbers and four up
    ///   again. In 2006 that could be trained only from weights that restricted Boltzmann machines
    ///   had found layer by layer; weights that start at the right width and an optimiser that
    ///   scales its steps do without.
    /// - When to use it: to see what depth gives over the principal components, and what
    ///   pretraining did. ``autoencoder`` is quicker to train.
    public static let deep = Recipe(
        name: "deep",
        summary: "eight logistic layers around a linear code, with or without pretraining",
        citation: "Hinton and Salakhutdinov, Science 313, 504 (2006)",
        defaults: Settings(
            epochs: 60, learningRate: 2e-3, weightDecay: 0.02, schedule: .cosine, latentSize: 30,
            hiddenSizes: [1000, 500, 250],
            reconstruction: .squaredError, initialization: .wide,
            pretraining: .nothing,
            pretrainingEpochs: 10),
        pretraining: Pretraining(stages: layers) { layers, _, inputShape in
            LogisticAutoencoder(unrolling: layers, codeActivation: nil, sampleShape: inputShape)
        }
    ) { settings, inputShape, generator in
        (
            LogisticAutoencoder(settings, inputShape, codeActivation: nil, using: &generator),
            Objective(Reconstruction(settings.reconstruction))
        )
    }

    /// The layers for training one by one: the last has the linear code.
    @Sendable private static func layers(
        _ settings: Settings, _ inputShape: [Int], _ generator: inout RandomGenerator
    ) -> [Pretraining.Stage] {
        let sizes = settings.layerSizes(from: inputShape)
        return zip(sizes, sizes.dropFirst()).enumerated().compactMap { index, sizes in
            let isLast = index == settings.hiddenSizes.count
            let shape = index == 0 ? inputShape : [sizes.0]
            switch settings.pretraining ?? .nothing {
            case .nothing:
                return nil
            case .autoencoders:
                let layer = TiedAutoencoder(
                    elements: sizes.0, latentSize: sizes.1,
                    activation: isLast ? Sequential {} : Sequential { Activation(.sigmoid) },
                    output: BernoulliDecoder(Reshape(shape)), using: &generator)
                return Pretraining.Stage(
                    layer, objective: Objective(Reconstruction(.crossEntropy)), settings)
            case .boltzmann:
                let layer = RestrictedBoltzmannMachine(
                    sampleShape: shape, latentSize: sizes.1,
                    hidden: isLast ? .gaussian : .bernoulli, using: &generator)
                return Pretraining.Stage(
                    layer,
                    objective: ContrastiveDivergence() + 0 * Reconstruction(.crossEntropy),
                    settings)
            }
        }
    }
}
