import Autograd
import Distributions
import Foundation

/// The likelihood of table rows, with a distribution for each column: normal for numbers (which should
/// be standardised), categorical for categories. Missing cells do not contribute.
public struct Tabular: Distribution {
    /// The layout of the table.
    public let layout: TableLayout
    /// `[batch, outputs]`: the means of all numeric columns in order, then the logits of each
    /// category's values.
    public let outputs: Tensor
    /// The logarithms of the standard deviations of all numeric columns in order, `[numbers]`; nil if
    /// they are 1.
    public let logScales: Tensor?
    /// The shape of a sample, without the batch.
    private let sampleShape: [Int]
    private let parts: Parts

    /// Traps if the outputs do not fit the layout.
    ///
    /// - Parameter sampleShape: of a sample, without the batch; a vector if not given.
    public init(
        _ layout: TableLayout, outputs: Tensor, logScales: Tensor? = nil, sampleShape: [Int]? = nil
    ) {
        guard outputs.rank == 2, outputs.shape[1] == layout.outputs else {
            programmerError(
                "Tabular",
                "outputs of shape \(outputs.shape) for a table of \(layout.outputs) outputs")
        }
        self.layout = layout
        self.outputs = outputs
        self.logScales = logScales
        self.sampleShape = sampleShape ?? [layout.elements]
        parts = Parts(layout)
        guard logScales == nil || logScales?.shape == [parts.numbers.count] else {
            programmerError(
                "Tabular",
                "log-scales of shape \(logScales?.shape ?? []) for \(parts.numbers.count) columns "
                    + "of numbers")
        }
    }

    /// The means of numbers, the probabilities of categories, and the most likely value of
    /// categories with an embedding, as in a row without missing cells.
    public var mean: Tensor {
        rows(of: means, presence: 1) {
            softmax($0)
        } embedded: {
            Self.number(of: $0)
        }
    }

    /// The squared scales of numbers, p (1 − p) for each value of a category, that of the number of the value for
    /// categories with an embedding; 0 for presence marks.
    public var variance: Tensor {
        rows(of: square(scales).broadcast(to: means.shape), presence: 0) {
            let probabilities = softmax($0)
            return probabilities * (1 - probabilities)
        } embedded: { logits in
            let numbers = Tensor.range(logits.shape[1], dataType: logits.dataType)
            let probabilities = softmax(logits)
            return (probabilities * square(numbers)).sum(axes: [1])
                - square((probabilities * numbers).sum(axes: [1]))
        }
    }

    public var shape: [Int] { [outputs.shape[0]] + sampleShape }
    public var dataType: DataType { outputs.dataType }
    public var eventRank: Int { sampleShape.count }

