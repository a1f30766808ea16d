import Autograd
import Datasets

/// One pass of a batch through a model: all that the terms of an objective may look at. What the
/// model gave stands beside the batch: `pass.code`, `pass.target`.
@dynamicMemberLookup
public struct ForwardPass<Output: Sendable>: Sendable {
    /// What the model was given, as it prepared it.
    public let batch: Batch
    /// What it made of that.
    public let output: Output
    /// The step of training that the pass belongs to, from 0: what weights of terms may follow.
    public let step: Int
    /// The part of the training that is done then, from 0 to 1.
    public let progress: Double
    /// A source of random numbers for terms that need some: of its own for each pass.
    public let generator: RandomGenerator

    /// - Parameter context: of the pass, whose generator gives off that of the terms.
    public init(_ output: Output, of batch: Batch, in context: inout PassContext) {
        self.output = output
        self.batch = batch
        step = context.step
        progress = context.progress
        generator = context.generatorForTerms()
    }

    public subscript<Value>(dynamicMember path: KeyPath<Output, Value>) -> Value {
        output[keyPath: path]
    }

    public subscript<Value>(dynamicMember path: KeyPath<Batch, Value>) -> Value {
        batch[keyPath: path]
    }
}
