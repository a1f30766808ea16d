import Autograd
import Distributions

/// The cross-entropy of the class logits with the labels of the samples that have one, in nats.
///
/// Its mean over a batch is that over the labelled samples, so that its weight means the same however few
/// they are; without any it is 0.
public struct LabelledClassification<Output: HasLogits>: ObjectiveTerm {
    public init() {}

    public var name: String { "classification" }

    /// Traps if a label is not a class.
    public func callAsFunction(_ pass: ForwardPass<Output>) -> Tensor {
        let (logits, type) = (pass.logits, pass.logits.dataType)
        let none = Tensor.zeros([pass.batch.count], dataType: type)
        guard let labels = pass.batch.labels else { return none }
        let isLabelled = (labels .>= 0).cast(to: type)
        let counted = pass.batch.weights.map { isLabelled * $0 } ?? isLabelled
        let share = counted.mean().scalar
        guard share > 0 else { return none }
        let known = maximum(labels, 0)
        requireClasses(known, below: logits.shape[logits.rank - 1], "LabelledClassification")
        return -Categorical(logits: logits).logProbability(of: known) * (isLabelled / share)
    }
}
