import Autograd

/// Vectors whose first numbers have one distribution, and the others another, independent of it: such as
/// an angle and what else is to be said.
public struct Joined<First: ContinuousDistribution, Second: ContinuousDistribution>:
    ContinuousDistribution
{
    /// Of the first numbers, vectors.
    public let first: First
    /// Of those after them, vectors.
    public let second: Second

    /// Traps unless both are distributions of vectors, in the same batches and of the same type.
    public init(_ first: First, _ second: Second) {
        guard first.eventRank == 1, second.eventRank == 1,
            first.batchShape == second.batchShape, first.dataType == second.dataType
        else {
            programmerError(
                "Joined",
                "\(first.dataType) vectors of shape \(first.shape) with \(second.dataType) "
                    + "of \(second.shape)")
        }
        (self.first, self.second) = (first, second)
    }

    public var shape: [Int] { batchShape + [firstSize + second.shape[second.shape.count - 1]] }
    public var batchShape: [Int] { first.batchShape }
    public var dataType: DataType { first.dataType }
    public var eventRank: Int { 1 }
    public var mean: Tensor { joined(first.mean, second.mean) }
    public var variance: Tensor { joined(first.variance, second.variance) }

    public var support: ClosedRange<Double> {
        let (a, b) = (first.support, second.support)
        return min(a.lowerBound, b.lowerBound)...max(a.upperBound, b.upperBound)
    }

    public var entropy: Tensor? {
        first.entropy.flatMap { entropy in second.entropy.map { entropy + $0 } }
    }

    public func sample(_ draws: [Int], using generator: inout RandomGenerator) -> Tensor {
        joined(
            first.sample(draws, using: &generator), second.sample(draws, using: &generator))
    }

    public func logProbability(of x: Tensor) -> Tensor {
        requireDraw(x)
        return first.logProbability(of: x.sliced(axis: -1, 0..<firstSize))
            + second.logProbability(of: x.sliced(axis: -1, firstSize..<shape[shape.count - 1]))
    }

    /// In closed form if both parts have one, from vectors of the same parts.
    public func divergence(from other: any Distribution) -> Tensor? {
        guard let other = comparable(other), let own = first.divergence(from: other.first),
            let rest = second.divergence(from: other.second)
        else { return nil }
        return own + rest
    }

    private var firstSize: Int { first.shape[first.shape.count - 1] }

    private func comparable(_ other: any Distribution) -> Joined? {
        guard let other = other.unwrapped as? Joined, other.firstSize == firstSize else {
            return nil
        }
        requireComparable(other)
        return other
    }

    private func joined(_ first: Tensor, _ second: Tensor) -> Tensor {
        concatenated([first, second], axis: -1)
    }
}

extension Joined: ReparameterizedDistribution
where First: ReparameterizedDistribution, Second: ReparameterizedDistribution {}

extension Joined: IndependentParts {
    package func divergenceOfParts(from other: any Distribution) -> Tensor? {
        guard let other = comparable(other),
            let own = (first as? any IndependentParts)?.divergenceOfParts(from: other.first),
            let rest = (second as? any IndependentParts)?.divergenceOfParts(from: other.second)
        else { return nil }
        return joined(own, rest)
    }
}
