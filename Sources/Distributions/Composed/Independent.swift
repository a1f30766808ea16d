import Autograd

/// Several independent draws as one event: the log-probability is the sum over them.
///
/// Members of the distribution beneath are accessible directly: `posterior.logVariance`.
@dynamicMemberLookup
public struct Independent<Base: Distribution>: Distribution {
    /// The distribution of the parts.
    public let base: Base
    public let eventRank: Int

    /// - Parameter axes: how many of the last axes of the base's batch belong to the event; if not
    ///   given all but the first, so that the batch of samples remains. Traps if there are not so
    ///   many.
    public init(_ base: Base, axes: Int? = nil) {
        let rank = base.batchShape.count
        let axes = axes ?? max(rank - 1, 0)
        guard (0...rank).contains(axes) else {
            programmerError(
                "Independent", "\(axes) axes of a distribution with batches \(base.batchShape)")
        }
        self.base = base
        eventRank = base.eventRank + axes
    }

    /// A member of the distribution beneath.
    public subscript<Value>(dynamicMember path: KeyPath<Base, Value>) -> Value {
        base[keyPath: path]
    }

    public var shape: [Int] { base.shape }
    public var dataType: DataType { base.dataType }
    public var support: ClosedRange<Double> { base.support }
    public var mean: Tensor { base.mean }
    public var variance: Tensor { base.variance }
    public var entropy: Tensor? { base.entropy.map(summed) }

    public func sample(_ draws: [Int], using generator: inout RandomGenerator) -> Tensor {
        base.sample(draws, using: &generator)
    }

    public func logProbability(of x: Tensor) -> Tensor { summed(base.logProbability(of: x)) }

    /// In closed form if the bases have one.
    public func divergence(from other: any Distribution) -> Tensor? {
        divergenceOfParts(from: other).map(summed)
    }

    /// The sums over the axes that belong to the event.
    private func summed(_ x: Tensor) -> Tensor {
        let axes = eventRank - base.eventRank
        return axes == 0 ? x : x.sum(axes: Array(x.rank - axes..<x.rank))
    }
}

/// A distribution of independent parts.
package protocol IndependentParts {
    /// The divergence of each part from the same one of another such distribution, in nats; nil if no
    /// closed form is known.
    func divergenceOfParts(from other: any Distribution) -> Tensor?
}

extension Independent: IndependentParts {
    package func divergenceOfParts(from other: any Distribution) -> Tensor? {
        guard let other = other.unwrapped as? Independent<Base> else { return nil }
        requireComparable(other)
        return base.divergence(from: other.base)
    }
}

extension Independent: ContinuousDistribution where Base: ContinuousDistribution {}
extension Independent: DiscreteDistribution where Base: DiscreteDistribution {}
extension Independent: ReparameterizedDistribution where Base: ReparameterizedDistribution {}
