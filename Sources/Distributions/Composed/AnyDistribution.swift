import Autograd

/// A distribution whose kind is known only when the program runs.
public struct AnyDistribution: Distribution {
    /// The distribution as it is; no ``AnyDistribution`` itself.
    public let base: any Distribution

    /// Any distribution.
    public init(_ base: some Distribution) { self.base = base.unwrapped }

    public var shape: [Int] { base.shape }
    public var dataType: DataType { base.dataType }
    public var eventRank: Int { base.eventRank }
    public var support: ClosedRange<Double> { base.support }
    public var mean: Tensor { base.mean }
    public var variance: Tensor { base.variance }
    public var entropy: Tensor? { base.entropy }

    public func sample(_ draws: [Int], using generator: inout RandomGenerator) -> Tensor {
        base.sample(draws, using: &generator)
    }

    public func sampleWithKnownDensity(
        _ draws: [Int], using generator: inout RandomGenerator
    ) -> (value: Tensor, logProbability: Tensor?) {
        base.sampleWithKnownDensity(draws, using: &generator)
    }

    public func logProbability(of x: Tensor) -> Tensor { base.logProbability(of: x) }

    public func divergence(from other: any Distribution) -> Tensor? {
        base.divergence(from: other.unwrapped)
    }
}

extension Distribution {
    /// The distribution, out of the ``AnyDistribution`` if it is in one.
    var unwrapped: any Distribution { (self as? AnyDistribution)?.base ?? self }
}
