import Autograd

/// Components that are one of several classes.
public struct Categorical: DiscreteLikelihood {
    /// Logarithms of the classes' probabilities up to a constant, `[batch, …, classes]`. Value
    /// and gradient of the log-probability are finite however large they are; a class of −∞ is
    /// impossible.
    public let logits: Tensor

    public init(logits: Tensor) { self.logits = logits }

    /// The classes' probabilities, `[batch, …, classes]`.
    public var mean: Tensor { softmax(logits) }

    /// - Parameter x: class numbers as `int32`, `[batch, …]`, or probabilities of the classes
    ///   (for example one-hot vectors) of the shape of the logits. For probabilities it is minus
    ///   the cross-entropy.
    public func logProbability(of x: Tensor) -> Tensor {
        if x.dataType == .int32, x.shape == Array(logits.shape.dropLast()) {
            return -crossEntropy(logits: logits, labels: x).summedOverSample()
        }
        guard x.dataType == logits.dataType, x.shape == logits.shape else {
            programmerError(
                "Categorical",
                "\(x.dataType) of shape \(x.shape) are neither class numbers nor probabilities "
                    + "for logits of shape \(logits.shape)")
        }
        return -crossEntropy(logits: logits, probabilities: x).summedOverSample()
    }

    /// One-hot vectors, `[batch, …, classes]`: the greatest of the logits with Gumbel noise.
    public func sample(using generator: inout RandomGenerator) -> Tensor {
        let uniform = generator.uniform(logits.shape, dataType: logits.dataType)
        let classes = (stopGradient(logits) - log(-log(uniform))).argmax()
        return oneHot(classes, depth: logits.shape[logits.rank - 1], dataType: logits.dataType)
    }
}
