import Autograd

/// Components that are 1 with some probability, else 0.
///
/// Values between 0 and 1, such as grey pixels, are accepted as targets; the log-probability is
/// then minus the cross-entropy, which is greatest where the probability equals the target, but
/// is not 0 there.
public struct Bernoulli: DiscreteLikelihood {
    /// The logarithms of the odds, `[batch, …]`. Value and gradient of the log-probability are
    /// finite however large they are.
    public let logits: Tensor

    public init(logits: Tensor) { self.logits = logits }

    /// From probabilities above 0 and below 1.
    public init(probabilities: Tensor) {
        logits = log(probabilities) - log1p(-probabilities)
    }

    /// The probabilities of 1.
    public var mean: Tensor { sigmoid(logits) }

    /// Σ x log p + (1 − x) log(1 − p).
    public func logProbability(of x: Tensor) -> Tensor {
        requireEqualShapes("Bernoulli", "a sample", x, "logits", logits)
        return -binaryCrossEntropy(logits: logits, targets: x).summedOverSample()
    }

    /// Zeros and ones.
    public func sample(using generator: inout RandomGenerator) -> Tensor {
        generator.bernoulli(probabilities: mean)
    }
}
