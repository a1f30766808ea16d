import Autograd

extension Recipe {
    /// The autoencoder: squeezes a sample through a code much smaller than itself and learns to
    /// undo that (Rumelhart, Hinton and Williams, "Learning Internal Representations by Error
    /// Propagation", 1986; with deep bodies Hinton and Salakhutdinov, "Reducing the
    /// Dimensionality of Data with Neural Networks", 2006).
    ///
    /// - How it works: what few numbers let the decoder draw the sample again must say what the
    ///   sample has of its own; the rest of the network knows what all samples share. Without
    ///   rectifiers it would find the principal components.
    /// - When to use it: to compress, to find features, to tell what is unlike the training data.
    ///   Its codes have no known distribution: to make up samples use the variational one.
    public static let autoencoder = Recipe(
        name: "autoencoder",
        summary: "dense autoencoder with rectifiers, trained on squared error",
        citation: "Hinton and Salakhutdinov, Science 313, 504 (2006)",
        defaults: Settings(
            epochs: 60, latentSize: 32, hiddenSizes: [512, 256], reconstruction: .squaredError)
    ) { settings, inputShape, generator in
        let sizes = settings.layerSizes(from: inputShape)
        let model = Autoencoder(
            encoder: PointEncoder(MultilayerPerceptron(sizes, using: &generator)),
            decoder: BernoulliDecoder(
                MultilayerPerceptron(sizes.reversed(), outputShape: inputShape, using: &generator)))
        return (model, Objective(Reconstruction(settings.reconstruction)))
    }
}
