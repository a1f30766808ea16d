import Autograd
import Datasets

/// The linear autoencoder whose decoder uses the transposed weights of the encoder: at the minimum
/// they are orthonormal.
///
/// - How it works: the code is W x + b and the reconstruction Wᵀ times the code, so that the only way
///   to a small error is to project onto the principal components.
/// - When to use it: as a baseline whose optimum is known, and to see what tied weights do.
public struct TiedLinearAutoencoder: LayeredRecipe, AnyNumbersRecipe {
    public static let name = "linear-tied"
    public static let summary = "linear encoder with its transpose as decoder"
    public static let citation = "Baldi and Hornik, Neural Networks 2, 53 (1989)"

    @Option(.latentSize) public var latentSize = 30
    public var output = OutputOptions(likelihood: .gaussian)
    public var training = TrainingOptions(epochs: 60, schedule: .cosine)

    public init() {}

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let output = output.chosen(for: data)
        let model = TiedAutoencoder(
            elements: data.elements, latentSize: latentSize, activation: Sequential {},
            output: output.decoder(Reshape(data.sampleShape)), using: &generator)
        return SingleObjective(
            Scaled(model, by: output.scale), objective: output.squaredError(), training)
    }

    public func diagnostics(of model: any Module, on training: Examples) -> [String: Double] {
        angleToPrincipalComponents(model, training)
    }
}
