import Autograd

/// What keeps a code that has room for a copy from becoming one.
public enum Regularizer: String, Codable, Sendable, CaseIterable {
    /// Nothing does.
    case nothing = "none"
    /// The encoder sees noisy samples (Vincent et al., 2008).
    case noise
    /// The magnitudes of the code are penalised.
    case sparsity
    /// The derivatives of the code are penalised (Rifai et al., 2011).
    case contraction
}

extension Recipe {
    /// An autoencoder whose code is larger than the sample, with one of three regularisers or
    /// none; or smaller, with `latentSize` (Bengio, Courville and Vincent, "Representation
    /// Learning: A Review and New Perspectives", arXiv:1206.5538, section 7.2).
    ///
    /// - How it works: a code with room for the sample can copy it, and then knows nothing: what
    ///   is not like the data passes as well. The measure `noiseKept` tells which part of a small
    ///   noise on a sample is still there in its reconstruction: all of it in a copy, and of what
    ///   a smaller code or a regulariser does not let pass, little.
    /// - When to use it: to see why autoencoders need a bottleneck, or something in its place.
    public static let overcomplete = Recipe(
        name: "overcomplete",
        summary: "a code larger than the sample: copying, and what prevents it",
        citation: "Bengio, Courville and Vincent, arXiv:1206.5538 (2012)",
        defaults: Settings(
            epochs: 60, latentSize: 1024, hiddenSizes: [], reconstruction: .squaredError,
            regularizer: .nothing),
        measures: noiseKept
    ) { settings, inputShape, generator in
        let model = TiedAutoencoder(
            settings, inputShape, activation: Activation(.relu),
            output: GaussianDecoder(Reshape(inputShape)), using: &generator)
        let reconstruction = Reconstruction(settings.reconstruction)
        switch settings.regularizer ?? .nothing {
        case .nothing: return (model, Objective(reconstruction))
        case .noise:
            let noise = GaussianNoise(standardDeviation: 0.4)
            return (Denoising(model, from: noise), Objective(reconstruction))
        case .sparsity: return (model, reconstruction + 0.2 * L1OfCodes())
        case .contraction: return (model, reconstruction + 0.05 * JacobianPenalty())
        }
    }

    /// The squared change of the reconstructions under noise with standard deviation 0.1, over
    /// that of the samples; of a thousand samples.
    @Sendable private static func noiseKept(
        _ model: any AutoencoderModel, _ training: Tensor
    ) -> [String: Double] {
        guard let samples = try? Samples(training) else { return [:] }
        var generator = RandomGenerator(seed: 0)
        let clean = samples.batch(0..<min(1000, samples.count), as: model.dataType)
        let noise = generator.normal(
            clean.shape, standardDeviation: 0.1, dataType: clean.dataType)
        let change = model.reconstruct(clean + noise) - model.reconstruct(clean)
        return ["noiseKept": square(change).sum().scalar / square(noise).sum().scalar]
    }
}
