import Autograd
import Datasets

/// What a recipe needs to know about the data to build a model for them.
public struct DataDescription: Codable, Hashable, Sendable {
    /// The shape of a sample, without the batch.
    public var sampleShape: [Int]
    /// Which elements of a sample belong to which column, if samples are the rows of a table.
    public var table: TableLayout?
    /// The number of classes, if every sample has a label; else nil.
    public var classes: Int?
    /// The names of the classes, if a model is told them.
    public var classNames: [String]?
    /// The numbers in the column that a model is told of; nil if none was named.
    public var number: ConditionNumbers?
    /// The number of classes, if some samples have a label and others have none; else nil.
    public var classesOfSome: Int?
    /// The numbers that samples consist of; nil if they are the rows of a table, or not known: then
    /// they count as numbers from 0 to 1.
    public var numbers: SampleNumbers?
    /// How many symbols there are, if samples are whole numbers from 0 that may stand for some; else nil.
    public var symbols: Int?

    /// Describes samples of a shape.
    public init(
        sampleShape: [Int], table: TableLayout? = nil, classes: Int? = nil,
        classesOfSome: Int? = nil, classNames: [String]? = nil, number: ConditionNumbers? = nil,
        numbers: SampleNumbers? = nil
    ) {
        self.sampleShape = sampleShape
        self.table = table
        self.classes = classes
        self.classesOfSome = classesOfSome
        self.classNames = classNames
        self.number = number
        self.numbers = numbers
        symbols = nil
    }

    /// Describes the samples of a data set.
    ///
    /// - Parameters:
    ///   - measuringNumbers: whether to go through all numbers of the training samples, unless they are
    ///     the rows of a table.
    ///   - namingClasses: whether a model is told the classes.
    public init(
        _ dataset: Dataset, table: TableLayout? = nil, measuringNumbers: Bool = true,
        namingClasses: Bool = false
    ) {
        let classes = Self.classes(of: dataset)
        self.init(
            sampleShape: dataset.training.shape, table: table, classes: classes,
            classesOfSome: Self.classesOfSome(of: dataset),
            classNames: namingClasses && classes != nil ? dataset.classNames : nil,
            number: dataset.training.condition.flatMap { ConditionNumbers(of: $0) },
            numbers: table == nil && measuringNumbers ? SampleNumbers(of: dataset.training) : nil)
        symbols = table == nil && measuringNumbers ? Self.symbols(of: dataset) : nil
    }

    /// One more than the greatest number, if all are whole ones from 0, and not all 0 or 1.
    private static func symbols(of dataset: Dataset) -> Int? {
        let parts = [dataset.training, dataset.test].map(\.inputs)
        guard parts.allSatisfy({ $0.dataType != .uint8 && $0.count > 0 }) else { return nil }
        let greatest = parts.map { part in
            let isWhole = (part .== round(part)) .& (part .>= 0) .& (part .<= 65_535)
            return isWhole.all().scalar == 1 ? part.max().scalar : .nan
        }
        guard let last = greatest.max(), greatest.allSatisfy({ $0.isFinite }), last > 1 else {
            return nil
        }
        // Sound: at most 65535.
        return Int(last) + 1
    }

    /// The number of classes, if every sample has a label; else nil.
    package static func classes(of dataset: Dataset) -> Int? {
        let labels = [dataset.training, dataset.test].map(\.labelNumbers)
        guard labels.allSatisfy({ !$0.isEmpty && $0.allSatisfy { $0 >= 0 } }) else { return nil }
        return count(of: labels, in: dataset)
    }

    /// The number of classes, if some samples have a label, one to train on among them, and others have
    /// none; else nil.
    package static func classesOfSome(of dataset: Dataset) -> Int? {
        let labels = [dataset.training, dataset.test].map(\.labelNumbers)
        guard classes(of: dataset) == nil, labels[0].contains(where: { $0 >= 0 }) else {
            return nil
        }
        return count(of: labels, in: dataset)
    }

    private static func count(of labels: [[Int32]], in dataset: Dataset) -> Int {
        max(dataset.classNames.count, Int(labels.joined().max() ?? 0) + 1)
    }

    /// The number of classes, whether all samples have a label or some; nil if none has.
    public var knownClasses: Int? { classes ?? classesOfSome }

    /// Of the rows of a table; other samples count as rows of numbers without missing ones.
    var tableLayout: TableLayout { table ?? .numbers(elements) }

    /// What the samples are, for messages.
    var inWords: String {
        (numbers?.samples.map { "\($0) " } ?? "") + "samples of shape \(sampleShape)"
    }

    /// What the data have to be if there are fewer training samples than needed; nil if there are not.
    func requiring(samples needed: Int, for parts: String) -> String? {
        guard let samples = numbers?.samples, samples < needed else { return nil }
        return "at least \(needed) training samples, as many as \(parts)"
    }

    /// The number of elements of a sample.
    public var elements: Int { sampleShape.reduce(1, *) }

    /// Throws if the description is impossible, or a recipe's model for it would not fit into
    /// memory. Should be called on external input before a model is built.
    public func validate(for recipe: any Recipe) throws(OptionError) {
        guard let elements = Self.product(sampleShape), 1...Self.mostWeights ~= elements else {
            throw .unfit(
                name: "sampleShape", expected: "the sizes of at least one element",
                found: "\(sampleShape)")
        }
        if let classes = knownClasses, !(1...1_000_000 ~= classes) {
            throw .unfit(name: "classes", expected: "a number from 1", found: "\(classes)")
        }
        if let number, !number.mean.isFinite || !(number.deviation > 0) {
            throw .unfit(
                name: "number", expected: "a finite mean and a deviation above 0",
                found: "\(number.mean) and \(number.deviation)")
        }
        if let numbers, !numbers.describe(sampleShape) {
            throw .unfit(
                name: "numbers", expected: "finite ones for samples of shape \(sampleShape)",
                found: "\(numbers.means.count) means with \(numbers.deviations.count) deviations")
        }
        if let table {
            // The elements are only counted if the table is possible, so that the sum does not
            // overflow.
            guard table.isPossible, table.elements == elements else {
                throw .unfit(
                    name: "table", expected: "columns of \(elements) elements together",
                    found: "\(table.columns.count) columns of others")
            }
        }
        let inner = (recipe as? any LayeredRecipe).map { $0.hiddenSizes + [$0.latentSize] } ?? []
        // What is unsuitable for a network is refused where it is built.
        let features = (recipe as? any ChosenNetworkRecipe).flatMap { recipe in
            recipe.network.requirement(of: self) == nil ? recipe.network.features(of: self) : nil
        }
        let sizes = [recipe.training.batchSize, features ?? elements] + inner
        for (inputs, outputs) in zip(sizes, sizes.dropFirst()) {
            guard let count = Self.product([inputs, outputs]), count <= Self.mostWeights else {
                throw .unfit(
                    name: "sizes", expected: "at most \(Self.mostWeights) weights between layers",
                    found: "layers of \(inputs) and \(outputs) units")
            }
        }
    }

    /// The largest number of weights between two layers: 16 GiB of them.
    private static let mostWeights = 1 << 32

    /// Nil if a factor is negative or the product overflows.
    private static func product(_ sizes: [Int]) -> Int? {
        var product = 1
        for size in sizes {
            let (next, overflow) = product.multipliedReportingOverflow(by: size)
            guard size >= 0, !overflow else { return nil }
            product = next
        }
        return product
    }
}

extension Examples {
    /// Empty if there are no labels.
    fileprivate var labelNumbers: [Int32] { labels?.elements(as: Int32.self) ?? [] }
}
