import Autograd
import Datasets
import FileSupport
import Models

/// A recipe and the data set that it is trained on.
public struct Experiment {
    public let dataset: Dataset
    public let recipe: any Recipe
    let configuration: TrainingRun.Configuration
    /// The training samples, without those held back for early stopping.
    let training: Examples
    /// The samples held back for early stopping; nil if there are none.
    let validation: Examples?
    /// The untrained program.
    let program: any TrainingProgram
    /// The stages of layerwise pretraining, if any.
    var stages: [PretrainingStage] { blueprint.stages }
    let blueprint: Blueprint

    /// Creates an experiment and registers the recipe in ``Recipes`` if it is not one of the zoo.
    ///
    /// - Throws: if the recipe's options are invalid, or the data are unsuitable for it.
    public init(_ recipe: some Recipe, on dataset: Dataset) throws {
        try recipe.validate()
        requireOwnNames(recipe)
        Recipes.add(type(of: recipe))
        try self.init(
            TrainingRun.Configuration(recipe, on: dataset, DataSelection(dataset.name)), on: dataset
        )
    }

    /// The experiment of a run, from its configuration.
    init(_ configuration: TrainingRun.Configuration, on dataset: Dataset) throws {
        blueprint = try Blueprint(configuration)
        self.configuration = configuration
        recipe = blueprint.recipe
        program = blueprint.program
        let dataset = try Self.told(dataset, to: program.model, configuration)
        self.dataset = dataset
        (training, validation) = dataset.training.split(for: recipe.training)
        if let index = dataset.training.firstNotFinite {
            throw placed(.sampleNotFinite(index: index), among: training)
        }
        try checkRange()
    }

    /// A data set with classes as the model numbers them, by the names of those it was trained on.
    ///
    /// - Throws: if the model is conditional, and samples have no labels, or labels of classes that it
    ///   does not know, or not the numbers that it is told.
    func told(_ dataset: Dataset) throws(FileError) -> Dataset {
        try Self.told(dataset, to: program.model, configuration)
    }

    private static func told(
        _ dataset: Dataset, to model: any Module, _ configuration: TrainingRun.Configuration
    ) throws(FileError) -> Dataset {
        guard model is any Conditional else {
            try requireKnownClasses(in: dataset, of: model, configuration)
            return dataset
        }
        let required = "as the recipe \(configuration.recipe) requires"
        if configuration.samples.number != nil {
            guard dataset.training.condition != nil, dataset.test.condition != nil else {
                throw FileError(
                    path: dataset.name,
                    expected: "a number that is told of each sample, \(required)",
                    found: "samples without")
            }
            return dataset
        }
        guard let known = configuration.samples.classes else { return dataset }
        let found = DataDescription.classes(of: dataset)
        guard found != nil else {
            throw FileError(
                path: dataset.name,
                expected: "a label for each sample, of \(known) classes, \(required)",
                found: "samples without labels")
        }
        let numbered =
            try configuration.samples.classNames.map { names throws(FileError) in
                try dataset.numberingClasses(as: names)
            } ?? dataset
        guard let found = DataDescription.classes(of: numbered), found <= known else {
            throw FileError(
                path: dataset.name,
                expected: "a label for each sample, of \(known) classes, \(required)",
                found: "labels of \(found ?? 0) classes")
        }
        return numbered
    }

    /// Throws if there are labels of more classes than a classifier knows.
    private static func requireKnownClasses(
        in dataset: Dataset, of model: any Module, _ configuration: TrainingRun.Configuration
    ) throws(FileError) {
        guard model is any Classifies, let known = configuration.samples.knownClasses else {
            return
        }
        let found =
            DataDescription.classes(of: dataset) ?? DataDescription.classesOfSome(of: dataset) ?? 0
        guard found <= known else {
            throw FileError(
                path: dataset.name,
                expected:
                    "labels of \(known) classes, as the recipe \(configuration.recipe) requires",
                found: "labels of \(found) classes")
        }
    }

