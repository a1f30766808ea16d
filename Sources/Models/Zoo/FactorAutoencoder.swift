import Autograd

/// The FactorVAE (Kim and Mnih, "Disentangling by Factorising", arXiv:1802.05983).
///
/// - How it works: a critic learns to tell codes from codes whose numbers were exchanged among samples,
///   each number apart, and so by how much more likely a code is than if its numbers were independent;
///   the mean of that, the total correlation, is made small.
/// - When to use it: for codes whose numbers mean one thing each, as `beta-tcvae`, whose estimate needs no
///   critic but large batches. Half of each batch is for the model, the other half for the critic.
public struct FactorAutoencoder: NetworkRecipe {
    public static let name = "factor-vae"
    public static let summary =
        "variational autoencoder whose code's numbers a critic must not find to depend on each other"
    public static let citation = "Kim and Mnih, arXiv:1802.05983 (2018)"

    @Option(.latentSize) public var latentSize = 10
    @Option(.hiddenSizes) public var hiddenSizes = [400]
    public var network = NetworkOptions()
    @Option("weight of the total correlation", in: 0...) public var gamma = 10.0
    @Option(.layerSizes("sizes of the critic's hidden layers, or none"))
    public var criticSizes = [256, 256, 256]
    @Option("learning rate of the critic", above: 0) public var criticRate = 1e-4
    public var output = OutputOptions()
    public var training = TrainingOptions(epochs: 100)

    public init() {}

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let model = gaussianModel(for: data, using: &generator)
        let critic = IndependenceCritic(
            codeSize: latentSize, hiddenSizes: criticSizes, using: &generator)
        return WithCritic(
            model, optimizer: training.optimizer(for: model),
            critic, optimizer: Adam(for: critic, learningRate: criticRate, firstDecay: 0.5),
            objective: { [gamma] critic in
                Reconstruction() + KullbackLeibler()
                    + gamma * Term("totalCorrelation") { critic.logRatios($0.code) }
            },
            loss: { critic, own, other, context in
                critic.loss(of: own.code, other.code, using: &context.generator)
            })
    }
}

/// A network that learns log q(z) / Π q(z_d), how much more likely codes are than if their numbers were
/// independent, by telling the ones from the others (Kim and Mnih, equation 3).
struct IndependenceCritic: Module {
    private var network: MultilayerPerceptron

    init(codeSize: Int, hiddenSizes: [Int], using generator: inout RandomGenerator) {
        network = MultilayerPerceptron(
            [codeSize] + hiddenSizes + [1], activation: .leakyRelu, using: &generator)
    }

    /// For each code, `[batch]`.
    func logRatios(_ codes: Tensor) -> Tensor { network(codes).flattened(fromAxis: 0) }

    /// The mean cross-entropy of telling codes from others whose numbers are exchanged among them: the
    /// logarithm of 2 if nothing can be told.
    func loss(
        of codes: Tensor, _ others: Tensor, using generator: inout RandomGenerator
    ) -> Tensor {
        let exchanged = Self.exchanged(stopGradient(others), using: &generator)
        return 0.5
            * (softplus(-logRatios(stopGradient(codes))).mean()
                + softplus(logRatios(exchanged)).mean())
    }

    /// Codes, `[batch, numbers]`, with each number in an order of its own.
    static func exchanged(_ codes: Tensor, using generator: inout RandomGenerator) -> Tensor {
        let (count, size) = (codes.shape[0], codes.shape[1])
        let orders = (0..<size).map { _ in generator.permutation(count) }
        let places = (0..<count * size).map {
            Int32(orders[$0 % size][$0 / size] * size + $0 % size)
        }
        return codes.flattened(fromAxis: 0).gathered(at: Tensor(places)).reshaped(codes.shape)
    }

    mutating func visit(_ visitor: inout ModuleVisitor) { visitor("network", &network) }
}
