import Autograd

extension Recipe {
    /// The contractive autoencoder (Rifai, Vincent, Muller, Glorot and Bengio, "Contractive
    /// Auto-Encoders: Explicit Invariance During Feature Extraction", 2011).
    ///
    /// - How it works: the squared norm of the code's derivatives with respect to the sample is
    ///   made small, so the code changes only where it must for the reconstruction: along the
    ///   directions in which samples differ. The derivatives of derivatives that training needs
    ///   are the engine's; nothing of the penalty is derived by hand.
    /// - When to use it: for features that are the same for small changes of a sample, whatever
    ///   the change; ``denoising`` reaches something alike for the noise that it is given.
    public static let contractive = Recipe(
        name: "contractive",
        summary: "one layer of logistic codes with small derivatives",
        citation: "Rifai, Vincent, Muller, Glorot and Bengio, ICML (2011)",
        defaults: Settings(
            epochs: 60, latentSize: 256, hiddenSizes: [], reconstruction: .crossEntropy,
            penalty: 0.1, projections: 0)
    ) { settings, inputShape, generator in
        let model = TiedAutoencoder(
            settings, inputShape, activation: Activation(.sigmoid),
            output: BernoulliDecoder(Reshape(inputShape)), using: &generator)
        let projections = settings.projections.flatMap { $0 > 0 ? $0 : nil }
        let objective =
            Reconstruction(settings.reconstruction)
            + (settings.penalty ?? 0) * JacobianPenalty(projections: projections)
        return (model, objective)
    }
}
