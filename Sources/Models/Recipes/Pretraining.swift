import Autograd
import Datasets

/// A recipe that trains the layers of its model one by one before the whole: each on the codes
/// that the one below makes of the samples (Hinton, Osindero and Teh, "A fast learning algorithm
/// for deep belief nets", 2006; Bengio et al., "Greedy Layer-Wise Training of Deep Networks",
/// 2007).
public protocol PretrainedRecipe: Recipe {
    /// The layers in order, the first for the samples, the others for the vectors that are the
    /// codes of the one below; none where no layer is to be trained alone.
    func stages(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> [PretrainingStage]
    /// The whole of trained layers: of the type and the shapes that the recipe builds.
    func assemble(_ layers: [any TiedLayer], for data: DataDescription) -> any TrainingProgram
}

/// A layer in its own training.
public struct PretrainingStage: Sendable {
    public let program: any TrainingProgram
    public let training: TrainingOptions
    /// The numbers that it takes and gives.
    public let sizes: (inputs: Int, outputs: Int)

    /// - Parameters:
    ///   - epochs: how often its training goes through the data.
    ///   - training: all else, as that of the whole.
    public init<Layer: TiedLayer>(
        _ layer: Layer, objective: some ObjectiveComponent<Layer.Output>, epochs: Int,
        as training: TrainingOptions
    ) {
        self.training = training.alone(for: epochs)
        program = SingleObjective(layer, objective: objective, self.training)
        sizes = (layer.weight.shape[1], layer.weight.shape[0])
    }
}

extension TrainingOptions {
    /// Of a layer alone, of which the last state is kept.
    fileprivate func alone(for epochs: Int) -> TrainingOptions {
        var copy = self
        copy.epochs = epochs
        copy.averageDecay = nil
        copy.patience = nil
        return copy
    }
}

/// What each layer is while it is trained alone.
public enum Pretraining: String, NamedOptionValue {
    /// No layer is trained alone.
    case nothing = "none"
    case autoencoders
    /// Restricted Boltzmann machines.
    case boltzmann
}

extension DataSource {
    /// The codes that a model makes of the samples: what the next layer is trained on.
    ///
    /// - Throws: where a code is not finite, or a batch cannot be had.
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
