import Autograd

/// How far the output is from the target.
public struct Reconstruction<Output: HasLikelihood>: ObjectiveTerm {
    public let measure: ReconstructionLoss
    public let name: String

    /// - Parameter name: that of the measure where not given.
    public init(
        _ measure: ReconstructionLoss = .negativeLogLikelihood, named name: String? = nil
    ) {
        self.measure = measure
        self.name = name ?? measure.rawValue
    }

    public func callAsFunction(_ pass: ForwardPass<Output>) -> Tensor {
        switch measure {
        case .negativeLogLikelihood: -pass.likelihood.logProbability(of: pass.target)
        case .squaredError: squaredError(pass.likelihood.mean, pass.target)
        }
    }
}

/// What the distance of an output from its target is.
public enum ReconstructionLoss: String, Sendable, Codable, CaseIterable {
    /// Minus the log-likelihood of the target, in nats.
    case negativeLogLikelihood
    /// The squared difference of the output's mean and the target.
    case squaredError
}

/// Minus the log-likelihood of the target, in nats, under a likelihood of discrete values.
public struct CrossEntropy<Output: HasLikelihood>: ObjectiveTerm
where Output.TargetLikelihood: DiscreteLikelihood {
    public init() {}

    public var name: String { "crossEntropy" }

    public func callAsFunction(_ pass: ForwardPass<Output>) -> Tensor {
        -pass.likelihood.logProbability(of: pass.target)
    }
}

/// The cross-entropy of the batch's labels with the logits of the classes, in nats.
public struct Classification<Output: HasLogits>: ObjectiveTerm {
    public init() {}

    public var name: String { "crossEntropy" }

    /// Traps where the batch has no labels, or one that is no class.
    public func callAsFunction(_ pass: ForwardPass<Output>) -> Tensor {
        guard let labels = pass.batch.labels else {
            programmerError("Classification", "the batch has no labels")
        }
        requireClasses(labels, below: pass.logits.shape[pass.logits.rank - 1], "Classification")
        return -Categorical(logits: pass.logits).logProbability(of: labels)
    }
}