    /// A trainer of a program, before its first step.
    func trainer<Program: TrainingProgram>(
        for program: Program, _ training: TrainingOptions, on samples: any DataSource
    ) -> Trainer<Program> {
        Trainer(program, plan: training.plan(samples: samples.count))
    }

    /// The metrics of a program's model on some of the data; deterministic.
    func metrics<Program: TrainingProgram>(
        of model: Program.Model, by program: Program, on examples: Examples, step: Int,
        monitor: ProgressMonitor<some Error>
    ) throws -> [String: Double] {
        try program.metrics(
            of: model, on: examples, batchSize: recipe.training.batchSize,
            seed: UInt64(recipe.training.seed), step: step, monitor: monitor)
    }

    /// A training error about one of the samples, with its position in the data.
    func placed(_ error: TrainingError, among samples: Examples) -> any Error {
        switch error {
        case .sampleWithoutLoss(let epoch, let element):
            return SampleWithoutLoss(
                place: FileError(
                    path: dataset.name, expected: "samples with a finite loss",
                    found: "a loss that is not finite in epoch \(epoch) for "
                        + "\(Format.number(element.value)) in \(place(of: element, in: samples)): "
                        + "leave it out, or scale large values"))
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
        // The elements of an encoded table row do not correspond to its columns.
        configuration.samples.table == nil
            ? dataset.place(of: element, in: examples)
            : "row \(examples.origin(of: element.sample) + 1)"
    }

    /// Throws if the data are outside the range that the likelihood is defined for, as the loss
    /// would be unbounded. Image quality is measured on the scale from 0 to 1.
    private func checkRange() throws(FileError) {
        let inputs = dataset.training.inputs
        guard inputs.dataType != .uint8 else { return }
        let model = program.model
        if let scaled = model as? any ScalesSamples, scaled.scale != nil { return }
        let likelihood =
            (recipe as? any AnyNumbersRecipe).map {
                " with \($0.likelihoodInWords(on: configuration.samples)): others fit --scale range "
                    + "or --likelihood gaussian"
            } ?? ""
        let support = (model as? any Trainable)?.support(on: dataset.training.batch(0..<1))
        guard let range = model is any Restores ? 0...1 : support, range != .unbounded else {
            return
        }
        for examples in [dataset.training, dataset.test] {
            guard let found = examples.inputs.firstElement(outside: range) else { continue }
            throw FileError(
                path: dataset.name,
                expected: "numbers from \(Format.number(range.lowerBound)) to "
                    + "\(Format.number(range.upperBound)), as the recipe \(configuration.recipe) "
                    + "requires\(likelihood)",
                found: "\(Format.number(found.value)) in \(dataset.place(of: found, in: examples))")
        }
    }
}

extension TrainingRun.Configuration {
    /// The configuration of a new run of this program.
    ///
    /// - Parameters:
    ///   - table: the layout of the samples if they are the rows of a table.
    ///   - notes: on how the data were read, one sentence each; by default those of the data set.
    init(
        _ recipe: some Recipe, on dataset: Dataset, _ selection: DataSelection,
        table: TableLayout? = nil, notes: [String]? = nil, start: StartingParameters? = nil,
        keptEvery: Int? = nil
    ) throws {
        let isConditional = recipe is any ConditionalRecipe
        if isConditional { try dataset.requireConditions(for: recipe.name) }
        if recipe is any NumberRecipe { try dataset.requireNumbers(for: recipe.name) }
        let samples = DataDescription(
            dataset, table: table, measuringNumbers: recipe.scalesNumbers,
            namingClasses: isConditional)
        let notes = (notes ?? dataset.notes) + recipe.notes(on: samples)
        try self.init(
            recipe: recipe, data: selection, samples: samples,
            columnNames: dataset.columnNames.isEmpty ? nil : dataset.columnNames,
            dataNotes: notes.isEmpty ? nil : notes,
            dataChecksum: dataset.training.checksumText, start: start, version: Program.version)
        self.keptEvery = keptEvery
    }
}

extension Examples {
    /// The training samples, and the samples held back for early stopping, if it is enabled.
    fileprivate func split(
        for options: TrainingOptions
    ) -> (training: Examples, validation: Examples?) {
        let watched = Int(Double(count) * options.validationShare)  // Sound: a fraction of it.
        guard options.patience != nil, 1..<count ~= watched else { return (self, nil) }
        // Independent of the generators of the trainer and of the model.
        var generator = RandomGenerator(seed: UInt64(options.seed) ^ 0x9E37_79B9_7F4A_7C15)
        let order = generator.permutation(count)
        return (self[order[watched...].sorted()], self[order[..<watched].sorted()])
    }
}

extension Trainable {
    /// The range of targets that the model's likelihood is defined for; nil if it has none.
    fileprivate func support(on batch: Batch) -> ClosedRange<Double>? {
        var context = PassContext.evaluation
        return (self(batch, in: &context) as? any HasLikelihood)?.likelihood.support
    }
}

extension Dataset {
    /// The position of an element in words: its row and column in the file, or its sample.
    func place(of found: SampleElement, in examples: Examples) -> String {
        let (row, column) = (examples.origin(of: found.sample) + 1, found.element)
        guard examples.shape.count == 1 else { return "sample \(row)" }
        let name = columnNames.indices.contains(column) ? " (\(columnNames[column]))" : ""
        return "row \(row), column \(column + 1)\(name)"
    }
}

extension Dataset {
    /// Throws unless numbers are known of training samples, and not the same of all.
    fileprivate func requireNumbers(for recipe: String) throws(FileError) {
        let known = (training.condition?.elements(as: Double.self) ?? []).filter { !$0.isNaN }
        func refusal(_ expected: String, _ found: String) -> FileError {
            FileError(
                path: name, expected: "\(expected), as the recipe \(recipe) requires", found: found)
        }
        guard let first = known.first else {
            throw refusal("a number that is known of some samples (--condition)", "none")
        }
        guard known.contains(where: { $0 != first }) else {
            throw refusal("conditions that differ among the training samples", "the same for all")
        }
    }

