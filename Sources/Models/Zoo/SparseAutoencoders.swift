import Autograd

/// The sparse autoencoder with a penalty on the magnitudes of the code (Olshausen and Field,
/// "Emergence of simple-cell receptive field properties by learning a sparse code for natural
/// images", 1996; as a term of an autoencoder's loss Ranzato et al., 2007).
///
/// - How it works: the code has many components, and each that is not zero costs. So a sample
///   is put together of few of many parts, and the parts become what samples have in common:
///   strokes.
/// - When to use it: for features that can be read, and where the code is to be larger than
///   the sample without becoming a copy.
public struct SparseAutoencoder: LayeredRecipe {
    public static let name = "sparse"
    public static let summary = "one layer of rectified codes whose magnitudes are penalised"
    public static let citation = "Olshausen and Field, Nature 381, 607 (1996)"

    @Option(.latentSize) public var latentSize = 256
    @Option("weight of the magnitudes of the code", in: 0...) public var penalty = 0.05
    public var training = TrainingOptions(epochs: 60)

    public var hiddenSizes: [Int] { [] }

    public init() {}

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let model = TiedAutoencoder(
            elements: data.elements, latentSize: latentSize, activation: Activation(.relu),
            output: GaussianDecoder(Reshape(data.sampleShape)), using: &generator)
        return SingleObjective(
            model, objective: Reconstruction(.squaredError) + penalty * L1OfCodes(), training)
    }
}

/// The sparse autoencoder whose components are pulled towards being on a twentieth of the
/// time (Ng, "Sparse autoencoder", lecture notes, 2011).
///
/// - How it works: not the sample but the component is made sparse: how often each is on, over
///   a batch, is compared with a target rate.
/// - When to use it: as ``SparseAutoencoder``, where every component shall have its share of the work.
public struct RateSparseAutoencoder: LayeredRecipe {
    public static let name = "sparse-rate"
    public static let summary = "one layer of logistic codes that are on at a target rate"
    public static let citation = "Ng, CS294A lecture notes (2011)"

    @Option(.latentSize) public var latentSize = 256
    @Option("weight of the divergence of the rates from their target", in: 0...)
    public var penalty = 1.0
    public var training = TrainingOptions(epochs: 60)

    public var hiddenSizes: [Int] { [] }

    public init() {}

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let model = TiedAutoencoder(
            elements: data.elements, latentSize: latentSize, activation: Activation(.sigmoid),
            output: BernoulliDecoder(Reshape(data.sampleShape)), using: &generator)
        return SingleObjective(
            model,
            objective: Reconstruction(.squaredError) + penalty * RateDivergence(target: 0.05),
            training)
    }
}

/// The k-sparse autoencoder (Makhzani and Frey, arXiv:1312.5663).
///
/// - How it works: of a linear code only the k greatest components are kept, the others are
///   zero; gradients reach the encoder through those kept. There is no penalty to be weighed.
///   Once training is over more may be kept (α·k in the paper, with α about 3 the best), by
///   which classes are told better.
/// - When to use it: as ``SparseAutoencoder``, with the number of parts chosen instead of a price.
public struct KSparseAutoencoder: LayeredRecipe {
    public static let name = "k-sparse"
    public static let summary = "one layer of linear codes of which the k greatest are kept"
    public static let citation = "Makhzani and Frey, arXiv:1312.5663 (2013)"

    @Option(.latentSize) public var latentSize = 256
    @Option("numbers of a code that are not zero", in: 1...65_536) public var activeComponents = 25
    @Option(
        "numbers of a code that are not zero once training is over; none: as in training",
        in: 1...65_536)
    public var evaluatedComponents: Int? = nil
    public var training = TrainingOptions(epochs: 60)

    public var hiddenSizes: [Int] { [] }

    public init() {}

    public func validateTogether() throws(OptionError) {
        for (name, count) in [
            ("active-components", activeComponents),
            ("evaluated-components", evaluatedComponents ?? 1),
        ] where count > latentSize {
            throw .unfit(
                name: name, expected: "a whole number from 1 to \(latentSize)",
                found: "\(count)")
        }
    }

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let model = TiedAutoencoder(
            elements: data.elements, latentSize: latentSize,
            activation: KeepingGreatest(activeComponents, evaluationCount: evaluatedComponents),
            output: GaussianDecoder(Reshape(data.sampleShape)), using: &generator)
        return SingleObjective(model, objective: Reconstruction(.squaredError), training)
    }
}
