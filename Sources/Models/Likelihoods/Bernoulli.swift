import Autograd

/// Components that are 1 with some probability and otherwise 0.
///
/// Values between 0 and 1, such as grey pixels, are accepted as targets; the log-probability is
/// then the negative cross-entropy, which is largest if the probability equals the target, but
/// is not 0 there.
public struct Bernoulli: DiscreteLikelihood {
    /// The log-odds, `[batch, …]`. Value and gradient of the log-probability are finite for logits
    /// of any size.
    public let logits: Tensor
    /// Set if created from probabilities.
    private let probabilities: Tensor?

    /// Creates the likelihood from logits.
    public init(logits: Tensor) {
        self.logits = logits
        probabilities = nil
    }

    /// From probabilities from 0 to 1. An outcome with probability 1 has log-probability 0, one
    /// with probability 0 has −∞; the gradients are those of log p and log(1 − p).
    public init(probabilities: Tensor) {
        logits = log(probabilities) - log1p(-probabilities)
        self.probabilities = probabilities
    }

    /// The probabilities of the value 1.
    public var mean: Tensor { probabilities ?? sigmoid(logits) }

    public var support: ClosedRange<Double>? { 0...1 }

    /// Σ x log p + (1 − x) log(1 − p).
    public func logProbability(of x: Tensor) -> Tensor {
        requireEqualShapes("Bernoulli", "a sample", x, "logits", logits)
        guard let probabilities else {
            return -binaryCrossEntropy(logits: logits, targets: x).summedOverSample()
        }
        return
            (x.timesLogarithm(of: probabilities)
            + (1 - x).timesLogarithm(ofOneMinus: probabilities))
            .summedOverSample()
    }

    /// Samples of zeros and ones.
    public func sample(using generator: inout RandomGenerator) -> Tensor {
        generator.bernoulli(probabilities: mean)
    }
}
