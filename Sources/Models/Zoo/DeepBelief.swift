import Autograd
import Datasets

/// The deep belief network, of three layers.
///
/// - How it works: a restricted Boltzmann machine is trained on the samples, a second one on its
///   codes, and a third. Each improves a bound on the likelihood of the layers below. The whole is
///   then used as it is, or trained further as an autoencoder if `epochs` is above 0.
/// - When to use it: to initialise a classifier if few samples have labels; beside
///   ``DeepAutoencoder``, to see what pretraining gains.
public struct DeepBelief: LayeredRecipe, PretrainedRecipe {
    public static let name = "dbn"
    public static let summary =
        "deep belief network of restricted Boltzmann machines, trained layer by layer"
    public static let citation =
        "Hinton, Osindero and Teh, Neural Computation 18, 1527 (2006)"

    @Option(.latentSize) public var latentSize = 1000
    @Option(.hiddenSizes) public var hiddenSizes = [1000, 1000]
    @Option(.pretrainingEpochs) public var pretrainingEpochs = 20
    @Option(.gibbsSteps) public var gibbsSteps = 1
    @Option(.visibleUnits) public var visibleUnits = RestrictedBoltzmannMachine.Units.bernoulli
    public var training = TrainingOptions(epochs: 0)

    public var leastEpochs: Int { 0 }

    public init() {}

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        program(DeepBeliefNetwork(machines(for: data, using: &generator)))
    }

    public func stages(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> [PretrainingStage] {
        machines(for: data, using: &generator).enumerated().map { index, machine in
            let reconstruction: Reconstruction<BoltzmannOutput> =
                index == 0 ? visibleUnits.reconstruction() : Reconstruction(named: "crossEntropy")
            return PretrainingStage(
                machine, objective: ContrastiveDivergence() + 0 * reconstruction,
                epochs: pretrainingEpochs, as: training)
        }
    }

    public func assemble(
        _ layers: [any AutoencoderModel], for data: DataDescription
    ) -> any TrainingProgram {
        program(
            DeepBeliefNetwork(
                layers.map { layer in
                    guard let machine = layer as? RestrictedBoltzmannMachine else {
                        programmerError("DeepBeliefNetwork", "a layer is a \(type(of: layer))")
                    }
                    return machine
                }))
    }

    private func program(_ model: DeepBeliefNetwork) -> any TrainingProgram {
        SingleObjective(model, objective: visibleUnits.reconstruction(), training)
    }

    private func machines(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> [RestrictedBoltzmannMachine] {
        let shapes = [data.sampleShape] + hiddenSizes.map { [$0] }
        return zip(shapes, hiddenSizes + [latentSize]).enumerated().map { index, layer in
            RestrictedBoltzmannMachine(
                sampleShape: layer.0, latentSize: layer.1,
                visible: index == 0 ? visibleUnits : .bernoulli, steps: gibbsSteps,
                using: &generator)
        }
    }
}
