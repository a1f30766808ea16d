import Autograd

/// One of several classes, as one-hot vectors along the last axis.
public struct Categorical: DiscreteDistribution {
    /// The logarithms of the class probabilities up to a constant, `[…, classes]`. Value and
    /// gradient of the log-probability are finite for logits of any size; a class with logit −∞ is
    /// impossible.
    public let logits: Tensor

    /// Traps if the logits are a scalar, or there are no classes.
    public init(logits: Tensor) {
        guard let classes = logits.shape.last, classes > 0 else {
            programmerError("Categorical", "logits of shape \(logits.shape) are of no classes")
        }
        self.logits = logits
    }

    public var shape: [Int] { logits.shape }
    public var dataType: DataType { logits.dataType }
    public var eventRank: Int { 1 }
    public var support: ClosedRange<Double> { 0...1 }

    /// The class probabilities, `[…, classes]`.
    public var mean: Tensor { softmax(logits) }
    public var variance: Tensor { mean * (1 - mean) }

    public var entropy: Tensor? { crossEntropy(logits: logits, probabilities: mean) }

    /// One-hot vectors, by the largest logit with Gumbel noise.
    public func sample(_ draws: [Int], using generator: inout RandomGenerator) -> Tensor {
        oneHot(
            sampleLabels(draws, using: &generator), depth: shape[shape.count - 1],
            dataType: logits.dataType)
    }

    /// The class numbers of draws, `int32`, `draws +` the shape of the batch.
    public func sampleLabels(
        _ draws: [Int] = [], using generator: inout RandomGenerator
    ) -> Tensor {
        // Not 0, whose noise −∞ would make an impossible class as likely as a possible one.
        let uniform = maximum(
            generator.uniform(draws + shape, dataType: logits.dataType), 0x1p-54)
        return (stopGradient(logits) - log(-log(uniform))).argmax()
    }

    /// The log-probability of classes; for class probabilities the negative cross-entropy. Traps if
    /// neither kind fits the logits.
    ///
    /// - Parameter x: class numbers as `int32`, of the shape of the batch, or class probabilities
    ///   (for example one-hot vectors) of the shape of the logits; with any axes before.
    public func logProbability(of x: Tensor) -> Tensor {
        let classes = logits.shape[logits.rank - 1]
        if x.dataType == .int32 {
            guard x.shape.suffix(logits.rank - 1) == logits.shape.dropLast() else {
                misfit(x)
            }
            return -crossEntropy(logits: logits.broadcast(to: x.shape + [classes]), labels: x)
        }
        guard x.dataType == logits.dataType, x.shape.suffix(logits.rank) == logits.shape[...] else {
            misfit(x)
        }
        return -crossEntropy(logits: logits.broadcast(to: x.shape), probabilities: x)
    }

    private func misfit(_ x: Tensor) -> Never {
        programmerError(
            "Categorical",
            "\(x.dataType) of shape \(x.shape) is neither class numbers nor probabilities for "
                + "logits of shape \(logits.shape)")
    }

    /// Σ p log(p / q) from one with probabilities q.
    public func divergence(from other: any Distribution) -> Tensor? {
        guard let other = other.unwrapped as? Categorical else { return nil }
        requireComparable(other)
        return crossEntropy(logits: other.logits, probabilities: mean)
            - crossEntropy(logits: logits, probabilities: mean)
    }
}
