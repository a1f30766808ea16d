import Autograd

extension Recipe {
    /// The stacked denoising autoencoder (Vincent et al., "Stacked Denoising Autoencoders:
    /// Learning Useful Representations in a Deep Network with a Local Denoising Criterion", 2010).
    ///
    /// - How it works: layers are trained one by one, each as a denoising autoencoder on the codes
    ///   of the one below; the corruption of the second and the third is two and three times as
    ///   strong as that of the first. Corrupted are only the inputs of the layer in training.
    ///   The whole is then left as it is, or trained on by `epochs` above 0.
    /// - When to use it: as the start of a classifier where few samples have labels.
    public static let stacked = Recipe(
        name: "stacked",
        summary: "stacked denoising autoencoders, trained layer by layer",
        citation: "Vincent et al., Journal of Machine Learning Research 11, 3371 (2010)",
        defaults: Settings(
            epochs: 0, latentSize: 1000, hiddenSizes: [1000, 1000], reconstruction: .crossEntropy,
            corruption: .masking(0.1), pretrainingEpochs: 15),
        pretraining: Pretraining(
            stages: { settings, inputShape, generator in
                let sizes = settings.layerSizes(from: inputShape)
                return zip(sizes, sizes.dropFirst()).enumerated().map { index, sizes in
                    let layer = TiedAutoencoder(
                        elements: sizes.0, latentSize: sizes.1, activation: Activation(.sigmoid),
                        output: BernoulliDecoder(Reshape(index == 0 ? inputShape : [sizes.0])),
                        using: &generator)
                    let corruption = settings.corruption?.times(Double(index + 1)).corruption
                    return Pretraining.Stage(
                        corruption.map { corruption -> any TiedLayer in
                            Denoising(layer, from: corruption)
                        } ?? layer, objective: Objective(Reconstruction(.crossEntropy)), settings)
                }
            },
            assemble: { layers, _, inputShape in
                LogisticAutoencoder(
                    unrolling: layers, codeActivation: .sigmoid, sampleShape: inputShape)
            })
    ) { settings, inputShape, generator in
        (
            LogisticAutoencoder(settings, inputShape, codeActivation: .sigmoid, using: &generator),
            Objective(Reconstruction(settings.reconstruction))
        )
    }
}
