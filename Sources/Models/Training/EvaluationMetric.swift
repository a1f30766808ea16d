import Autograd

/// A quantity of a whole evaluation that is not a mean over its samples, such as an area under a
/// curve: it collects every pass and is computed at the end.
///
/// ```swift
/// Trainer(
///     SingleObjective(
///         classifier, objective: Objective(Classification()), optimizer: Adam(for: classifier),
///         metrics: [AreaUnderCurve()]),
///     plan: TrainingPlan(epochs: 10))
/// ```
public protocol EvaluationMetric<Output>: Sendable {
    /// The output of the models that the metric applies to.
    associatedtype Output: Sendable
    /// The name under which it is reported.
    var name: String { get }
    /// Adds the output of a model for a batch.
    mutating func add(_ pass: ForwardPass<Output>)
    /// The value over all that was added; NaN if it is undefined.
    var value: Double { get }
}

/// The area under the receiver operating characteristic of a binary classifier: the probability
/// that a random sample of class 1 has a greater logit difference between class 1 and class 0 than
/// a random sample of class 0.
public struct AreaUnderCurve<Output: HasLogits>: EvaluationMetric {
    private var scores: [Double] = []
    private var isPositive: [Bool] = []

    public init() {}

    public var name: String { "areaUnderCurve" }

    /// Traps unless there are two classes and the batch has labels.
    public mutating func add(_ pass: ForwardPass<Output>) {
        guard let labels = pass.batch.labels, pass.logits.shape.last == 2 else {
            programmerError(
                "AreaUnderCurve",
                "logits of shape \(pass.logits.shape) with labels of shape "
                    + "\(pass.batch.labels?.shape ?? [])")
        }
        let logits = stopGradient(pass.logits).cast(to: .float64)
        let difference =
            logits.sliced(axis: -1, 1..<2).flattened() - logits.sliced(axis: -1, 0..<1).flattened()
        scores += difference.elements(as: Double.self)
        isPositive += labels.elements(as: Int32.self).map { $0 == 1 }
    }

    public var value: Double {
        (try? Ranking(scores: scores, isPositive: isPositive))?.areaUnderCurve ?? .nan
    }
}
