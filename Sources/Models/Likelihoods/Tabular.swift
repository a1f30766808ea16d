import Autograd
import Foundation

/// The likelihood of table rows, with a distribution for each column: normal with standard
/// deviation 1 for numbers (which should be standardised), categorical for categories. Missing
/// cells do not contribute.
public struct Tabular: Likelihood {
    /// The layout of the table.
    public let layout: TableLayout
    /// `[batch, outputs]`: the means of all numeric columns in order, then the logits of each
    /// category's values.
    public let outputs: Tensor
    /// The shape of a sample, without the batch.
    private let shape: [Int]
    private let parts: Parts

    /// Traps if the outputs do not fit the layout.
    ///
    /// - Parameter sampleShape: of a sample, without the batch; a vector if not given.
    public init(_ layout: TableLayout, outputs: Tensor, sampleShape: [Int]? = nil) {
        guard outputs.rank == 2, outputs.shape[1] == layout.outputs else {
            programmerError(
                "Tabular",
                "outputs of shape \(outputs.shape) for a table of \(layout.outputs) outputs")
        }
        self.layout = layout
        self.outputs = outputs
        shape = sampleShape ?? [layout.elements]
        parts = Parts(layout)
    }

    /// The means of numbers, the probabilities of categories, and the most likely value of
    /// categories with an embedding, as in a row without missing cells.
    public var mean: Tensor { rows { softmax($0) } }

    /// The negative log-probability of each cell, `[batch, columns]`, in nats; for a number without
    /// the constant ½ log 2π, so that it is half the squared error. 0 for missing cells. Traps if
    /// the shape does not fit.
    public func cellErrors(of x: Tensor) -> Tensor {
        let rows = x.flattened()
        guard rows.shape == [outputs.shape[0], layout.elements] else {
            programmerError(
                "Tabular",
                "samples of shape \(x.shape) for \(outputs.shape[0]) rows of "
                    + "\(layout.elements) elements")
        }
        var errors: [Tensor] = []
        if !parts.numbers.isEmpty {
            let targets = rows.gathered(at: Tensor(parts.numbers.map(Int32.init)), axis: 1)
            errors.append(0.5 * square(targets - means))
        }
        for (category, logits) in zip(parts.categories, logits) {
            let target = rows.sliced(axis: 1, category.elements)
            if category.isEmbedded {
                // For missing cells the first value is used, whose error is then masked out.
                let labels = maximum(stopGradient(target) - 1, Tensor.zeros(like: target))
                errors.append(
                    crossEntropy(
                        logits: logits, labels: labels.reshaped([-1]).cast(to: .int32)
                    ).expandingAxis(1))
            } else {
                errors.append(
                    crossEntropy(logits: logits, probabilities: target).expandingAxis(1))
            }
        }
        return concatenated(errors, axis: 1).gathered(at: Tensor(parts.columnOrder), axis: 1)
            * layout.presence(of: rows)
    }

    public func logProbability(of x: Tensor) -> Tensor {
        let isNumber = Tensor(parts.isNumber.map { $0 ? 1.0 : 0 }).cast(to: outputs.dataType)
        let constants = layout.presence(of: x.flattened()) * isNumber * (0.5 * log(2 * Double.pi))
        return -(cellErrors(of: x) + constants).sum(axes: [1])
    }

    /// Rows without a missing cell.
    public func sample(using generator: inout RandomGenerator) -> Tensor {
        // Normal noise for numbers; for categories the largest logit with Gumbel noise is a sample.
        let type = outputs.dataType
        let normal = generator.normal([outputs.shape[0], parts.numbers.count], dataType: type)
        let uniform = generator.uniform(
            [outputs.shape[0], outputs.shape[1] - parts.numbers.count], dataType: type)
        let noise = concatenated([normal, -log(-log(uniform))], axis: 1)
        return Tabular(layout, outputs: stopGradient(outputs) + noise, sampleShape: shape).rows {
            oneHot($0.argmax(), depth: $0.shape[1], dataType: type)
        }
    }

    // MARK: Parts

    private var means: Tensor { outputs.sliced(axis: 1, 0..<parts.numbers.count) }

    /// The logits of each category, `[batch, values]`.
    private var logits: [Tensor] {
        parts.categories.map { outputs.sliced(axis: 1, $0.outputs) }
    }

    /// Samples from the means and from the transformed logits of each category.
    private func rows(_ category: (Tensor) -> Tensor) -> Tensor {
        let type = outputs.dataType
        let ones = Tensor.ones([outputs.shape[0], 1], dataType: type)
        let categories = zip(parts.categories, logits).map { part, logits in
            part.isEmbedded
                ? (stopGradient(logits).argmax().cast(to: type) + 1).expandingAxis(1)
                : category(logits)
        }
        return concatenated([means, ones] + categories, axis: 1)
            .gathered(at: Tensor(parts.elementOrder), axis: 1)
            .reshaped([outputs.shape[0]] + shape)
    }

    /// The positions of columns and elements. In the outputs numbers come first, then categories.
    private struct Parts {
        struct Category {
            let elements: Range<Int>
            let outputs: Range<Int>
            let isEmbedded: Bool
        }

        /// The elements that are numbers.
        var numbers: [Int] = []
        var categories: [Category] = []
        let isNumber: [Bool]
        /// The position of each column among numbers and categories.
        var columnOrder: [Int32]
        /// The position of each element among numbers, a one, and categories.
        var elementOrder: [Int32]

        init(_ layout: TableLayout) {
            isNumber = layout.columns.map { $0 == .number || $0 == .completeNumber }
            let count = isNumber.count { $0 }
            columnOrder = []
            elementOrder = []
            var (output, place) = (count, count + 1)
            for (column, start) in zip(layout.columns, layout.starts) {
                switch column {
                case .completeNumber, .number:
                    columnOrder.append(Int32(numbers.count))
                    elementOrder.append(Int32(numbers.count))
                    if column == .number { elementOrder.append(Int32(count)) }
                    numbers.append(start)
                case .category, .embedding:
                    columnOrder.append(Int32(count + categories.count))
                    categories.append(
                        Category(
                            elements: start..<start + column.elements,
                            outputs: output..<output + column.outputs,
                            isEmbedded: column.isEmbedding))
                    elementOrder += (place..<place + column.elements).map(Int32.init)
                    output += column.outputs
                    place += column.elements
                }
            }
        }
    }
}

/// A decoder whose head computes the outputs of a ``Tabular`` likelihood.
public struct TabularDecoder<Head: Layer>: DecoderNetwork {
    /// From codes to `[batch, outputs]` of the layout.
    public var head: Head
    /// The layout of the table.
    public let layout: TableLayout
    private let sampleShape: [Int]?

    /// - Parameter sampleShape: of a sample, without the batch; a vector if not given.
    public init(_ head: Head, layout: TableLayout, sampleShape: [Int]? = nil) {
        self.head = head
        self.layout = layout
        self.sampleShape = sampleShape
    }

    public func callAsFunction(_ code: Tensor, in context: inout PassContext) -> Tabular {
        Tabular(layout, outputs: head(code, in: &context), sampleShape: sampleShape)
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) { visitor("head", &head) }
}
