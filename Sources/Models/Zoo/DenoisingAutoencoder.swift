import Autograd

extension Recipe {
    /// The denoising autoencoder (Vincent, Larochelle, Bengio and Manzagol, "Extracting and
    /// Composing Robust Features with Denoising Autoencoders", 2008).
    ///
    /// - How it works: the encoder sees a corrupted sample, and what is to be reconstructed is the
    ///   clean one. Copying does not help: the model has to know what samples look like to tell
    ///   them from the noise, even where the code has room for a copy.
    /// - When to use it: to clean what is noisy or incomplete, and for features that hold up when
    ///   the data are; each of the corruptions, or one's own, fits any model (``Denoising``).
    public static let denoising = Recipe(
        name: "denoising",
        summary: "dense autoencoder that reconstructs clean samples from noisy ones",
        citation: "Vincent, Larochelle, Bengio and Manzagol, ICML (2008)",
        defaults: Settings(
            epochs: 60, latentSize: 64, hiddenSizes: [512, 256], reconstruction: .crossEntropy,
            corruption: .gaussian(0.4))
    ) { settings, inputShape, generator in
        let (model, objective) = autoencoder.build(settings, inputShape, &generator)
        return (model.undoing(settings.corruption), objective)
    }
}
