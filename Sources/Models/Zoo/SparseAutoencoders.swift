import Autograd

extension Recipe {
    /// The sparse autoencoder with a penalty on the magnitudes of the code (Olshausen and Field,
    /// "Emergence of simple-cell receptive field properties by learning a sparse code for natural
    /// images", 1996; as a term of an autoencoder's loss Ranzato et al., 2007).
    ///
    /// - How it works: the code has many components, and each that is not zero costs. So a sample
    ///   is put together of few of many parts, and the parts become what samples have in common:
    ///   strokes.
    /// - When to use it: for features that can be read, and where the code is to be larger than
    ///   the sample without becoming a copy.
    public static let sparse = Recipe(
        name: "sparse",
        summary: "one layer of rectified codes whose magnitudes are penalised",
        citation: "Olshausen and Field, Nature 381, 607 (1996)",
        defaults: Settings(
            epochs: 60, latentSize: 256, hiddenSizes: [], reconstruction: .squaredError,
            penalty: 0.05)
    ) { settings, inputShape, generator in
        let model = TiedAutoencoder(
            settings, inputShape, activation: Activation(.relu),
            output: GaussianDecoder(Reshape(inputShape)), using: &generator)
        return (
            model, Reconstruction(settings.reconstruction) + (settings.penalty ?? 0) * L1OfCodes()
        )
    }

    /// The sparse autoencoder whose components are pulled towards being on a twentieth of the
    /// time (Ng, "Sparse autoencoder", lecture notes, 2011).
    ///
    /// - How it works: not the sample but the component is made sparse: how often each is on, over
    ///   a batch, is compared with a target rate.
    /// - When to use it: as ``sparse``, where every component shall have its share of the work.
    public static let rateSparse = Recipe(
        name: "sparse-rate",
        summary: "one layer of logistic codes that are on at a target rate",
        citation: "Ng, CS294A lecture notes (2011)",
        defaults: Settings(
            epochs: 60, latentSize: 256, hiddenSizes: [], reconstruction: .squaredError,
            penalty: 1)
    ) { settings, inputShape, generator in
        let model = TiedAutoencoder(
            settings, inputShape, activation: Activation(.sigmoid),
            output: BernoulliDecoder(Reshape(inputShape)), using: &generator)
        return (
            model,
            Reconstruction(settings.reconstruction)
                + (settings.penalty ?? 0) * RateDivergence(target: 0.05)
        )
    }

    /// The k-sparse autoencoder (Makhzani and Frey, arXiv:1312.5663).
    ///
    /// - How it works: of a linear code only the k greatest components are kept, the others are
    ///   zero; gradients reach the encoder through those kept. There is no penalty to be weighed.
    ///   Once training is over more may be kept (α·k in the paper, with α about 3 the best), by
    ///   which classes are told better.
    /// - When to use it: as ``sparse``, with the number of parts chosen instead of a price.
    public static let kSparse = Recipe(
        name: "k-sparse",
        summary: "one layer of linear codes of which the k greatest are kept",
        citation: "Makhzani and Frey, arXiv:1312.5663 (2013)",
        defaults: Settings(
            epochs: 60, latentSize: 256, hiddenSizes: [], reconstruction: .squaredError,
            activeComponents: 25)
    ) { settings, inputShape, generator in
        let model = TiedAutoencoder(
            settings, inputShape,
            activation: KeepingGreatest(
                settings.activeComponents ?? settings.latentSize,
                evaluationCount: settings.evaluatedComponents),
            output: GaussianDecoder(Reshape(inputShape)), using: &generator)
        return (model, Objective(Reconstruction(settings.reconstruction)))
    }
}
