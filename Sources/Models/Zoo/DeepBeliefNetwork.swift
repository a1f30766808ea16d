import Autograd
import Datasets

/// Restricted Boltzmann machines on top of each other: the hidden units of one are the visible
/// units of the next (Hinton, Osindero and Teh, "A fast learning algorithm for deep belief nets",
/// 2006).
///
/// Samples are made in the top machine, and taken down from layer to layer by the means.
public struct DeepBeliefNetwork: AutoencoderModel, Generates {
    /// The lowest first.
    public var layers: [RestrictedBoltzmannMachine]

    /// Traps unless each layer's visible units are as many as the hidden ones below.
    public init(_ layers: [RestrictedBoltzmannMachine]) {
        guard !layers.isEmpty else { programmerError("DeepBeliefNetwork", "no layers") }
        _ = UnrolledLayers(layers)
        self.layers = layers
    }

    // MARK: Unrolled

    /// The network that goes up to codes and down to samples, with weights of their own.
    public func autoencoder(sampleShape: [Int]) -> LogisticAutoencoder {
        LogisticAutoencoder(
            unrolling: layers, codeActivation: .sigmoid, sampleShape: sampleShape)
    }

    /// The network that goes up, and a layer of class logits on top.
    public func classifier(
        classes: Int, using generator: inout RandomGenerator
    ) -> Classifier<MultilayerPerceptron> {
        Classifier(
            UnrolledLayers(layers).encoder(codeActivation: .sigmoid),
            count: layers[layers.count - 1].weight.shape[0], classes: classes, using: &generator)
    }

    // MARK: As an autoencoder

    public func callAsFunction(
        _ batch: Batch, in context: inout Context
    ) -> AutoencoderOutput<Point, VisibleUnits> {
        let model = self
        let code = encode(batch.input)
        return AutoencoderOutput(
            posterior: Point(code), code: code, likelihood: layers[0].output(of: beneathTop(code)),
            encoderInput: batch.input, encode: { model.encode($0) })
    }

    public func encode(_ batch: Batch) -> Tensor {
        layers.reduce(batch.input) { $1.encode($0) }
    }

    public func decode(_ code: Tensor) -> Tensor { layers[0].output(of: beneathTop(code)).mean }

    /// The code of the lowest layer from that of the highest.
    private func beneathTop(_ code: Tensor) -> Tensor {
        layers.dropFirst().reversed().reduce(code) { $1.decode($0) }
    }

    /// From means of the highest hidden units, drawn by Markov chains. Traps where a condition is
    /// given.
    public func sample(
        _ count: Int, given condition: Tensor?, using generator: inout RandomGenerator
    ) -> Tensor {
        requireNoCondition(condition, "DeepBeliefNetwork")
        let visible = layers[layers.count - 1].sample(count, using: &generator)
        return layers.dropLast().reversed().reduce(visible) { $1.decode($0) }
    }

    public var sampleOrigin: String { markovChainOrigin }

    public mutating func visit(_ visitor: inout ModuleVisitor) { visitor("layers", &layers) }
}

/// The deep belief network, of three layers.
///
/// - How it works: a restricted Boltzmann machine is trained on the samples, a second one on
///   its codes, and a third. Each improves a bound on what the ones below make of the data.
///   The whole is then left as it is, or trained on as an autoencoder by `epochs` above 0.
/// - When to use it: as the start of a classifier where few samples have labels; beside
///   ``DeepAutoencoder``, to see what pretraining gives.
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
        _ layers: [any TiedLayer], for data: DataDescription
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
