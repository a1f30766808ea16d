import Autograd

/// The variational autoencoder with a VampPrior (Tomczak and Welling, "VAE with a VampPrior",
/// arXiv:1705.07120).
///
/// - How it works: the prior is the mixture of the posteriors of learned pseudo-inputs, which become
///   prototypes of the data; so the prior lies where the encoder puts codes, whatever it learns.
/// - When to use it: for a better likelihood and better samples than with a normal prior, at the cost of
///   an encoder's pass over the pseudo-inputs in each step.
public struct VampPriorAutoencoder: VariationalRecipe {
    public static let name = "vamp-vae"
    public static let summary =
        "variational autoencoder whose prior is made of learned pseudo-inputs"
    public static let citation = "Tomczak and Welling, arXiv:1705.07120 (2017)"

    @Option(.latentSize) public var latentSize = 40
    @Option(.hiddenSizes) public var hiddenSizes = [300, 300]
    @Option("pseudo-inputs", in: 1...100_000) public var pseudoInputs = 500
    @Option("prior: vamp, or normal to compare with the same networks")
    public var prior = VampPriorKind.vamp
    @Option(.beta) public var beta = 1.0
    public var divergence = DivergenceOptions()
    public var output = OutputOptions()
    public var training = TrainingOptions(epochs: 100)

    public init() {}

    public func requirement(of data: DataDescription) -> String? {
        output.requirement(of: data)
            ?? data.requiring(samples: prior == .vamp ? pseudoInputs : 0, for: "pseudo-inputs")
    }

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        switch prior {
        case .normal: return program(StandardNormalPrior(), for: data, using: &generator)
        case .vamp:
            let chosen = output.chosen(for: data)
            let areShares =
                chosen.scaling == .range
                || chosen.scaling == .nothing && data.numbers?.areShares ?? true
            // Around what is nearly black for pixels, and the mean of standardised numbers.
            let noise = generator.normal([pseudoInputs] + data.sampleShape)
            let inputs = areShares ? 0.05 + 0.01 * noise : noise
            return program(
                VampPrior(pseudoInputs: inputs, areShares: areShares), for: data, using: &generator)
        }
    }

    private func program(
        _ prior: some Prior, for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let output = output.chosen(for: data)
        func gated(_ sizes: [Int], _ generator: inout RandomGenerator) -> Sequential {
            Sequential {
                Flatten()
                for (inputs, outputs) in zip(sizes, sizes.dropFirst()) {
                    GatedDense(inputs, outputs, using: &generator)
                }
            }
        }
        let body = gated([data.elements] + hiddenSizes, &generator)
        let decoderSizes = [latentSize] + hiddenSizes.reversed()
        let head = Sequential {
            gated(decoderSizes, &generator)
            Dense(decoderSizes[decoderSizes.count - 1], data.elements, using: &generator)
            Reshape(data.sampleShape)
        }
        let model = LatentVariableModel(
            encoder: GaussianEncoder(
                body, features: features(for: data), latentSize: latentSize, using: &generator),
            prior: prior, decoder: output.decoder(head, scale: .learned))
        return SingleObjective(Scaled(model, by: output.scale), objective: objective(), training)
    }
}

/// The prior of a ``VampPriorAutoencoder`` by name.
public enum VampPriorKind: String, NamedOptionValue {
    case vamp
    case normal
}
