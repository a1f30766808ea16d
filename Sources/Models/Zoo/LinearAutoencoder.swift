import Autograd
import Datasets

/// The linear autoencoder, without any activation. At its minimum it finds the space of the
/// principal components (Bourlard and Kamp, "Auto-association by multilayer perceptrons and
/// singular value decomposition", 1988; Baldi and Hornik, 1989: there are no other minima).
///
/// - How it works: code and reconstruction are products with matrices, so the reconstructions lie
///   in a plane with as many dimensions as the code. The nearest plane is that of
///   ``PrincipalComponents``; the code is some basis of it, not necessarily the orthogonal one.
/// - When to use it: as a baseline for deeper models, and to test training itself, as the optimal
///   loss is known.
public struct LinearAutoencoder: LayeredRecipe, AnyNumbersRecipe {
    public static let name = "linear"
    public static let summary =
        "linear encoder and decoder: the space of the principal components"
    public static let citation = "Baldi and Hornik, Neural Networks 2, 53 (1989)"

    @Option(.latentSize) public var latentSize = 30
    public var output = OutputOptions(likelihood: .gaussian)
    public var training = TrainingOptions(epochs: 60, schedule: .cosine)

    public init() {}

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let output = output.chosen(for: data)
        let model = Autoencoder(
            encoder: DeterministicEncoder(
                MultilayerPerceptron([data.elements, latentSize], using: &generator)),
            decoder: output.decoder(
                MultilayerPerceptron(
                    [latentSize, data.elements], outputShape: data.sampleShape, using: &generator)))
        return SingleObjective(
            Scaled(model, by: output.scale), objective: output.squaredError(), training)
    }

    public func diagnostics(of model: any Module, on training: Examples) -> [String: Double] {
        angleToPrincipalComponents(model, training)
    }
}
