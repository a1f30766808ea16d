import Autograd

/// The k-sparse autoencoder (Makhzani and Frey, arXiv:1312.5663).
///
/// - How it works: only the k largest components of a linear code are kept, the others are zero;
///   gradients reach the encoder through those kept. There is no penalty to be weighted. After
///   training more may be kept (α·k in the paper, with α about 3 the best), which improves
///   classification.
/// - When to use it: as ``SparseAutoencoder``, but with a fixed number of active components.
public struct KSparseAutoencoder: LayeredRecipe, AnyNumbersRecipe {
    public static let name = "k-sparse"
    public static let summary = "one layer of linear codes of which the k largest are kept"
    public static let citation = "Makhzani and Frey, arXiv:1312.5663 (2013)"

    @Option(.latentSize) public var latentSize = 256
    @Option("nonzero components of a code", in: 1...65_536) public var activeComponents = 25
    @Option(
        "nonzero components of a code after training; none for as many as in training",
        in: 1...65_536)
    public var evaluatedComponents: Int? = nil
    public var output = OutputOptions(likelihood: .gaussian)
    public var training = TrainingOptions(epochs: 60)

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
        let output = output.chosen(for: data)
        let model = TiedAutoencoder(
            elements: data.elements, latentSize: latentSize,
            activation: TopK(activeComponents, evaluationCount: evaluatedComponents),
            output: output.decoder(Reshape(data.sampleShape)), using: &generator)
        return SingleObjective(
            Scaled(model, by: output.scale), objective: output.squaredError(), training)
    }
}