    /// The negative log-probability of each cell, `[batch, columns]`, in nats; for a number without
    /// what does not depend on it, so that it is half the squared error in units of the scale. 0 for
    /// missing cells. Traps if the shape does not fit.
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
            errors.append(0.5 * square((targets - means) / scales))
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
        guard x.shape.suffix(shape.count) == shape[...] else {
            programmerError(
                "Tabular", "samples of shape \(x.shape) for rows of shape \(shape)")
        }
        let leading = Array(x.shape.dropLast(shape.count))
        guard leading.isEmpty else {
            let all = repeated(leading)
            return all.logProbability(of: x.reshaped(all.shape))
                .reshaped(leading + [outputs.shape[0]])
        }
        let places = Tensor(
            zip(parts.isNumber.indices, parts.isNumber).compactMap {
                $1 ? Int32($0) : nil
            })
        let present = layout.presence(of: x.flattened()).gathered(at: places, axis: 1)
        let constants = present * (log(scales) + 0.5 * log(2 * Double.pi))
        return -cellErrors(of: x).sum(axes: [1]) - constants.sum(axes: [1])
    }

    /// Rows without a missing cell. Gradients do not flow through them.
    public func sample(_ draws: [Int], using generator: inout RandomGenerator) -> Tensor {
        let all = repeated(draws)
        // Normal noise for numbers; for categories the largest logit with Gumbel noise is a sample.
        let type = outputs.dataType
        let count = all.outputs.shape[0]
        let normal = generator.normal([count, parts.numbers.count], dataType: type) * scales
        let uniform = maximum(
            generator.uniform(
                [count, outputs.shape[1] - parts.numbers.count], dataType: type), 0x1p-54)
        let noise = concatenated([stopGradient(normal), -log(-log(uniform))], axis: 1)
        let drawn = Tabular(
            layout, outputs: stopGradient(all.outputs) + noise, sampleShape: sampleShape)
        return drawn.rows(of: drawn.means, presence: 1) {
            oneHot($0.argmax(), depth: $0.shape[1], dataType: type)
        } embedded: {
            Self.number(of: $0)
        }.reshaped(draws + shape)
    }

    /// The number of the value with the largest logit, from 1: 0 stands for a missing cell.
    private static func number(of logits: Tensor) -> Tensor {
        stopGradient(logits).argmax().cast(to: logits.dataType) + 1
    }

    /// The distribution of that many draws, along the batch.
    private func repeated(_ draws: [Int]) -> Tabular {
        guard !draws.isEmpty else { return self }
        return Tabular(
            layout,
            outputs: outputs.broadcast(to: draws + outputs.shape)
                .reshaped([-1, layout.outputs]), logScales: logScales, sampleShape: sampleShape)
    }

    // MARK: Parts

    /// The standard deviations of numbers, `[numbers]`.
    private var scales: Tensor {
        logScales.map(exp) ?? Tensor.ones([parts.numbers.count], dataType: outputs.dataType)
    }

    private var means: Tensor { outputs.sliced(axis: 1, 0..<parts.numbers.count) }

    /// The logits of each category, `[batch, values]`.
    private var logits: [Tensor] {
        parts.categories.map { outputs.sliced(axis: 1, $0.outputs) }
    }

    /// Samples put together from numbers, marks of their presence and what is made of the logits of
    /// each category, or of those with an embedding.
    private func rows(
        of numbers: Tensor, presence: Double, category: (Tensor) -> Tensor,
        embedded: (Tensor) -> Tensor
    ) -> Tensor {
        let type = outputs.dataType
        let marks = Tensor(repeating: presence, shape: [outputs.shape[0], 1], dataType: type)
        let categories = zip(parts.categories, logits).map { part, logits in
            part.isEmbedded
                ? embedded(logits).expandingAxis(1) : category(logits)
        }
        return concatenated([numbers, marks] + categories, axis: 1)
            .gathered(at: Tensor(parts.elementOrder), axis: 1)
            .reshaped(shape)
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
            isNumber = layout.columns.map(\.isNumber)
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
    /// For each column of numbers the logarithm of its standard deviation before it is bounded to
    /// −7 … 7, initially 0; nil if standard deviations are 1.
    public var logScales: Tensor?
    /// The layout of the table.
    public let layout: TableLayout
    private let sampleShape: [Int]?

    /// - Parameters:
    ///   - learnsScales: whether the standard deviations of numbers are learned, instead of 1.
    ///   - sampleShape: of a sample, without the batch; a vector if not given.
    public init(
        _ head: Head, layout: TableLayout, learnsScales: Bool = false, sampleShape: [Int]? = nil
    ) {
        self.head = head
        self.layout = layout
        self.sampleShape = sampleShape
        logScales = learnsScales ? Tensor.zeros([layout.numbers]) : nil
    }

    public func callAsFunction(_ code: Tensor, in context: inout PassContext) -> Tabular {
        Tabular(
            layout, outputs: head(code, in: &context),
            logScales: logScales.map { softlyBounded($0, to: 7) }, sampleShape: sampleShape)
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("head", &head)
        visitor("logScales", &logScales)
    }
}
