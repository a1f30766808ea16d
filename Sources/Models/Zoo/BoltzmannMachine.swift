import Autograd
import Datasets

/// The restricted Boltzmann machine.
///
/// - How it works: training lowers the energy of the data and raises that of the images which the
///   model itself reaches when it goes a few steps from image to code and back. The loss is the
///   difference of the two energies.
/// - When to use it: to see where deep networks came from; as a layer of ``DeepBelief``; for
///   samples of small binary data. Other models generate better images.
public struct BoltzmannMachine: LayeredRecipe {
    public static let name = "rbm"
    public static let summary =
        "restricted Boltzmann machine, trained by contrastive divergence"
    public static let citation = "Hinton, Neural Computation 14, 1771 (2002)"

    @Option(.latentSize) public var latentSize = 500
    @Option(.gibbsSteps) public var gibbsSteps = 15
    @Option("start of Markov chains: data, or persistent, where the last ones ended")
    public var chains = RestrictedBoltzmannMachine.Chains.persistent
    @Option(.visibleUnits) public var visibleUnits = RestrictedBoltzmannMachine.Units.bernoulli
    public var training = TrainingOptions(
        epochs: 15, batchSize: 20, optimizer: .sgd, learningRate: 0.1)

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

    /// The mean log-pseudo-likelihood over all training samples.
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
    /// Values that are not probabilities are measured by the squared error.
    func reconstruction<Output: HasLikelihood>() -> Reconstruction<Output> {
        self == .gaussian ? Reconstruction(.squaredError) : Reconstruction(named: "crossEntropy")
    }
}

extension OptionDeclaration<Int> {
    static let gibbsSteps = OptionDeclaration(
        "steps of the Markov chains in a training step", in: 1...1_000_000)
}

extension OptionDeclaration<RestrictedBoltzmannMachine.Units> {
    static let visibleUnits = OptionDeclaration(
        "visible units: bernoulli for 0 … 1, or gaussian for any numbers")
}
