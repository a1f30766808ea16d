import Autograd
import Distributions

/// The negative log-likelihood of the target, in nats, for a likelihood of discrete values.
public struct CrossEntropy<Output: HasLikelihood>: ObjectiveTerm
where Output.TargetLikelihood: DiscreteDistribution {
    public init() {}

    public var name: String { "crossEntropy" }

    public func callAsFunction(_ pass: ForwardPass<Output>) -> Tensor {
        -pass.draws.mean(pass.likelihood.logProbability(of: pass.draws.repeated(pass.target)))
    }
}

/// The cross-entropy of the class logits with the batch's labels, in nats.
public struct Classification<Output: HasLogits>: ObjectiveTerm {
    public init() {}

    public var name: String { "crossEntropy" }

    /// Traps if the batch has no labels, or a label that is not a class.
    public func callAsFunction(_ pass: ForwardPass<Output>) -> Tensor {
        guard let labels = pass.batch.labels else {
            programmerError("Classification", "the batch has no labels")
        }
        requireClasses(labels, below: pass.logits.shape[pass.logits.rank - 1], "Classification")
        return -Categorical(logits: pass.logits).logProbability(of: labels)
    }
}
