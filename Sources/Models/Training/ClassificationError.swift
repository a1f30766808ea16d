import Autograd

/// The fraction of the samples with a label that are not classified correctly; not a number if none has
/// a label.
public struct ClassificationError<Output: HasLogits>: EvaluationMetric {
    private var count = 0
    private var wrong = 0.0

    public init() {}

    public var name: String { classificationErrorName }

    public mutating func add(_ pass: ForwardPass<Output>) {
        guard let labels = pass.batch.labels else { return }
        let isLabelled = labels .>= 0
        let isWrong = misclassified(pass.logits, labels) .& isLabelled
        count += isLabelled.elements(as: Bool.self).count { $0 }
        wrong += isWrong.cast(to: .float64).sum().scalar
    }

    public var value: Double { count > 0 ? wrong / Double(count) : .nan }
}

/// Whether the class with the greatest logit is another than the label, `[batch]`; it is if a logit is
/// not a number.
func misclassified(_ logits: Tensor, _ labels: Tensor) -> Tensor {
    logits.argmax() .!= labels .| logits.isNaN.any(axes: [-1])
}

/// The name under which it is reported.
let classificationErrorName = "classificationError"
