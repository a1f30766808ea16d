import Autograd

/// The rows of a table as network input: numbers with their presence marks and one-hot categories
/// unchanged, and a learned vector for each value of a category with many values (Guo and
/// Berkhahn, "Entity Embeddings of Categorical Variables", arXiv:1604.06737).
///
/// Maps `[batch, …]` to `[batch, outputs]`.
public struct TableInput: Layer {
    /// The layout of the table.
    public let layout: TableLayout
    /// For each embedded column, a vector for each value and one for missing cells.
    public var embeddings: [Embedding]

    /// The elements that are used unchanged, and those that hold the numbers of embedded values.
    private let plain: [Int32]
    private var embedded: [Int]

    /// - Parameter size: of the embedding vectors.
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

    /// The number of outputs for a row.
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
