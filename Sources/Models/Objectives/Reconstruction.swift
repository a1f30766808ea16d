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
        let target = pass.draws.repeated(pass.target)
        let errors =
            switch measure {
            case .negativeLogLikelihood: -pass.likelihood.logProbability(of: target)
            case .squaredError: squaredError(pass.likelihood.mean, target)
            case .logCosh: logCoshError(pass.likelihood.mean, target)
            case .structuralDissimilarity:
                structuralDissimilarity(pass.likelihood.mean, target)
            }
        return pass.draws.mean(errors)
    }
}

/// How the distance between an output and its target is measured.
public enum ReconstructionLoss: String, Sendable, Codable, CaseIterable {
    /// The negative log-likelihood of the target, in nats.
    case negativeLogLikelihood
    /// The squared difference between the output's mean and the target.
    case squaredError
    /// ``logCoshError(_:_:)`` of the output's mean.
    case logCosh
    /// ``structuralDissimilarity(_:_:)`` of the output's mean, an image.
    case structuralDissimilarity
}
