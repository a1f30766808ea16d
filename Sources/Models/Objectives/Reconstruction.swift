import Autograd

/// How far the output is from the target.
public struct Reconstruction: ObjectiveTerm {
    /// What the distance is.
    public enum Measure: String, Sendable, Codable, CaseIterable {
        /// Minus the log-likelihood of the target, in nats.
        case negativeLogLikelihood
        /// The squared difference of the output's mean and the target.
        case squaredError
        /// As the negative log-likelihood, for discrete likelihoods alone (traps for others).
        case crossEntropy
    }

    public let measure: Measure

    public init(_ measure: Measure = .negativeLogLikelihood) { self.measure = measure }

    /// That of the measure.
    public var name: String { measure.rawValue }

    public func callAsFunction(_ pass: Pass) -> Tensor {
        switch measure {
        case .negativeLogLikelihood:
            return -pass.output.logProbability(of: pass.target)
        case .squaredError:
            return squaredError(pass.output.mean, pass.target)
        case .crossEntropy:
            guard pass.output is any DiscreteLikelihood else {
                programmerError(
                    "Reconstruction", "\(type(of: pass.output)) has no cross-entropy")
            }
            return -pass.output.logProbability(of: pass.target)
        }
    }
}
