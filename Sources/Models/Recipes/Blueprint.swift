import Autograd
import FileSupport

/// A recipe's program for samples of some shape: what is known of a run without its data.
package struct Blueprint {
    package let recipe: any Recipe
    /// Before any training.
    package let program: any TrainingProgram
    package var model: any Module { program.model }
    private let samples: DataDescription
    /// As the building of the model left it.
    private let generator: RandomGenerator

    /// The layers that are trained one by one before the whole, if any: made when asked for, as
    /// only training needs them.
    package var stages: [PretrainingStage] {
        var generator = generator
        return (recipe as? any PretrainedRecipe)?.stages(for: samples, using: &generator) ?? []
    }

    /// - Throws: where no recipe is known by the configuration's name, or the options or the
    ///   samples are none that it can have.
    package init(_ configuration: TrainingRun.Configuration) throws {
        recipe = try Recipes.named(configuration.recipe).read(from: configuration)
        samples = configuration.samples
        if let requirement = recipe.requirement(of: samples) {
            throw FileError(
                path: configuration.data.name,
                expected: "\(requirement), as the recipe \(configuration.recipe) needs them",
                found: "samples of shape \(samples.sampleShape)")
        }
        // Not the trainer's generator, whose numbers decide on the order of samples and the noise.
        var generator = RandomGenerator(seed: ~UInt64(recipe.training.seed))
        program = recipe.program(for: samples, using: &generator)
        self.generator = generator
    }
}

extension Recipe {
    /// The recipe of this kind that a configuration says.
    fileprivate func read(from configuration: TrainingRun.Configuration) throws -> any Recipe {
        try configuration.recipe(as: Self.self)
    }
}

extension TrainingRun {
    /// The recipe that the run trains, with its options.
    ///
    /// - Throws: where it is not known (see ``Recipes/add(_:)``), or its options make no sense.
    public func recipe() throws -> any Recipe {
        try Recipes.named(configuration.recipe).read(from: configuration)
    }

    /// The model as the run has trained it so far, which needs neither its data nor an optimiser:
    /// to be asked what it can do.
    ///
    /// ```swift
    /// let model = try TrainingRun.open(at: "runs/vae-1").model()
    /// let codes = (model as? any Encodes)?.encode(images)
    /// ```
    ///
    /// - Throws: where the recipe is not known (see ``Recipes/add(_:)``), the configuration is of
    ///   no model that there can be, or there is no checkpoint yet.
    public func model() throws -> any Module { try trained(Blueprint(configuration).model) }

    /// A model of the run's recipe as the run has trained it.
    package func trained<Model: Module>(_ model: Model) throws -> Model {
        guard hasCheckpoint else {
            throw FileError(
                path: checkpointPath, expected: "the checkpoint of a run that is under way",
                found: "none")
        }
        var model = model
        try load(into: &model)
        return model
    }
}
