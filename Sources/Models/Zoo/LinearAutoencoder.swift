import Autograd

extension Recipe {
    /// The linear autoencoder: no activation anywhere. At its best it finds the space of the
    /// principal components (Bourlard and Kamp, "Auto-association by multilayer perceptrons and
    /// singular value decomposition", 1988; Baldi and Hornik, 1989: there are no other minima).
    ///
    /// - How it works: code and reconstruction are products with matrices, so the reconstructions
    ///   lie in a plane of as many dimensions as the code. The nearest plane is that of
    ///   ``PrincipalComponents``; the code is some basis of it, not the orthogonal one.
    /// - When to use it: to see what a deeper model has to beat, and to test training itself, as
    ///   the best loss is known.
    public static let linear = Recipe(
        name: "linear",
        summary: "linear encoder and decoder: the space of the principal components",
        citation: "Baldi and Hornik, Neural Networks 2, 53 (1989)", defaults: linearSettings,
        measures: angleToPrincipalComponents
    ) { settings, inputShape, generator in
        let elements = inputShape.reduce(1, *)
        let model = Autoencoder(
            encoder: PointEncoder(
                MultilayerPerceptron([elements, settings.latentSize], using: &generator)),
            decoder: GaussianDecoder(
                MultilayerPerceptron(
                    [settings.latentSize, elements], outputShape: inputShape, using: &generator)))
        return (model, Objective(Reconstruction(settings.reconstruction)))
    }

    /// The linear autoencoder whose decoder has the encoder's weights, transposed: at its best
    /// they are orthonormal.
    public static let tiedLinear = Recipe(
        name: "linear-tied",
        summary: "linear encoder and its transpose as decoder, one parameter",
        citation: "Baldi and Hornik, Neural Networks 2, 53 (1989)", defaults: linearSettings,
        measures: angleToPrincipalComponents
    ) { settings, inputShape, generator in
        let model = TiedAutoencoder(
            settings, inputShape, activation: Sequential {},
            output: GaussianDecoder(Reshape(inputShape)), using: &generator)
        return (model, Objective(Reconstruction(settings.reconstruction)))
    }

    private static let linearSettings = Settings(
        epochs: 60, schedule: .cosine, latentSize: 30, hiddenSizes: [],
        reconstruction: .squaredError)

    /// The largest angle between the space of the reconstructions and that of as many principal
    /// components, in radians.
    @Sendable private static func angleToPrincipalComponents(
        _ model: any AutoencoderModel, _ training: Tensor
    ) -> [String: Double] {
        let sample = training[0..<1].cast(to: .float32)
        let (elements, size) = (sample.count, model.encode(sample).count)
        guard size <= elements else { return [:] }
        // The decoder is a matrix and a bias: what it makes of each component of a code alone.
        let origin = model.decode(Tensor.zeros([1, size]))
        let spanning = (model.decode(Tensor.identity(size)) - origin).flattened()
        let angle = largestPrincipalAngle(
            between: PrincipalComponents(of: training, count: size).directions,
            and: orthonormalRows(of: spanning.cast(to: .float64)))
        return ["largestPrincipalAngle": angle]
    }
}
