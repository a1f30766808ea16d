import Autograd
import FileSupport

/// The program of a recipe for samples of some shape: everything about a run except its data.
package struct Blueprint {
    package let recipe: any Recipe
    /// The program before any training.
    package let program: any TrainingProgram
    package var model: any Module { program.model }
    private let samples: DataDescription
    /// The random number generator after building the model.
    private let generator: RandomGenerator

    /// The layers that are trained one by one before the whole, if any; built on demand, as only
    /// training needs them.
    package var stages: [PretrainingStage] {
        var generator = generator
        return (recipe as? any PretrainedRecipe)?.stages(for: samples, using: &generator) ?? []
    }

    /// - Throws: if the recipe of the configuration is unknown, or does not accept the options or
    ///   the samples.
    package init(_ configuration: TrainingRun.Configuration) throws {
        recipe = try Recipes.named(configuration.recipe).read(from: configuration)
        samples = configuration.samples
        if let requirement = recipe.requirement(of: samples) {
            throw FileError(
                path: configuration.data.name,
                expected: "\(requirement), as the recipe \(configuration.recipe) needs them",
                found: samples.inWords)
        }
        if configuration.data.dequantization != nil {
            let output = (recipe as? any AnyNumbersRecipe)?.output.chosen(for: samples)
            guard let output, output.likelihood.isDensity else {
                throw FileError(
                    path: configuration.data.name,
                    expected: "a density, as noise between 8-bit values is for one, such as "
                        + "--likelihood gaussian or continuous-bernoulli",
                    found: output?.likelihoodInWords
                        ?? "the recipe \(configuration.recipe), which has none")
            }
        }
        // Separate from the trainer's generator, which determines the order of samples and the
        // noise.
        var generator = RandomGenerator(seed: ~UInt64(recipe.training.seed))
        program = recipe.program(for: samples, using: &generator)
        self.generator = generator
        guard startsAtMean, recipe is any PretrainedRecipe || !(model is any StartsAtMean) else {
            return
        }
        throw OptionError.unfit(
            name: "outputBias", expected: "zero with the recipe \(configuration.recipe)",
            found: OutputBias.mean.rawValue)
    }

    /// Whether the outputs are to start at the mean of the training samples.
    private var startsAtMean: Bool {
        (recipe as? any AnyNumbersRecipe)?.output.outputBias == .mean
    }

    /// The program before any training on these samples: outputs start at their mean, if that is asked
    /// for, and a codebook at the codes of a batch of them.
    package func startingProgram(on samples: Examples) -> any TrainingProgram {
        var generator = generator
        func started<Model: Module>(_ model: Model) -> Model {
            var model = model
            if startsAtMean, var own = model as? any StartsAtMean {
                own.startOutput(atMeanOf: samples)
                model = own as? Model ?? model
            }
            if var own = model as? any StartsCodebook {
                let first = generator.permutation(samples.count).prefix(recipe.training.batchSize)
                let batch = samples.batch(
                    at: Array(first), as: model.dataType, using: &generator)
                own.startCodebook(at: batch, using: &generator)
                model = own as? Model ?? model
            }
            return model
        }
        func start<Program: TrainingProgram>(_ program: Program) -> any TrainingProgram {
            var program = program
            program.model = started(program.model)
            return program
        }
        return start(program)
    }
}

extension Recipe {
    /// The recipe of this type, with the options of a configuration.
    fileprivate func read(from configuration: TrainingRun.Configuration) throws -> any Recipe {
        try configuration.recipe(as: Self.self)
    }
}

extension TrainingRun {
    /// The recipe that the run trains, with its options.
    ///
    /// - Throws: if it is not known (see ``Recipes/add(_:)``) or its options are invalid.
    public func recipe() throws -> any Recipe {
        try Recipes.named(configuration.recipe).read(from: configuration)
    }

    /// The model as trained so far. Needs neither the data nor an optimiser, and can be cast to the
    /// protocols of what it can do.
    ///
    /// ```swift
    /// let model = try TrainingRun.open(at: "runs/vae-1").model()
    /// let codes = (model as? any Encodes)?.encode(images)
    /// ```
    ///
    /// - Throws: if the recipe is not known (see ``Recipes/add(_:)``), the configuration is
    ///   invalid, or there is no checkpoint yet.
    public func model() throws -> any Module { try trained(Blueprint(configuration).model) }

    /// A model of the run's recipe with the parameters that the run has trained.
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
