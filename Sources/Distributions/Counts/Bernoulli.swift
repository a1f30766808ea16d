import Autograd

/// Numbers that are 1 with some probability and otherwise 0.
///
/// Values between 0 and 1, such as grey pixels, are accepted too; their log-probability is the
/// negative cross-entropy, which is largest if the probability equals the value, but is not 0
/// there. ``ContinuousBernoulli`` is a density for them.
public struct Bernoulli: DiscreteDistribution, UnivariateDistribution {
    /// The log-odds. Value and gradient of the log-probability are finite for logits of any size.
    public let logits: Tensor
    /// Set if created from probabilities.
    private let probabilities: Tensor?

    /// From log-odds of any size.
    public init(logits: Tensor) {
        self.logits = logits
        probabilities = nil
    }

    /// From probabilities from 0 to 1; traps at others. An outcome with probability 1 has
    /// log-probability 0, one with probability 0 has −∞; the gradients are those of log p and
    /// log(1 − p).
    public init(probabilities: Tensor) {
        requireParameter(probabilities, "probability", of: "Bernoulli", .probability)
        logits = log(probabilities) - log1p(-probabilities)
        self.probabilities = probabilities
    }

    public var shape: [Int] { logits.shape }
    public var dataType: DataType { logits.dataType }
    public var support: ClosedRange<Double> { 0...1 }

    /// The probabilities of the value 1.
    public var mean: Tensor { probabilities ?? sigmoid(logits) }
    public var variance: Tensor { mean * (1 - mean) }

    /// −p log p − (1 − p) log(1 − p).
    public var entropy: Tensor? {
        guard let probabilities else { return binaryCrossEntropy(logits: logits, targets: mean) }
        return
            -(probabilities.timesLogarithm(of: probabilities)
            + (1 - probabilities).timesLogarithm(ofOneMinus: probabilities))
    }

    /// Zeros and ones.
    public func sample(_ draws: [Int], using generator: inout RandomGenerator) -> Tensor {
        generator.bernoulli(probabilities: mean.broadcast(to: draws + shape))
    }

    /// x log p + (1 − x) log(1 − p).
    public func logProbability(of x: Tensor) -> Tensor {
        requireDraw(x)
        guard let probabilities else {
            return -binaryCrossEntropy(logits: logits.broadcast(to: x.shape), targets: x)
        }
        return x.timesLogarithm(of: probabilities)
            + (1 - x).timesLogarithm(ofOneMinus: probabilities)
    }

    public func quantile(_ probability: Tensor) -> Tensor {
        let (p, mean) = (stopGradient(probability), stopGradient(mean))
        let isPossible = (p .>= 0) .& (p .<= 1) .& .!mean.isNaN
        let value = (p .> 1 - mean).cast(to: dataType)
        return select(isPossible, value, Tensor(.nan, dataType: dataType))
    }

    /// p log(p / q) + (1 − p) log((1 − p) / (1 − q)) from one with probability q.
    public func divergence(from other: any Distribution) -> Tensor? {
        guard let other = other.unwrapped as? Bernoulli, let entropy else { return nil }
        requireComparable(other)
        return -other.logProbability(of: mean) - entropy
    }
}
