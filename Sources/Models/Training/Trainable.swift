import Autograd
import Datasets

/// A model that makes something of a batch that an objective can judge: all that training needs to
/// know of it.
public protocol Trainable: Module {
    /// What a pass gives: see ``HasLikelihood`` and its like for what terms ask of it.
    associatedtype Output: Sendable

    /// One pass, as training and evaluation make it.
    func callAsFunction(_ batch: Batch, in context: inout PassContext) -> Output

    /// A batch as the model takes it, where it changes it before a pass, target and all: such as
    /// grey pixels that are drawn black or white anew each time.
    func prepared(_ batch: Batch, in context: inout PassContext) -> Batch

    /// What an evaluation measures besides the objective: means over the samples.
    func additionalMetrics(of pass: ForwardPass<Output>) -> [(name: String, value: Double)]
}

extension Trainable {
    public func prepared(_ batch: Batch, in context: inout PassContext) -> Batch { batch }

    public func additionalMetrics(of pass: ForwardPass<Output>) -> [(name: String, value: Double)] {
        []
    }

    /// A pass of a batch, for an objective.
    public func pass(_ batch: Batch, in context: inout PassContext) -> ForwardPass<Output> {
        let batch = prepared(batch, in: &context)
        let output = self(batch, in: &context)
        return ForwardPass(output, of: batch, in: &context)
    }

    /// A pass of inputs, `[batch, …]`, whose target is what they are where it is not given.
    public func pass(
        _ input: Tensor, target: Tensor? = nil, in context: inout PassContext
    ) -> ForwardPass<Output> {
        pass(Batch(input, target: target), in: &context)
    }

    /// An objective for the model: where it stands alone, its terms learn from this of which model
    /// they judge the output.
    ///
    /// ```swift
    /// let objective = vae.objective(Reconstruction() + 4 * KullbackLeibler())
    /// ```
    public func objective(_ objective: some ObjectiveComponent<Output>) -> Objective<Output> {
        objective.objective
    }
}
