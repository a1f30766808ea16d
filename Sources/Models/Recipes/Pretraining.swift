import Autograd
import Datasets

/// A recipe that trains the layers of its model one by one before the whole, each on the codes that
/// the layer below computes from the samples (Hinton, Osindero and Teh, "A fast learning
/// algorithm for deep belief nets", 2006; Bengio et al., "Greedy Layer-Wise Training of Deep
/// Networks", 2007).
public protocol PretrainedRecipe: Recipe {
    /// The layers in order: the first for the samples, each other one for the codes (vectors) of
    /// the one below; empty if no layer is trained separately.
    func stages(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> [PretrainingStage]
    /// The whole model from trained layers, with the type and shapes that `program` builds.
    func assemble(
        _ layers: [any AutoencoderModel], for data: DataDescription
    ) -> any TrainingProgram
}

/// The separate training of one layer.
public struct PretrainingStage: Sendable {
    /// The training program of the layer.
    public let program: any TrainingProgram
    /// The options of its training.
    public let training: TrainingOptions
    /// The numbers of inputs and outputs of the layer.
    public let sizes: (inputs: Int, outputs: Int)

    /// - Parameters:
    ///   - epochs: the number of passes over the data.
    ///   - training: all other options, the same as for the whole.
    public init<Layer: TiedLayer>(
        _ layer: Layer, objective: some ObjectiveComponent<Layer.Output>, epochs: Int,
        as training: TrainingOptions
    ) {
        self.init(
            layer, (layer.weight.shape[1], layer.weight.shape[0]), objective: objective,
            epochs: epochs, as: training)
    }

    /// - Parameters:
    ///   - sizes: the numbers of inputs and outputs.
    ///   - epochs: the number of passes over the data.
    ///   - training: all other options, the same as for the whole.
    public init<Layer: AutoencoderModel>(
        _ layer: Layer, _ sizes: (inputs: Int, outputs: Int),
        objective: some ObjectiveComponent<Layer.Output>, epochs: Int, as training: TrainingOptions
    ) {
        self.training = training.alone(for: epochs)
        program = SingleObjective(layer, objective: objective, self.training)
        self.sizes = sizes
    }
}

extension TrainingOptions {
    /// For a layer trained separately, of which the last state is kept.
    fileprivate func alone(for epochs: Int) -> TrainingOptions {
        var copy = self
        copy.epochs = epochs
        copy.averageDecay = nil
        copy.patience = nil
        return copy
    }
}

/// What each layer is trained as separately.
public enum Pretraining: String, NamedOptionValue {
    /// No layer is trained separately.
    case nothing = "none"
    case autoencoders
    /// Restricted Boltzmann machines.
    case boltzmann
}

extension DataSource {
    /// The codes of the samples: the training data of the next layer. Traps if the batch size is not
    /// positive.
    ///
    /// - Throws: if a code is not finite, or a batch cannot be read.
    public func encoded(by model: some Encodes, batchSize: Int = 1000) throws -> Examples {
        guard batchSize > 0 else { programmerError("encoded", "batches of \(batchSize) samples") }
        let type = model.dataType
        let parts = try stride(from: 0, to: count, by: batchSize).map { start in
            model.encode(try batch(start..<min(count, start + batchSize), as: type))
        }
        let codes = Examples(concatenated(parts))
        if let index = codes.firstNotFinite { throw TrainingError.sampleNotFinite(index: index) }
        return codes
    }
}
