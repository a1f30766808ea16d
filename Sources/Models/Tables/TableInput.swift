import Autograd

/// The rows of a table as a network is to see them: numbers with their marks and one-hot
/// categories as they are, and for categories of many values a learned vector each
/// (Guo and Berkhahn, "Entity Embeddings of Categorical Variables", arXiv:1604.06737).
///
/// From `[batch, …]` to `[batch, outputs]`.
public struct TableInput: Layer {
    public let layout: TableLayout
    /// A vector for each value, and one for cells that are missing, of each such column.
    public var embeddings: [Embedding]

    /// The elements that are taken as they are, and those that are numbers of values.
    private let plain: [Int32]
    private var embedded: [Int]

    /// - Parameter size: of the vectors of a category with many values.
    public init(
        _ layout: TableLayout, embeddingSize size: Int = 8, using generator: inout RandomGenerator
    ) {
        self.layout = layout
        plain = (layout.plainElements + layout.marks).map(Int32.init)
        embeddings = []
        embedded = []
        for (column, start) in zip(layout.columns, layout.starts) {
            guard case .embedding(let values) = column else { continue }
            embedded.append(start)
            embeddings.append(Embedding(values + 1, size, using: &generator))
        }
    }

    /// How many numbers it makes of a row.
    public var outputs: Int {
        embeddings.reduce(plain.count) { $0 + $1.weight.shape[1] }
    }

    public func callAsFunction(_ input: Tensor, in context: inout PassContext) -> Tensor {
        let rows = input.flattened()
        guard rows.shape[1] == layout.elements else {
            programmerError(
                "TableInput",
                "samples of shape \(input.shape) for a table of \(layout.elements) elements")
        }
        var parts = plain.isEmpty ? [] : [rows.gathered(at: Tensor(plain), axis: 1)]
        for (start, embedding) in zip(embedded, embeddings) {
            let numbers = stopGradient(rows).sliced(axis: 1, start..<start + 1)
            parts.append(embedding(numbers.reshaped([-1]).cast(to: .int32), in: &context))
        }
        return concatenated(parts, axis: 1)
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("embeddings", &embeddings)
    }
}
