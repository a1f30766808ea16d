import Autograd
import Datasets

/// A model whose output for a batch an objective can evaluate: all that training needs to know
/// about it.
public protocol Trainable: Module {
    /// The output of a pass; terms require protocols of it such as ``HasLikelihood``.
    associatedtype Output: Sendable

    /// One pass, in training or in evaluation.
    func callAsFunction(_ batch: Batch, in context: inout PassContext) -> Output

    /// The batch after the model's own preparation, target included, such as grey pixels binarised
    /// at random anew each time. By default the batch as it is.
    func prepared(_ batch: Batch, in context: inout PassContext) -> Batch

    /// What an evaluation measures in addition to the objective: means over the samples.
    func additionalMetrics(of pass: ForwardPass<Output>) -> [(name: String, value: Double)]
}

extension Trainable {
    public func prepared(_ batch: Batch, in context: inout PassContext) -> Batch { batch }

    public func additionalMetrics(of pass: ForwardPass<Output>) -> [(name: String, value: Double)] {
        []
    }

    /// A pass of a batch, for use with an objective.
    public func pass(_ batch: Batch, in context: inout PassContext) -> ForwardPass<Output> {
        let batch = prepared(batch, in: &context)
        let output = self(batch, in: &context)
        return ForwardPass(output, of: batch, in: &context)
    }

    /// A pass of inputs, `[batch, …]`; the target is the input itself if not given.
    public func pass(
        _ input: Tensor, target: Tensor? = nil, in context: inout PassContext
    ) -> ForwardPass<Output> {
        pass(Batch(input, target: target), in: &context)
    }

    /// An objective for this model. Useful for an objective on its own, so that its terms can infer
    /// the type of the model's output.
    ///
    /// ```swift
    /// let objective = vae.objective(Reconstruction() + 4 * KullbackLeibler())
    /// ```
    public func objective(_ objective: some ObjectiveComponent<Output>) -> Objective<Output> {
        objective.objective
    }
}