    /// Throws unless there is something to tell a conditional model of each sample, and not the same of
    /// all.
    fileprivate func requireConditions(for recipe: String) throws(FileError) {
        func refusal(_ expected: String, _ found: String) -> FileError {
            FileError(
                path: name, expected: "\(expected), as the recipe \(recipe) requires", found: found)
        }
        if let numbers = training.condition {
            try requireNumbers(for: recipe)
            let unknown = numbers.elements(as: Double.self).count(where: \.isNaN)
            guard unknown == 0 else {
                throw refusal(
                    "a number for each sample",
                    "\(unknown) of \(training.count) training samples without")
            }
            return
        }
        let labels = [training, test].map { $0.labels?.elements(as: Int32.self) ?? [] }
        let missing = zip([training, test], labels).reduce(0) { sum, part in
            sum + part.0.count - part.1.count { $0 >= 0 }
        }
        guard missing == 0 else {
            let all = training.count + test.count
            throw refusal(
                "a label for each sample (--label or --labels), or a column --condition",
                missing == all
                    ? "samples without labels" : "\(missing) of \(all) samples without a label")
        }
        let classes = Set(labels[0])
        guard classes.count > 1 else {
            let found = classes.first.flatMap(className).map { "only \($0.quoted)" } ?? "none"
            throw refusal("training samples of two classes or more", found)
        }
    }
}

/// The error that a sample has no finite loss, with its position in the data.
struct SampleWithoutLoss: Error, CustomStringConvertible {
    let place: FileError
    var description: String { "\(place)" }
}

extension Recipe {
    var name: String { Self.name }
}

extension Recipes {
    /// The recipe of a name that a user typed.
    static func asked(_ name: String) throws(UsageError) -> any Recipe {
        do {
            return try named(name)
        } catch {
            throw UsageError(unknown: "recipe", error.name, known: all.map { $0.name })
        }
    }
}
