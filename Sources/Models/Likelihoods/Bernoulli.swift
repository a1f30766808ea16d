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
    /// Where it is made from them.
    private let probabilities: Tensor?

    public init(logits: Tensor) {
        self.logits = logits
        probabilities = nil
    }

    /// From probabilities from 0 to 1. What has probability 1 has log-probability 0, what has 0
    /// has −∞; the slopes are those of log p and log(1 − p).
    public init(probabilities: Tensor) {
        logits = log(probabilities) - log1p(-probabilities)
        self.probabilities = probabilities
    }

    /// The probabilities of 1.
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

    /// Zeros and ones.
    public func sample(using generator: inout RandomGenerator) -> Tensor {
        generator.bernoulli(probabilities: mean)
    }
}
