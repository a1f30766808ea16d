import Autograd

/// The regularised autoencoder (Ghosh et al., "From Variational to Deterministic Autoencoders",
/// arXiv:1903.12436).
///
/// - How it works: instead of noise in the codes, a penalty keeps the decoder smooth: on its parameters,
///   or on its Jacobian; codes are kept small. New codes are drawn from a distribution that is fitted to
///   the codes after training: `tapestry sample --prior mixture`.
/// - When to use it: for sharper reconstructions than the variational autoencoder's, and samples as good
///   or better, where no likelihood is needed.
public struct RegularizedAutoencoder: NetworkRecipe {
    public static let name = "rae"
    public static let summary =
        "autoencoder with a smooth decoder, whose prior is fitted afterwards"
    public static let citation = "Ghosh et al., arXiv:1903.12436 (2019)"

    @Option(.latentSize) public var latentSize = 16
    @Option(.hiddenSizes) public var hiddenSizes = [400]
    public var network = NetworkOptions()
    @Option("penalty on the decoder: l2 of its parameters, jacobian, or none")
    public var penalty = DecoderPenalty.parameters
    @Option("weight of the penalty", in: 0...) public var weight = 1e-4
    @Option("weight of half the squares of codes", in: 0...) public var codeWeight = 1e-2
    @Option(.reconstruction) public var reconstruction = ReconstructionChoice.likelihood
    public var output = OutputOptions(likelihood: .gaussian)
    public var training = TrainingOptions(epochs: 100)

    public init() {}

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let output = output.chosen(for: data)
        let model = autoencoder(output, using: &generator)
        func objective<Output: HasLikelihood & HasDecoder>() -> Objective<Output> {
            let smallCodes: Objective<Output> =
                output.error(reconstruction) + codeWeight / 2 * L2OfCodes()
            switch penalty {
            case .parameters: return smallCodes + weight * L2OfDecoder()
            case .jacobian: return smallCodes + weight * DecoderJacobianPenalty()
            case .nothing: return smallCodes
            }
        }
        return SingleObjective(Scaled(model, by: output.scale), objective: objective(), training)
    }
}

/// A penalty on a decoder by name.
public enum DecoderPenalty: String, NamedOptionValue {
    case parameters = "l2"
    case jacobian
    case nothing = "none"
}
