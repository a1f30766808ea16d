import Autograd

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
            activation: TopK(activeComponents, evaluationCount: evaluatedComponents),
            output: GaussianDecoder(Reshape(data.sampleShape)), using: &generator)
        return SingleObjective(model, objective: Reconstruction(.squaredError), training)
    }
}
