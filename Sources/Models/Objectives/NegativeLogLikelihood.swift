import Autograd

/// An output that gives samples a probability, or a density, exactly.
public protocol HasLogProbabilities: Sendable {
    /// Of each sample, in nats, `[batch]`.
    var logProbabilities: Tensor { get }
}

/// The output of a pass of a model that says how likely samples are, and no more.
public struct LogProbabilities: HasLogProbabilities {
    public let logProbabilities: Tensor

    /// Of each sample, in nats, `[batch]`.
    public init(_ logProbabilities: Tensor) { self.logProbabilities = logProbabilities }
}

/// The negative logarithm of the samples' probabilities, in nats, where it is known exactly.
public struct NegativeLogLikelihood<Output: HasLogProbabilities>: ObjectiveTerm {
    public init() {}

    public var name: String { ReconstructionLoss.negativeLogLikelihood.rawValue }

    public func callAsFunction(_ pass: ForwardPass<Output>) -> Tensor {
        -pass.output.logProbabilities
    }
}
