import Autograd

/// Restricted Boltzmann machines on top of each other: the hidden units of one are the visible
/// units of the next (Hinton, Osindero and Teh, "A fast learning algorithm for deep belief nets",
/// 2006).
///
/// Samples are made in the top machine, and taken down from layer to layer by the means.
public struct DeepBeliefNetwork: GenerativeModel {
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

    public func pass(_ input: Tensor, target: Tensor, in context: inout Context) -> Pass {
        let model = self
        let code = encode(input)
        return Pass(
            input: input, target: target, posterior: Point(code), code: code,
            output: layers[0].output(of: beneathTop(code)), in: &context,
            encode: { model.encode($0) })
    }

    public func encode(_ input: Tensor) -> Tensor {
        layers.reduce(input) { $1.encode($0) }
    }

    public func decode(_ code: Tensor) -> Tensor { layers[0].output(of: beneathTop(code)).mean }

    /// The code of the lowest layer from that of the highest.
    private func beneathTop(_ code: Tensor) -> Tensor {
        layers.dropFirst().reversed().reduce(code) { $1.decode($0) }
    }

    /// No: codes are means of the highest hidden units, drawn by Markov chains.
    public var hasNormalPrior: Bool { false }

    public func sample(_ count: Int, using generator: inout RandomGenerator) -> Tensor {
        let visible = layers[layers.count - 1].sample(count, using: &generator)
        return layers.dropLast().reversed().reduce(visible) { $1.decode($0) }
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) { visitor("layers", &layers) }
}

extension Recipe {
    /// The deep belief network, of three layers.
    ///
    /// - How it works: a restricted Boltzmann machine is trained on the samples, a second one on
    ///   its codes, and a third. Each improves a bound on what the ones below make of the data.
    ///   The whole is then left as it is, or trained on as an autoencoder by `epochs` above 0.
    /// - When to use it: as the start of a classifier where few samples have labels; beside
    ///   ``deep``, to see what pretraining gives.
    public static let deepBelief = Recipe(
        name: "dbn",
        summary: "deep belief network of restricted Boltzmann machines, trained layer by layer",
        citation: "Hinton, Osindero and Teh, Neural Computation 18, 1527 (2006)",
        defaults: Settings(
            epochs: 0, latentSize: 1000, hiddenSizes: [1000, 1000], reconstruction: .crossEntropy,
            pretrainingEpochs: 20, gibbsSteps: 1, visibleUnits: .bernoulli),
        pretraining: Pretraining(
            stages: { settings, inputShape, generator in
                machines(settings, inputShape, &generator).enumerated().map { index, machine in
                    let reconstruction =
                        index == 0 ? visibleReconstruction(settings) : Reconstruction(.crossEntropy)
                    return Pretraining.Stage(
                        machine, objective: ContrastiveDivergence() + 0 * reconstruction, settings)
                }
            },
            assemble: { layers, _, _ in
                DeepBeliefNetwork(
                    layers.map { layer in
                        guard let machine = layer as? RestrictedBoltzmannMachine else {
                            programmerError(
                                "DeepBeliefNetwork", "a layer is a \(type(of: layer))")
                        }
                        return machine
                    })
            })
    ) { settings, inputShape, generator in
        (
            DeepBeliefNetwork(machines(settings, inputShape, &generator)),
            Objective(visibleReconstruction(settings))
        )
    }

    @Sendable private static func machines(
        _ settings: Settings, _ inputShape: [Int], _ generator: inout RandomGenerator
    ) -> [RestrictedBoltzmannMachine] {
        let sizes = settings.hiddenSizes + [settings.latentSize]
        let shapes = [inputShape] + settings.hiddenSizes.map { [$0] }
        return zip(shapes, sizes).enumerated().map { index, layer in
            RestrictedBoltzmannMachine(
                sampleShape: layer.0, latentSize: layer.1,
                visible: index == 0 ? settings.visibleUnits ?? .bernoulli : .bernoulli,
                steps: settings.gibbsSteps ?? 1, using: &generator)
        }
    }
}
