import Autograd

/// A probability distribution, or a batch of them: a value made of tensors of parameters.
///
/// A draw has the ``shape`` of the parameters. Its last ``eventRank`` axes are one event, whose
/// log-probability is one number: none for distributions of numbers, one for distributions of
/// vectors. Those before are the batch.
///
/// ```swift
/// let noise = Normal(mean: .zeros([3]), scale: 2)            // three numbers
/// let vector = Independent(noise, axes: 1)                   // one vector of three numbers
/// noise.logProbability(of: x)                                // [3]
/// vector.logProbability(of: x)                               // []
/// ```
///
/// Parameters out of their range trap at construction with the value and its place; parameters that
/// are not numbers pass, and give results that are not.
public protocol Distribution: Sendable {
    /// The shape of a draw: the axes of the batch, then those of an event.
    var shape: [Int] { get }
    /// The type of a draw, and of all parameters.
    var dataType: DataType { get }
    /// The number of last axes of a draw that are one event.
    var eventRank: Int { get }
    /// The smallest interval that contains each component of every draw.
    var support: ClosedRange<Double> { get }
    /// The expected value of a draw, of its shape; not a number where there is none. Traps if no
    /// closed form is known.
    var mean: Tensor { get }
    /// The variance of each component of a draw, of its shape; infinite, or not a number, where
    /// there is none. Traps if no closed form is known.
    var variance: Tensor { get }
    /// The entropy, −E log p, in nats, of the shape of the batch; nil if no closed form is known.
    var entropy: Tensor? { get }
    /// Independent draws, of shape `draws + shape`.
    ///
    /// Gradients flow through them to the parameters only if the distribution is a
    /// ``ReparameterizedDistribution``.
    func sample(_ draws: [Int], using generator: inout RandomGenerator) -> Tensor
    /// Independent draws, and their log-probabilities, `draws` and the shape of the batch, if these
    /// are found more easily on the way than from the draws afterwards; otherwise nil.
    func sampleWithKnownDensity(
        _ draws: [Int], using generator: inout RandomGenerator
    ) -> (value: Tensor, logProbability: Tensor?)
    /// The logarithm of the probability of `x`, or of its density, in nats.
    ///
    /// - Parameter x: of the shape of draws, `[…] + shape`; the result has its axes without those of
    ///   events. Traps if the last axes differ from ``shape``.
    func logProbability(of x: Tensor) -> Tensor
    /// The Kullback–Leibler divergence from another distribution, E (log p − log q) with draws of
    /// this one, in nats, of the shape of the batch; nil if no closed form is known.
    ///
    /// - Parameter other: with draws of the same shape, or of its last axes: then it is the same for
    ///   all of the batch.
    func divergence(from other: any Distribution) -> Tensor?
}

extension Distribution {
    public var eventRank: Int { 0 }
    public var support: ClosedRange<Double> { .unbounded }
    public var entropy: Tensor? { nil }
    public func divergence(from other: any Distribution) -> Tensor? { nil }

    public func sampleWithKnownDensity(
        _ draws: [Int], using generator: inout RandomGenerator
    ) -> (value: Tensor, logProbability: Tensor?) {
        (sample(draws, using: &generator), nil)
    }

    /// The axes of a draw before those of an event.
    public var batchShape: [Int] { Array(shape.dropLast(eventRank)) }

    /// One draw.
    public func sample(using generator: inout RandomGenerator) -> Tensor {
        sample([], using: &generator)
    }

    /// The entropy, −E log p, in nats: in closed form where one is known, otherwise the mean over
    /// draws.
    ///
    /// - Parameter draws: how many; positive (traps otherwise).
    public func entropy(draws: Int, using generator: inout RandomGenerator) -> Tensor {
        if let entropy { return entropy }
        let x = drawn(draws, "entropy", using: &generator)
        return -logProbability(of: x).mean(axes: [0])
    }

    /// The Kullback–Leibler divergence from another distribution, in nats: in closed form where one
    /// is known, otherwise the mean of log p − log q over draws of this one.
    ///
    /// - Parameter draws: how many; positive (traps otherwise).
    public func divergence(
        from other: any Distribution, draws: Int, using generator: inout RandomGenerator
    ) -> Tensor {
        if let divergence = divergence(from: other) { return divergence }
        let x = drawn(draws, "divergence", using: &generator)
        return (logProbability(of: x) - other.logProbability(of: x)).mean(axes: [0])
    }

    private func drawn(
        _ draws: Int, _ what: String, using generator: inout RandomGenerator
    ) -> Tensor {
        guard draws > 0 else { programmerError("\(Self.self)", "\(draws) draws for \(what)") }
        return sample([draws], using: &generator)
    }
}

/// A distribution with a density.
public protocol ContinuousDistribution: Distribution {}

/// A distribution of separate values, each with a probability of its own; the negative
/// log-probability is a cross-entropy.
public protocol DiscreteDistribution: Distribution {}

/// A distribution whose draws are a differentiable function of its parameters and of noise that does
/// not depend on them: gradients flow through a draw (Kingma and Welling, arXiv:1312.6114, section
/// 2.4; Figurnov et al., arXiv:1805.08498, where the function is known only by its inverse).
public protocol ReparameterizedDistribution: Distribution {}

/// A distribution of single numbers.
public protocol UnivariateDistribution: Distribution {
    /// The smallest number that a draw does not exceed with at least the given probability.
    ///
    /// - Parameter probability: from 0 to 1, of the shape of draws, `[…] + shape`, or one that
    ///   broadcasts with it.
    func quantile(_ probability: Tensor) -> Tensor
}

extension UnivariateDistribution {
    /// The smallest number that a draw does not exceed with at least the given probability, of the
    /// distribution's shape.
    public func quantile(_ probability: Double) -> Tensor {
        quantile(Tensor(repeating: probability, shape: shape, dataType: dataType))
    }
}

extension ClosedRange<Double> {
    /// All numbers.
    package static var unbounded: ClosedRange<Double> { -.infinity ... .infinity }
}
