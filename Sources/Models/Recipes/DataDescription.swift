import Autograd
import Datasets

/// What a recipe needs to know of the data to build a model for them.
public struct DataDescription: Codable, Hashable, Sendable {
    /// Of a sample, without the batch.
    public var sampleShape: [Int]
    /// Which elements of a sample are which column, where samples are the rows of a table.
    public var table: TableLayout?
    /// How many classes the labels tell, where every sample has one; else nil.
    public var classes: Int?

    public init(sampleShape: [Int], table: TableLayout? = nil, classes: Int? = nil) {
        self.sampleShape = sampleShape
        self.table = table
        self.classes = classes
    }

    /// Of the samples of a data set.
    public init(_ dataset: Dataset, table: TableLayout? = nil) {
        let labels = [dataset.training.labels, dataset.test.labels].map { labels in
            labels.map { $0.elements(as: Int32.self) } ?? []
        }
        let isLabelled =
            labels.allSatisfy { !$0.isEmpty && $0.allSatisfy { $0 >= 0 } }
        let greatest = labels.joined().max() ?? 0
        self.init(
            sampleShape: dataset.training.shape, table: table,
            classes: isLabelled ? max(dataset.classNames.count, Int(greatest) + 1) : nil)
    }

    /// The elements of a sample.
    public var elements: Int { sampleShape.reduce(1, *) }

    /// Throws where no samples can be so, or a recipe's model of them would not fit into any
    /// memory: to be called on what comes from outside before a model is built.
    public func validate(for recipe: any Recipe) throws(OptionError) {
        guard let elements = Self.product(sampleShape), 1...Self.mostWeights ~= elements else {
            throw .unfit(
                name: "sampleShape", expected: "the sizes of at least one element",
                found: "\(sampleShape)")
        }
        if let classes, !(1...1_000_000 ~= classes) {
            throw .unfit(name: "classes", expected: "a number from 1", found: "\(classes)")
        }
        if let table {
            // The elements of what is possible can be counted.
            guard table.isPossible, table.elements == elements else {
                throw .unfit(
                    name: "table", expected: "columns of \(elements) elements together",
                    found: "\(table.columns.count) columns of others")
            }
        }
        let inner = (recipe as? any LayeredRecipe).map { $0.hiddenSizes + [$0.latentSize] } ?? []
        let sizes = [recipe.training.batchSize, elements] + inner
        for (inputs, outputs) in zip(sizes, sizes.dropFirst()) {
            guard let count = Self.product([inputs, outputs]), count <= Self.mostWeights else {
                throw .unfit(
                    name: "sizes", expected: "at most \(Self.mostWeights) weights between layers",
                    found: "layers of \(inputs) and \(outputs) units")
            }
        }
    }

    /// The most weights between two layers: 16 GiB of them.
    private static let mostWeights = 1 << 32

    /// Nil where a factor is negative, or the product too large for a number.
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
