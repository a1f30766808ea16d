import Autograd

extension Recipe {
    /// The variational autoencoder (Kingma and Welling, "Auto-Encoding Variational Bayes",
    /// arXiv:1312.6114; with β ≠ 1 the β-VAE, Higgins et al., 2017).
    ///
    /// - How it works: the encoder gives each sample a normal distribution of codes, the decoder
    ///   learns to reconstruct from any draw of it, and the divergence keeps the distributions
    ///   close to the standard normal one. Together that bounds the evidence from below.
    /// - When to use it: to make up samples (decode standard normal codes), for codes that lie
    ///   densely and can be interpolated, for a likelihood of new data. Its reconstructions are
    ///   blurrier than the plain autoencoder's; greater β gives simpler codes, and more blur.
    public static let variationalAutoencoder = Recipe(
        name: "vae",
        summary: "dense variational autoencoder with normal codes and Bernoulli pixels",
        citation: "Kingma and Welling, arXiv:1312.6114 (2013)",
        defaults: Settings(epochs: 100, latentSize: 20, hiddenSizes: [400], beta: 1)
    ) { settings, inputShape, generator in
        let bodySizes = [inputShape.reduce(1, *)] + settings.hiddenSizes
        let headSizes = [settings.latentSize] + bodySizes.reversed()
        let body = MultilayerPerceptron(
            bodySizes, outputActivation: .relu, using: &generator)
        let model = Autoencoder(
            encoder: GaussianEncoder(
                body, features: bodySizes[bodySizes.count - 1], latentSize: settings.latentSize,
                using: &generator),
            decoder: BernoulliDecoder(
                MultilayerPerceptron(headSizes, outputShape: inputShape, using: &generator)))
        let objective =
            Reconstruction(settings.reconstruction) + (settings.beta ?? 1) * KullbackLeibler()
        return (model, objective)
    }
}
