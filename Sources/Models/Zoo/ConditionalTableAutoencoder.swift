import Autograd

/// The conditional variational autoencoder of tables with mixed columns (Sohn, Lee and Yan, "Learning
/// Structured Output Representation using Deep Conditional Generative Models", 2015; columns as in
/// ``TableVariationalAutoencoder``).
///
/// - How it works: encoder and decoder are told one column of each row, a class or a number, and learn the
///   others given it, each with a kind of likelihood of its own.
/// - When to use it: to make rows of a class that is rare, or that answer "what if" for a number; and by
///   Bayes' rule for the class of a row.
public struct ConditionalTableAutoencoder: LayeredRecipe, ConditionalRecipe {
    public static let name = "conditional-table-vae"
    public static let summary =
        "variational autoencoder of tables that is told a column of each row"
    public static let citation = "Sohn, Lee and Yan, NeurIPS (2015)"
    public static let data: String? = "customers"
    public static let readsTables = true
    public static let ranksNumbers = true

    @Option(.latentSize) public var latentSize = 16
    @Option(.hiddenSizes) public var hiddenSizes = [256, 256]
    @Option(.beta) public var beta = 1.0
    public var training = TrainingOptions(epochs: 200, schedule: .cosine)

    public init() {}

    public func requirement(of data: DataDescription) -> String? {
        requirementOfCondition(of: data)
    }

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let (layout, condition) = (data.tableLayout, data.requiredCondition)
        let input = TableInput(layout, using: &generator)
        let sizes = [input.outputs + condition.size] + hiddenSizes
        let body = Sequential {
            WithConditions(Sequential { input }, elements: layout.elements)
            MultilayerPerceptron(sizes, outputActivation: .relu, using: &generator)
        }
        let head = MultilayerPerceptron(
            [latentSize + condition.size] + hiddenSizes.reversed() + [layout.outputs],
            using: &generator)
        let model = ConditionalModel(
            encoder: GaussianEncoder(
                body, features: sizes[sizes.count - 1], latentSize: latentSize, using: &generator),
            decoder: TabularDecoder(
                head, layout: layout, learnsScales: true, sampleShape: data.sampleShape),
            condition: condition)
        return SingleObjective(
            model, objective: Reconstruction() + beta * KullbackLeibler(), training)
    }
}
