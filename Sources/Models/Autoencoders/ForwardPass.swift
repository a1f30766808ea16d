import Autograd
import Datasets

/// One pass of a batch through a model: everything that the terms of an objective can use. Members
/// of the output and of the batch are accessible directly: `pass.code`, `pass.target`.
@dynamicMemberLookup
public struct ForwardPass<Output: Sendable>: Sendable {
    /// The input of the model, after its preparation.
    public let batch: Batch
    /// The output of the model.
    public let output: Output
    /// The training step of the pass, from 0; weights of terms may depend on it.
    public let step: Int
    /// The fraction of the training that is done, from 0 to 1.
    public let progress: Double
    /// A random number generator for terms that need one, different for each pass.
    public let generator: RandomGenerator

    /// - Parameter context: of the pass; the terms' generator is derived from its own.
    public init(_ output: Output, of batch: Batch, in context: inout PassContext) {
        self.output = output
        self.batch = batch
        step = context.step
        progress = context.progress
        generator = context.generatorForTerms()
    }

    /// A member of the output.
    public subscript<Value>(dynamicMember path: KeyPath<Output, Value>) -> Value {
        output[keyPath: path]
    }

    /// A member of the batch.
    public subscript<Value>(dynamicMember path: KeyPath<Batch, Value>) -> Value {
        batch[keyPath: path]
    }
}
