import Autograd
import Datasets

/// What a conditional model is told of each sample.
public enum Condition: Hashable, Sendable {
    /// Its class, one of so many: the labels of a batch, told as one-hot vectors.
    case classes(Int)
    /// A number: the condition of a batch, told in standard deviations from its mean.
    case number(mean: Double, deviation: Double)

    /// How many numbers tell it.
    public var size: Int {
        switch self {
        case .classes(let count): count
        case .number: 1
        }
    }

    /// The numbers that tell classes, `int32` `[samples]`, or numbers in their own units, `[samples]`:
    /// `[samples, size]`. Traps if a class is unknown.
    package func numbers(_ told: Tensor, as dataType: DataType) -> Tensor {
        switch self {
        case .classes(let count):
            oneHot(told, depth: count, dataType: dataType)
        case .number(let mean, let deviation):
            // Far from zero, digits would be lost in 32 bits.
            ((told.cast(to: .float64) - mean) / deviation).cast(to: dataType).reshaped([-1, 1])
        }
    }

    /// Those of the samples of a batch. Traps if it has none.
    package func numbers(of batch: Batch) -> Tensor {
        let told =
            switch self {
            case .classes: batch.labels
            case .number: batch.condition
            }
        guard let told else {
            programmerError("Condition", "a batch of \(batch.count) without what a model is told")
        }
        return numbers(told, as: batch.input.dataType)
    }
}

extension Tensor {
    /// Samples or codes, each followed by what is known of it: `[batch, …]` and `[batch, conditions]`
    /// to `[batch, elements + conditions]`.
    func joined(with conditions: Tensor) -> Tensor {
        concatenated([flattened(), conditions.cast(to: dataType)], axis: 1)
    }
}

/// A network of the first elements of each sample, beside which the others, conditions, pass unchanged:
/// `[batch, elements + conditions]` to `[batch, features + conditions]`.
struct WithConditions: Layer {
    private var network: Sequential
    private let elements: Int

    /// - Parameters:
    ///   - network: from `[batch, elements]`; its output is flattened.
    ///   - elements: how many elements of a sample are not conditions.
    init(_ network: Sequential, elements: Int) {
        (self.network, self.elements) = (network, elements)
    }

    func callAsFunction(_ input: Tensor, in context: inout PassContext) -> Tensor {
        let features = network(input[.all, ..<elements], in: &context)
        return features.joined(with: input[.all, elements...])
    }

    mutating func visit(_ visitor: inout ModuleVisitor) { visitor.inline("network", &network) }
}
