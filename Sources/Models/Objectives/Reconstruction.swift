import Autograd

/// How far the output is from the target.
public struct Reconstruction<Output: HasLikelihood>: ObjectiveTerm {
    /// How the distance is measured.
    public let measure: ReconstructionLoss
    public let name: String

    /// - Parameter name: the name of the measure if not given.
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

/// How the distance between an output and its target is measured.
public enum ReconstructionLoss: String, Sendable, Codable, CaseIterable {
    /// The negative log-likelihood of the target, in nats.
    case negativeLogLikelihood
    /// The squared difference between the output's mean and the target.
    case squaredError
}

/// The negative log-likelihood of the target, in nats, for a likelihood of discrete values.
public struct CrossEntropy<Output: HasLikelihood>: ObjectiveTerm
where Output.TargetLikelihood: DiscreteLikelihood {
    public init() {}

    public var name: String { "crossEntropy" }

    public func callAsFunction(_ pass: ForwardPass<Output>) -> Tensor {
        -pass.likelihood.logProbability(of: pass.target)
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
