import Autograd

/// A mixture of distributions of one kind: each draw is of one of the components, chosen at random.
///
/// Gradients do not flow through draws.
public struct Mixture<Component: Distribution>: Distribution {
    /// The logarithms of the components' probabilities up to a constant, `[…, components]`.
    public let logits: Tensor
    /// The components, along the last axis of the batch, `[…, components]`.
    public let components: Component

    /// Traps if the logits do not have the shape of the components' batch, or that shape's last
    /// axis.
    public init(logits: Tensor, components: Component) {
        let batch = components.batchShape
        guard let count = batch.last, count > 0, logits.shape == batch || logits.shape == [count]
        else {
            programmerError(
                "Mixture",
                "logits of shape \(logits.shape) for components with batches \(batch)")
        }
        self.logits = logits.broadcast(to: batch)
        self.components = components
    }

    public var eventRank: Int { components.eventRank }
    public var dataType: DataType { components.dataType }
    public var support: ClosedRange<Double> { components.support }

    public var shape: [Int] {
        Array(components.batchShape.dropLast()) + components.shape.suffix(eventRank)
    }

    public var mean: Tensor { weighted(components.mean) }

    /// The variance within the components and between their means.
    public var variance: Tensor {
        let deviation = components.mean - mean.expandingAxis(componentAxis)
        return weighted(components.variance + square(deviation))
    }

    public func sample(_ draws: [Int], using generator: inout RandomGenerator) -> Tensor {
        let choice = Categorical(logits: stopGradient(logits)).sample(draws, using: &generator)
        let values = stopGradient(components.sample(draws, using: &generator))
        // Not by a product: the value of a component that was not chosen may be infinite.
        let isChosen = (choice.reshaped(choice.shape + ones) .> 0).broadcast(to: values.shape)
        return select(isChosen, values, Tensor(0, dataType: values.dataType))
            .sum(axes: [componentAxis])
    }

    /// log Σ πₖ pₖ(x).
    public func logProbability(of x: Tensor) -> Tensor {
        requireDraw(x)
        let leading = x.shape.dropLast(shape.count)
        let each = x.expandingAxis(componentAxis).broadcast(to: leading + components.shape)
        return (logSoftmax(logits) + components.logProbability(of: each)).logSumExp(axes: [-1])
    }

    /// The axis of the components in their draws, from the last.
    private var componentAxis: Int { -1 - eventRank }
    private var ones: [Int] { [Int](repeating: 1, count: eventRank) }

    private func weighted(_ values: Tensor) -> Tensor {
        let weights = softmax(logits)
        return (weights.reshaped(weights.shape + ones) * values).sum(axes: [componentAxis])
    }
}

extension Mixture: ContinuousDistribution where Component: ContinuousDistribution {}
extension Mixture: DiscreteDistribution where Component: DiscreteDistribution {}

/// A mixture of distributions of independent parts.
package protocol MixtureOfParts {
    /// The mean over the components, as likely as they are, of the divergence of each part from the same
    /// one of a distribution of such parts, in nats: at least the divergence of the mixture. Nil if no
    /// closed form is known.
    func meanDivergenceOfParts(from other: any Distribution) -> Tensor?
}

extension Mixture: MixtureOfParts where Component: IndependentParts {
    package func meanDivergenceOfParts(from other: any Distribution) -> Tensor? {
        components.divergenceOfParts(from: other).map { parts in
            // Each event is of one axis of parts.
            (softmax(logits).expandingAxis(-1) * parts).sum(axes: [-2])
        }
    }
}
