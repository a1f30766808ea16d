import Autograd

/// The variational autoencoder of tables with mixed columns (Xu et al., "Modeling Tabular data using
/// Conditional GAN", arXiv:1907.00503, where it is TVAE; a likelihood for each column as in Nazabal et
/// al., arXiv:1807.03653).
///
/// - How it works: as the variational autoencoder, with a kind of likelihood for each column: a
///   category by its probabilities, a number by a mean and a standard deviation that is learned for
///   the column. Numbers are replaced by their ranks, so that any distribution of them becomes a normal
///   one, and what is drawn has the distribution of the data again.
/// - When to use it: to make new rows like those of a table (`tapestry sample`).
public struct TableVariationalAutoencoder: LayeredRecipe {
    public static let name = "table-vae"
    public static let summary = "variational autoencoder of tables, which makes new rows"
    public static let citation = "Xu et al., arXiv:1907.00503 (2019)"
    public static let data: String? = "customers"
    public static let readsTables = true
    public static let ranksNumbers = true

    @Option(.latentSize) public var latentSize = 16
    @Option(.hiddenSizes) public var hiddenSizes = [256, 256]
    @Option(.beta) public var beta = 1.0
    public var training = TrainingOptions(epochs: 200, schedule: .cosine)

    public init() {}

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let layout = data.tableLayout
        let input = TableInput(layout, using: &generator)
        let bodySizes = [input.outputs] + hiddenSizes
        let body = Sequential {
            input
            MultilayerPerceptron(bodySizes, outputActivation: .relu, using: &generator)
        }
        let head = MultilayerPerceptron(
            [latentSize] + hiddenSizes.reversed() + [layout.outputs], using: &generator)
        let model = LatentVariableModel(
            encoder: GaussianEncoder(
                body, features: bodySizes[bodySizes.count - 1], latentSize: latentSize,
                using: &generator),
            decoder: TabularDecoder(
                head, layout: layout, learnsScales: true, sampleShape: data.sampleShape))
        return SingleObjective(
            model, objective: Reconstruction() + beta * KullbackLeibler(), training)
    }
}
