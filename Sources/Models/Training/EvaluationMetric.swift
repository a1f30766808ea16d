import Autograd

/// A quantity of a whole evaluation that is no mean over its samples, such as an area under a
/// curve: it looks at every pass, and is asked once at the end.
///
/// ```swift
/// Trainer(
///     SingleObjective(
///         classifier, objective: Objective(Classification()), optimizer: Adam(for: classifier),
///         metrics: [AreaUnderCurve()]),
///     plan: TrainingPlan(epochs: 10))
/// ```
public protocol EvaluationMetric<Output>: Sendable {
    /// What a pass of the models gives that it is of.
    associatedtype Output: Sendable
    /// Under which it is told.
    var name: String { get }
    /// Takes in what a model made of a batch.
    mutating func add(_ pass: ForwardPass<Output>)
    /// Of all that was taken in; not a number where that does not tell.
    var value: Double { get }
}

/// The area under the receiver operating characteristic of a classifier of two classes: the
/// probability that of a sample of class 1 and one of class 0 the first has the greater logit for
/// class 1.
public struct AreaUnderCurve<Output: HasLogits>: EvaluationMetric {
    private var scores: [Double] = []
    private var isPositive: [Bool] = []

    public init() {}

    public var name: String { "areaUnderCurve" }

    /// Traps unless there are two classes, and a label for each sample.
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
