import Autograd

/// The value of an objective over a data set.
public struct Evaluation: Sendable {
    /// The weighted sum of the terms.
    public let total: Double
    /// Each term by name, unweighted.
    public let terms: [(name: String, value: Double)]

    /// The value of a term; `nil` if the objective has none of that name.
    public subscript(_ name: String) -> Double? { terms.first { $0.name == name }?.value }
}

extension Trainable {
    /// The value of an objective over a data set in evaluation mode: the mean over its samples,
    /// computed in batches.
    ///
    /// - Parameters:
    ///   - inputs: the samples along the first axis; at least one, or it traps.
    ///   - targets: what is to be reconstructed; the inputs where not given.
    ///   - generator: of the samples of the posterior.
    public func evaluate(
        _ objective: Objective<Output>, on inputs: Tensor, targets: Tensor? = nil,
        batchSize: Int = 256,
        using generator: RandomGenerator = RandomGenerator(seed: 0)
    ) -> Evaluation {
        let count = inputs.shape.first ?? 0
        guard count > 0, batchSize > 0, targets == nil || targets?.shape.first == count else {
            programmerError(
                "evaluate",
                "batches of \(batchSize) of inputs of shape \(inputs.shape) with targets of shape "
                    + "\((targets ?? inputs).shape)")
        }
        var context = Context.evaluation(generator)
        var means = RunningMeans()
        for start in stride(from: 0, to: count, by: batchSize) {
            let batch = start..<min(start + batchSize, count)
            let input = inputs[batch]
            let pass = pass(input, target: targets?[batch] ?? input, in: &context)
            means.add(objective(pass).numbers, of: batch.count)
        }
        return Evaluation(total: means.means[0].value, terms: Array(means.means.dropFirst()))
    }
}
