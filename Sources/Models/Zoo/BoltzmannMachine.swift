import Autograd
import Datasets

/// The restricted Boltzmann machine.
///
/// - How it works: images that look like the data are to have little energy, and those that
///   the model itself comes to, when it goes a few steps from image to code and back, more.
///   The difference of the two energies is what training makes small.
/// - When to use it: to see where deep networks came from; as a layer of ``DeepBelief``; for
///   samples of small binary data. To make up images others are better.
public struct BoltzmannMachine: LayeredRecipe {
    public static let name = "rbm"
    public static let summary =
        "restricted Boltzmann machine, trained by contrastive divergence"
    public static let citation = "Hinton, Neural Computation 14, 1771 (2002)"

    @Option(.latentSize) public var latentSize = 500
    @Option(.gibbsSteps) public var gibbsSteps = 15
    @Option("where Markov chains start: data, or persistent, where they ended")
    public var chains = RestrictedBoltzmannMachine.Chains.persistent
    @Option(.visibleUnits) public var visibleUnits = RestrictedBoltzmannMachine.Units.bernoulli
    public var training = TrainingOptions(
        epochs: 15, batchSize: 20, optimizer: .sgd, learningRate: 0.1)

    public var hiddenSizes: [Int] { [] }

    public init() {}

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let model = RestrictedBoltzmannMachine(
            sampleShape: data.sampleShape, latentSize: latentSize, visible: visibleUnits,
            steps: gibbsSteps,
            persistentChains: chains == .persistent ? training.batchSize : 0, using: &generator)
        return SingleObjective(
            model, objective: ContrastiveDivergence() + 0 * visibleUnits.reconstruction(), training)
    }

    /// The mean over all training samples.
    public func diagnostics(of model: any Module, on training: Examples) -> [String: Double] {
        guard let model = model as? RestrictedBoltzmannMachine, model.visible == .bernoulli
        else { return [:] }
        var generator = RandomGenerator(seed: 0)
        let values = stride(from: 0, to: training.count, by: 1000).map { start in
            let batch = training.batch(
                start..<min(start + 1000, training.count), as: model.weight.dataType
            )
            .input
            return model.logPseudoLikelihood(of: batch, using: &generator)
        }
        return ["logPseudoLikelihood": concatenated(values).mean().scalar]
    }
}

extension RestrictedBoltzmannMachine.Units {
    /// Of numbers that are no probabilities the squared error is measured.
    func reconstruction<Output: HasLikelihood>() -> Reconstruction<Output> {
        self == .gaussian ? Reconstruction(.squaredError) : Reconstruction(named: "crossEntropy")
    }
}

extension OptionDeclaration<Int> {
    static let gibbsSteps = OptionDeclaration(
        "steps of a Markov chain for one of training", in: 1...1_000_000)
}

extension OptionDeclaration<RestrictedBoltzmannMachine.Units> {
    static let visibleUnits = OptionDeclaration(
        "of the samples: bernoulli for 0 … 1, or gaussian for any numbers")
}
