import Autograd
import Datasets

/// A ``PixelModel`` that is told the class of each image, p(x | y) (van den Oord et al.,
/// arXiv:1606.05328, section 2.3), or a number.
public struct ConditionalPixelModel<Network: PixelNetwork>: Trainable, Conditional {
    /// The model, whose network takes conditions.
    public var model: PixelModel<Network>
    /// What it is told.
    public let condition: Condition

    /// Tells a model a condition.
    public init(_ model: PixelModel<Network>, condition: Condition) {
        (self.model, self.condition) = (model, condition)
    }

    public func prepared(_ batch: Batch, in context: inout PassContext) -> Batch {
        model.prepared(batch, in: &context)
    }

    public func callAsFunction(
        _ batch: Batch, in context: inout PassContext
    ) -> LogProbabilities {
        model.logProbabilities(of: batch, given: condition.numbers(of: batch), in: &context)
    }

    public func additionalMetrics(
        of pass: ForwardPass<LogProbabilities>
    ) -> [(name: String, value: Double)] {
        model.additionalMetrics(of: pass)
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) { visitor.inline("model", &model) }
}

extension ConditionalPixelModel: HasExactLikelihood {}

extension ConditionalPixelModel: DrawsPixels {
    public var choice: SymbolChoice {
        get { model.choice }
        set { model.choice = newValue }
    }

    public var sampleOrigin: String {
        "Drawn pixel by pixel, each given those before and what was asked for."
    }

    public func sample(
        _ count: Int, given told: Tensor?, using generator: inout RandomGenerator
    ) -> Tensor {
        model.drawn(count, given: numbers(told), using: &generator)
    }

    public func completed(
        _ batch: Batch, keepingRows rows: Int, using generator: inout RandomGenerator
    ) -> Tensor {
        model.drawn(
            batch.count, after: batch, keepingRows: rows, given: condition.numbers(of: batch),
            using: &generator)
    }

    private func numbers(_ told: Tensor?) -> Tensor {
        guard let told else {
            programmerError("ConditionalPixelModel", "nothing is told of samples")
        }
        return condition.numbers(told, as: dataType)
    }
}
