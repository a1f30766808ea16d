import Autograd

/// A latent-variable model without an encoder: its likelihood is estimated by codes from the prior (the
/// estimate that Doersch, "Tutorial on Variational Autoencoders", arXiv:1606.05908, section 2, begins
/// with, and gives up).
///
/// - How it works: p(x) is the mean of p(x | z) over codes drawn from the prior, of which hardly one
///   explains a given sample, so that the mean is far too low unless there are very many.
/// - When to use it: to see why there are encoders. With codes of one or two numbers it learns.
public struct NaiveAutoencoder: LayeredRecipe, AnyNumbersRecipe {
    public static let name = "naive-vae"
    public static let summary =
        "latent-variable model with codes drawn from the prior, without an encoder"
    public static let citation = "Doersch, arXiv:1606.05908 (2016)"

    @Option(.latentSize) public var latentSize = 2
    @Option(.hiddenSizes) public var hiddenSizes = [400]
    @Option("codes drawn for each sample", in: 1...100_000) public var draws = 100
    public var output = OutputOptions()
    public var training = TrainingOptions(epochs: 30)

    public init() {}

    public var predictsScales: Bool { true }

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let output = output.chosen(for: data)
        let head = MultilayerPerceptron(
            [latentSize] + hiddenSizes.reversed() + [data.elements], outputShape: data.sampleShape,
            using: &generator)
        let model = LatentVariableModel(
            encoder: PriorEncoder(latentSize: latentSize),
            decoder: output.decoder(head, scale: .learned), draws: draws)
        return SingleObjective(
            Scaled(model, by: output.scale), objective: ImportanceWeightedBound().objective,
            training)
    }
}
