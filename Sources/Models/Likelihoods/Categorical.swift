import Autograd

/// Components that are one of several classes.
public struct Categorical: DiscreteLikelihood {
    /// The logarithms of the class probabilities up to a constant, `[batch, …, classes]`. Value and
    /// gradient of the log-probability are finite for logits of any size; a class with logit −∞ is
    /// impossible.
    public let logits: Tensor

    /// Creates the likelihood from logits.
    public init(logits: Tensor) { self.logits = logits }

    /// The class probabilities, `[batch, …, classes]`.
    public var mean: Tensor { softmax(logits) }

    /// The log-probability of class labels; for probabilities the negative cross-entropy. Traps if
    /// neither kind fits the logits.
    ///
    /// - Parameter x: class numbers as `int32`, `[batch, …]`, or class probabilities (for example
    ///   one-hot vectors) of the shape of the logits.
    public func logProbability(of x: Tensor) -> Tensor {
        if x.dataType == .int32, x.shape == Array(logits.shape.dropLast()) {
            return -crossEntropy(logits: logits, labels: x).summedOverSample()
        }
        guard x.dataType == logits.dataType, x.shape == logits.shape else {
            programmerError(
                "Categorical",
                "\(x.dataType) of shape \(x.shape) is neither class numbers nor probabilities "
                    + "for logits of shape \(logits.shape)")
        }
        return -crossEntropy(logits: logits, probabilities: x).summedOverSample()
    }

    /// One-hot vectors, `[batch, …, classes]`, sampled by the Gumbel-max method.
    public func sample(using generator: inout RandomGenerator) -> Tensor {
        let uniform = generator.uniform(logits.shape, dataType: logits.dataType)
        let classes = (stopGradient(logits) - log(-log(uniform))).argmax()
        return oneHot(classes, depth: logits.shape[logits.rank - 1], dataType: logits.dataType)
    }
}
