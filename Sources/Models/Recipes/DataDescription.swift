import Autograd

/// What a recipe needs to know of the data to build a model for them.
public struct DataDescription: Codable, Hashable, Sendable {
    /// Of a sample, without the batch.
    public var sampleShape: [Int]
    /// Which elements of a sample are which column, where samples are the rows of a table.
    public var table: TableLayout?

    public init(sampleShape: [Int], table: TableLayout? = nil) {
        self.sampleShape = sampleShape
        self.table = table
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
