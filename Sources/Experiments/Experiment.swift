import Autograd
import Datasets
import FileSupport
import Models

/// A recipe and the data that it is trained on.
public struct Experiment {
    public let dataset: Dataset
    public let recipe: any Recipe
    let configuration: TrainingRun.Configuration
    /// What is learnt from: without what early stopping watches.
    let training: Examples
    /// What early stopping watches; nil where there is none.
    let validation: Examples?
    /// Before any training.
    let program: any TrainingProgram
    /// The layers that are trained one by one before the whole, if any.
    var stages: [PretrainingStage] { blueprint.stages }
    private let blueprint: Blueprint

    /// Of a recipe of the zoo's or of one's own, which ``Recipes`` then know.
    ///
    /// - Throws: where the recipe's options make no sense, or the data do not serve it.
    public init(_ recipe: some Recipe, on dataset: Dataset) throws {
        try recipe.validate()
        requireOwnNames(recipe)
        Recipes.add(type(of: recipe))
        try self.init(
            TrainingRun.Configuration(recipe, on: dataset, DataSelection(dataset.name)), on: dataset
        )
    }

    /// What a run is about, made from its configuration.
    init(_ configuration: TrainingRun.Configuration, on dataset: Dataset) throws {
        blueprint = try Blueprint(configuration)
        self.configuration = configuration
        self.dataset = dataset
        recipe = blueprint.recipe
        program = blueprint.program
        (training, validation) = dataset.training.split(for: recipe.training)
        try requireLabels(of: dataset)
        try checkRange()
    }

    /// Refuses samples without labels where the model has to be told them, or with others than it
    /// knows.
    func requireLabels(of dataset: Dataset) throws(FileError) {
        guard program.model is any Conditional, let known = configuration.samples.classes else {
            return
        }
        let found = DataDescription(dataset).classes
        guard let found, found <= known else {
            throw FileError(
                path: dataset.name,
                expected: "a label of \(known) classes for each sample, as the recipe "
                    + "\(configuration.recipe) is told them",
                found: found.map { "labels of \($0) classes" } ?? "samples without")
        }
    }

    /// A trainer of a program that stands before the first step.
    func trainer<Program: TrainingProgram>(
        for program: Program, _ training: TrainingOptions
    ) -> Trainer<Program> {
        Trainer(program, plan: training.plan(samples: self.training.count))
    }

    /// The metrics of a program's model on some of the data; the same each time.
    func metrics<Program: TrainingProgram>(
        of model: Program.Model, by program: Program, on examples: Examples, step: Int,
        monitor: ProgressMonitor<some Error>
    ) throws -> [String: Double] {
        try program.metrics(
            of: model, on: examples, batchSize: recipe.training.batchSize,
            seed: UInt64(recipe.training.seed), step: step, monitor: monitor)
    }

    /// What training says of a sample, with the place in the data that it comes from.
    func placed(_ error: TrainingError) -> any Error {
        switch error {
        case .sampleWithoutLoss(let epoch, let element):
            return FileError(
                path: dataset.name, expected: "samples whose loss is finite",
                found: "none in epoch \(epoch) for \(Format.number(element.value)) in "
                    + "\(place(of: element, in: training)): leave it out, or scale what is so large"
            )
        case .sampleNotFinite:
            let all = -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude
            for examples in [dataset.training, dataset.test] {
                guard let element = examples.firstElement(outside: all) else { continue }
                return FileError(
                    path: dataset.name, expected: "finite numbers",
                    found: "\(element.value) in \(place(of: element, in: examples))")
            }
            return error
        default: return error
        }
    }

    private func place(of element: SampleElement, in examples: Examples) -> String {
        // The elements of a table's row are not its columns.
        configuration.samples.table == nil
            ? dataset.place(of: element, in: examples)
            : "row \(examples.origin(of: element.sample) + 1)"
    }

    /// Probabilities cannot be fitted to numbers that are none: the loss would have no bound. And
    /// the quality of pictures is measured on the scale from 0 to 1.
    private func checkRange() throws(FileError) {
        let inputs = dataset.training.inputs
        guard inputs.dataType != .uint8 else { return }
        let model = program.model
        let support = (model as? any Trainable)?.support(on: dataset.training.batch(0..<1))
        guard let range = model is any Restores ? 0...1 : support else { return }
        for examples in [dataset.training, dataset.test] {
            guard let found = examples.inputs.firstElement(outside: range) else { continue }
            throw FileError(
                path: dataset.name,
                expected: "numbers from \(Format.number(range.lowerBound)) to "
                    + "\(Format.number(range.upperBound)), as the recipe \(configuration.recipe) "
                    + "needs them",
                found: "\(Format.number(found.value)) in \(dataset.place(of: found, in: examples))")
        }
    }
}

extension TrainingRun.Configuration {
    /// Of a run of this program that begins.
    ///
    /// - Parameters:
    ///   - table: how the samples are made up, where they are the rows of a table.
    ///   - notes: on how the data were read, a sentence each; those of the data set where not given.
    init(
        _ recipe: some Recipe, on dataset: Dataset, _ selection: DataSelection,
        table: TableLayout? = nil, notes: [String]? = nil, start: StartingParameters? = nil
    ) throws(OptionError) {
        let notes = notes ?? dataset.notes
        try self.init(
            recipe: recipe, data: selection, samples: DataDescription(dataset, table: table),
            columnNames: dataset.columnNames.isEmpty ? nil : dataset.columnNames,
            dataNotes: notes.isEmpty ? nil : notes,
            dataChecksum: dataset.training.checksumText, start: start, version: Program.version)
    }
}

extension Examples {
    /// What is learnt from, and what early stopping watches, if it is asked for.
    fileprivate func split(
        for options: TrainingOptions
    ) -> (training: Examples, validation: Examples?) {
        let watched = Int(Double(count) * options.validationShare)  // Sound: a part of it.
        guard options.patience != nil, 1..<count ~= watched else { return (self, nil) }
        // Not the generator of the trainer, nor that of the model.
        var generator = RandomGenerator(seed: UInt64(options.seed) ^ 0x9E37_79B9_7F4A_7C15)
        let order = generator.permutation(count)
        return (self[order[watched...].sorted()], self[order[..<watched].sorted()])
    }
}

extension Trainable {
    /// The range of the targets that the model's likelihood is defined for; nil where that is any.
    fileprivate func support(on batch: Batch) -> ClosedRange<Double>? {
        var context = PassContext.evaluation
        return (self(batch, in: &context) as? any HasLikelihood)?.likelihood.support
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

extension Recipe {
    var name: String { Self.name }
}

extension Recipes {
    /// The recipe of a name that a user typed.
    static func asked(_ name: String) throws(UsageError) -> any Recipe {
        guard let recipe = all.first(where: { $0.name == name }) else {
            throw UsageError(unknown: "recipe", name, known: all.map { $0.name })
        }
        return recipe.init()
    }
}
