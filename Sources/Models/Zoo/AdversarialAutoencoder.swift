import Autograd

/// The adversarial autoencoder (Makhzani et al., "Adversarial Autoencoders", arXiv:1511.05644).
///
/// - How it works: three steps by turns: encoder and decoder learn to reconstruct; a critic learns to tell
///   codes from draws of a prior; the encoder learns to make codes that the critic takes for draws.
/// - When to use it: for codes that fill a prior of any shape, of which only draws are needed, such as
///   ten clusters on a circle. `wae` reaches a prior with a density without a critic.
public struct AdversarialAutoencoder: NetworkRecipe {
    public static let name = "adversarial-autoencoder"
    public static let summary =
        "autoencoder whose codes a critic must not tell from draws of a prior"
    public static let citation = "Makhzani et al., arXiv:1511.05644 (2015)"

    @Option(.latentSize) public var latentSize = 8
    @Option(.hiddenSizes) public var hiddenSizes = [400]
    public var network = NetworkOptions()
    @Option(
        "what codes are to be distributed as: normal, or with --latent-size 2 mixture, of ten normals on "
            + "a circle, or swiss-roll")
    public var codePrior = CodeTarget.normal
    @Option(.layerSizes("sizes of the critic's hidden layers, or none"))
    public var criticSizes = [128, 128]
    public var output = OutputOptions()
    public var training = TrainingOptions(epochs: 200)

    public init() {}

    public func validateTogether() throws(OptionError) {
        guard codePrior.isPlanar, latentSize != 2 else { return }
        throw .unfit(
            name: "latentSize", expected: "2 with --code-prior \(codePrior.rawValue)",
            found: "\(latentSize)")
    }

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let output = output.chosen(for: data)
        let model = CodeAdversary(
            Scaled(autoencoder(output, using: &generator), by: output.scale),
            critic: MultilayerPerceptron(
                [latentSize] + criticSizes + [1], activation: .leakyRelu(slope: 0.2),
                using: &generator),
            target: codePrior, latentSize: latentSize)
        let objective = model.objective(output.error())
        func optimizer(_ part: some Module) -> ChosenOptimizer {
            training.optimizer(for: part, firstDecay: 0.5)
        }
        return Alternating(
            model,
            [
                Phase(
                    \.model, named: "autoencoder", optimizer: optimizer(model.model)
                ) { model, batch, context in
                    let value = objective(model.pass(batch, in: &context))
                    return ObjectiveValue(
                        total: value.total, terms: [("loss", value.total)] + value.terms)
                },
                Phase(\.critic, named: "critic", optimizer: optimizer(model.critic)) {
                    ObjectiveValue(total: $0.tellingLoss(for: $1, in: &$2))
                },
                Phase(
                    \.model.model.encoder, named: "encoder",
                    optimizer: optimizer(model.model.model.encoder)
                ) { ObjectiveValue(total: $0.foolingLoss(for: $1, in: &$2)) },
            ]
        ) { model, batch, context in
            model.numbers(of: objective, model.pass(batch, in: &context)) + [
                ("criticLoss", model.tellingLoss(for: batch, in: &context).scalar),
                ("encoderLoss", model.foolingLoss(for: batch, in: &context).scalar),
            ]
        }
    }
}
