import Autograd

/// A recipe of a generator that learns from a critic, of the same network backwards.
public protocol AdversarialRecipe: ChosenNetworkRecipe {
    /// The critic's steps before each step of the generator.
    var criticSteps: Int { get }
}

extension OptionDeclaration<Int> {
    /// For a recipe's ``AdversarialRecipe/criticSteps``.
    public static let criticSteps = OptionDeclaration(
        "steps of the critic before each step of the generator", in: 1...1000)
    /// For the size of the codes of an ``AdversarialRecipe``.
    public static let generatorLatentSize = OptionDeclaration(
        "numbers in a code, from which the generator makes a sample", in: 1...65_536)
}

extension OptionDeclaration<[Int]> {
    /// For the dense layers of an ``AdversarialRecipe``.
    public static let criticLayers = layerSizes(
        "sizes of the critic's hidden layers, and of the generator's in reverse order, or none")
}

extension AdversarialRecipe {
    public static var measuresNumbers: Bool { true }

    /// No loss says which epoch was the best: the two are each other's measure.
    public func validateTogether() throws(OptionError) {
        guard let patience = training.patience else { return }
        throw .unfit(
            name: "patience", expected: "none where adversaries have no common loss",
            found: "\(patience)")
    }

    public func requirement(of data: DataDescription) -> String? { network.requirement(of: data) }

    public func notes(on data: DataDescription) -> [String] {
        output(for: data).scaling == .nothing ? [] : ["samples are standardised"]
    }

    /// Numbers from 0 to 1 are made by a sigmoid function, others are standardised.
    private func output(for data: DataDescription) -> SampleOutput {
        OutputOptions().chosen(for: data)
    }

    /// A generator and a critic for some data.
    ///
    /// - Parameter isSpectral: whether the critic's weights are divided by their greatest singular values.
    func network(
        for data: DataDescription, isSpectral: Bool = false,
        using generator: inout RandomGenerator
    ) -> AdversarialNetwork<Sequential, Sequential> {
        let output = output(for: data)
        let head = network.head(
            [latentSize] + hiddenSizes.reversed(), for: data, using: &generator)
        // As in arXiv:1511.06434.
        let critic = network.body(
            hiddenSizes + [1], for: data, activation: .leakyRelu(slope: 0.2), using: &generator)
        return AdversarialNetwork(
            generator: Sequential {
                head
                if output.scaling == .nothing { Activation(.sigmoid) }
            },
            critic: Sequential([
                isSpectral ? critic.spectrallyNormalized(using: &generator) : critic
            ]), latentSize: latentSize, scale: output.scale)
    }

    /// The two by turns. What both report in training is also measured on held-out samples.
    ///
    /// - Parameter decays: those of Adam's means of gradients and of their squares.
    func program(
        _ network: AdversarialNetwork<Sequential, Sequential>,
        decays: (first: Double, second: Double),
        critic: @escaping AdversaryLoss, generator: @escaping AdversaryLoss
    ) -> any TrainingProgram {
        func optimizer(_ part: Sequential) -> ChosenOptimizer {
            training.optimizer(for: part, firstDecay: decays.first, secondDecay: decays.second)
        }
        return Alternating(
            network,
            [
                Phase(
                    \.critic, named: "critic", steps: criticSteps,
                    optimizer: optimizer(network.critic), losses: critic),
                Phase(
                    \.generator, named: "generator", optimizer: optimizer(network.generator),
                    losses: generator),
            ]
        ) { network, batch, context in
            critic(network, batch, &context).numbers(named: "criticLoss")
                + generator(network, batch, &context).numbers(named: "generatorLoss")
        }
    }
}

/// The loss of one of two adversaries.
typealias AdversaryLoss =
    @Sendable (AdversarialNetwork<Sequential, Sequential>, Batch, inout PassContext) ->
    ObjectiveValue
