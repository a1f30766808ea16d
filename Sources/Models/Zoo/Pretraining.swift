import Autograd

/// How a recipe trains the layers of a model one by one before the whole: each on the codes that
/// the one below makes of the samples (Hinton, Osindero and Teh, "A fast learning algorithm for
/// deep belief nets", 2006; Bengio et al., "Greedy Layer-Wise Training of Deep Networks", 2007).
public struct Pretraining: Sendable {
    /// What each layer is while it is trained alone.
    public enum Kind: String, Codable, Sendable, CaseIterable {
        /// No layer is trained alone.
        case nothing = "none"
        case autoencoders
        /// Restricted Boltzmann machines.
        case boltzmann
    }

    /// A layer in its own training.
    public struct Stage: Sendable {
        public let model: any TiedLayer
        public let objective: Objective
        public let epochs: Int
        public let learningRate: Double
        public let optimizer: OptimizerChoice

        public init(
            _ model: any TiedLayer, objective: Objective, epochs: Int,
            learningRate: Double = 1e-3, optimizer: OptimizerChoice = .adam
        ) {
            self.model = model
            self.objective = objective
            self.epochs = epochs
            self.learningRate = learningRate
            self.optimizer = optimizer
        }

        /// With what a recipe's settings say of all layers.
        init(_ model: any TiedLayer, objective: Objective, _ settings: Settings) {
            self.init(
                model, objective: objective, epochs: settings.pretrainingEpochs ?? 1,
                learningRate: settings.learningRate, optimizer: settings.optimizer)
        }
    }

    /// The layers in order, the first for samples of a shape, the others for the vectors that are
    /// the codes of the one below; none where the settings ask for none.
    public let stages:
        @Sendable (
            _ settings: Settings, _ inputShape: [Int], _ generator: inout RandomGenerator
        ) -> [Stage]
    /// The whole of trained layers: of the type and the shapes that the recipe builds.
    public let assemble:
        @Sendable (
            _ layers: [any TiedLayer], _ settings: Settings, _ inputShape: [Int]
        ) -> any AutoencoderModel

    public init(
        stages:
            @escaping @Sendable (
                _ settings: Settings, _ inputShape: [Int], _ generator: inout RandomGenerator
            ) -> [Stage],
        assemble:
            @escaping @Sendable (
                _ layers: [any TiedLayer], _ settings: Settings, _ inputShape: [Int]
            ) -> any AutoencoderModel
    ) {
        self.stages = stages
        self.assemble = assemble
    }
}

extension Samples {
    /// The codes that a model makes of the samples, as samples: what the next layer is trained
    /// on.
    ///
    /// - Throws: where a code is not finite.
    public func encoded(
        by model: some AutoencoderModel, batchSize: Int = 1000
    ) throws(TrainingError) -> Samples {
        guard batchSize > 0 else { programmerError("encoded", "batches of \(batchSize) samples") }
        let type = model.dataType
        let parts = stride(from: 0, to: count, by: batchSize).map { start in
            model.encode(batch(start..<min(count, start + batchSize), as: type))
        }
        return try Samples(concatenated(parts))
    }
}
