import Autograd
import Datasets
import Models

/// What a run is about, made from its configuration: the data, and the recipe's model with its
/// objective.
struct Experiment {
    let configuration: Run.Configuration
    let recipe: Recipe
    let dataset: Dataset
    let objective: Objective
    /// Before any training.
    let initialModel: any AutoencoderModel
    /// The layers that are trained one by one before the whole, if any.
    var stages: [Pretraining.Stage] { blueprint.stages }
    private let blueprint: Blueprint

    init(_ configuration: Run.Configuration, on dataset: Dataset) throws {
        let blueprint = try Blueprint(configuration)
        self.configuration = configuration
        self.dataset = dataset
        recipe = blueprint.recipe
        objective = blueprint.objective
        initialModel = blueprint.model
        self.blueprint = blueprint
        try checkRange()
    }

    var settings: Settings { configuration.settings }

    /// A trainer that stands before the first step.
    func trainer<Model: AutoencoderModel>(for model: Model) -> Trainer<Model, ChosenOptimizer> {
        trainer(
            for: model, objective, epochs: settings.epochs, learningRate: settings.learningRate,
            settings.optimizer)
    }

    /// The same for a layer that is trained alone.
    func trainer<Model: TiedLayer>(
        for layer: Model, of stage: Pretraining.Stage
    ) -> Trainer<Model, ChosenOptimizer> {
        trainer(
            for: layer, stage.objective, epochs: stage.epochs, learningRate: stage.learningRate,
            stage.optimizer)
    }

    private func trainer<Model: Trainable>(
        for model: Model, _ objective: Objective, epochs: Int, learningRate: Double,
        _ optimizer: OptimizerChoice
    ) -> Trainer<Model, ChosenOptimizer> {
        let batches =
            (dataset.training.count + settings.batchSize - 1) / settings.batchSize
        return Trainer(
            model, objective: objective,
            optimizer: optimizer.optimizer(
                for: model, learningRate: learningRate, weightDecay: settings.weightDecay),
            plan: TrainingPlan(
                epochs: epochs, batchSize: settings.batchSize, seed: settings.seed,
                schedule: settings.schedule.schedule(steps: epochs * batches)))
    }

    /// The metrics of a model on some of the data; the same each time.
    func metrics(
        of model: any AutoencoderModel, on examples: Examples, report: (Double) throws -> Void
    ) throws -> [String: Double] {
        try model.metrics(
            of: objective, on: Samples(examples.inputs), batchSize: settings.batchSize,
            seed: settings.seed, report: report)
    }

    /// Probabilities cannot be fitted to numbers that are none: the loss would have no bound. And
    /// the quality of pictures is measured on the scale from 0 to 1.
    private func checkRange() throws(FileError) {
        let inputs = dataset.training.inputs
        guard inputs.dataType != .uint8 else { return }
        var context = Context.evaluation
        let pass = initialModel.pass(inputs[0..<1], in: &context)
        guard pass.output is Bernoulli || initialModel is any PictureRestorer else { return }
        for examples in [dataset.training, dataset.test] {
            guard let found = examples.inputs.firstElement(outside: 0...1) else { continue }
            throw FileError(
                path: dataset.name,
                expected: "numbers from 0 to 1, as the recipe \(recipe.name) needs them",
                found: "\(Format.number(found.value)) in \(dataset.place(of: found, in: examples))")
        }
    }
}

extension Dataset {
    /// Where an element of some of the examples stands, in words: in its file, where it is from one.
    func place(of found: SampleElement, in examples: Examples) -> String {
        let (row, column) = (examples.origin(of: found.sample) + 1, found.element)
        guard examples.shape.count == 1 else { return "sample \(row)" }
        let name = columnNames.indices.contains(column) ? " (\(columnNames[column]))" : ""
        return "row \(row), column \(column + 1)\(name)"
    }
}

/// A recipe's model and objective for samples of some shape: what is known of a run without
/// its data.
struct Blueprint {
    let recipe: Recipe
    let model: any AutoencoderModel
    let objective: Objective
    private let configuration: Run.Configuration
    /// As the building of the model left it.
    private let generator: RandomGenerator

    /// The layers that are trained one by one before the whole, if any: made when asked for, as
    /// only training needs them.
    var stages: [Pretraining.Stage] {
        var generator = generator
        return recipe.pretraining?.stages(
            configuration.settings, configuration.sampleShape, &generator) ?? []
    }

    init(_ configuration: Run.Configuration) throws {
        self.configuration = configuration
        recipe = try Recipe.named(configuration.recipe)
        try configuration.settings.validate()
        let settings = configuration.settings
        let sizes = configuration.sampleShape + settings.hiddenSizes
        guard sizes.allSatisfy({ 1...1_000_000 ~= $0 }), settings.latentSize <= 1_000_000,
            (settings.latentSize == 0) == (recipe.defaults.latentSize == 0)
        else {
            throw FileError(
                path: configuration.recipe, expected: "layers of 1 to 1000000 numbers",
                found: "others")
        }
        if let requirement = recipe.requirement(
            configuration.settings, configuration.sampleShape)
        {
            throw FileError(
                path: configuration.data,
                expected: "\(requirement), as the recipe \(recipe.name) needs them",
                found: "samples of shape \(configuration.sampleShape)")
        }
        if let table = configuration.settings.table, !table.columns.isEmpty {
            let columns = table.columns.map { column -> Int in
                switch column {
                case .category(let values), .embedding(let values): values
                case .number, .completeNumber: 1
                }
            }
            guard columns.allSatisfy({ 1...1_000_000 ~= $0 }),
                configuration.sampleShape == [table.elements]
            else {
                throw FileError(
                    path: configuration.recipe,
                    expected: "a table of \(configuration.sampleShape) numbers a row",
                    found: "columns of others")
            }
        }
        // Not the trainer's generator, whose numbers decide on the order of samples and the noise.
        var generator = RandomGenerator(seed: ~configuration.settings.seed)
        (model, objective) = recipe.build(
            configuration.settings, configuration.sampleShape, &generator)
        self.generator = generator
    }
}

extension Recipe {
    /// The recipe of a name that a user typed.
    static func asked(_ name: String) throws(UsageError) -> Recipe {
        guard let recipe = all.first(where: { $0.name == name }) else {
            throw UsageError(unknown: "recipe", name, known: all.map(\.name))
        }
        return recipe
    }
}
