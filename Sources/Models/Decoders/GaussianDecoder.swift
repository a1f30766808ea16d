import Autograd
import Distributions
import Foundation

/// A decoder whose head computes the means of a normal likelihood.
///
/// Learned and predicted log-scales are smoothly bounded to −7 … 7, scales of 10⁻³ to 10³: an
/// unbounded scale would shrink without limit on data that the mean fits exactly (Rybkin et
/// al., arXiv:2006.13202). The scale that this paper finds best, in closed form, has
/// ``OptimalGaussianDecoder``.
public struct GaussianDecoder<Head: Layer>: DecoderNetwork {
    /// Where the standard deviation comes from.
    public enum Scale: Sendable, Equatable {
        /// A constant for all components.
        case fixed(Double)
        /// One parameter for all components, initially 1.
        case learned
        /// One for each component of each sample, computed by the head.
        case predicted
    }

    /// From codes to means, of the shape of the samples. If the scale is predicted, the output is
    /// twice as large along axis 1: the first half is means, the second log-scales.
    public var head: Head
    /// The shared log-scale before it is bounded, a scalar, if the scale is learned.
    public var logScale: Tensor?
    /// Where the standard deviation comes from.
    public let scale: Scale

    /// Traps if a fixed scale is not positive and finite.
    public init(_ head: Head, scale: Scale = .fixed(1)) {
        if case .fixed(let value) = scale, !(value > 0 && value.isFinite) {
            programmerError("GaussianDecoder", "the scale \(value) is not positive and finite")
        }
        self.head = head
        self.scale = scale
        logScale = scale == .learned ? Tensor(0) : nil
    }

    public func callAsFunction(
        _ code: Tensor, in context: inout PassContext
    ) -> Independent<Normal> {
        let output = head(code, in: &context)
        switch scale {
        case .fixed(let value):
            return Independent(Normal(mean: output, scale: value))
        case .learned:
            guard let logScale else {
                programmerError("GaussianDecoder", "the learned scale is missing")
            }
            return Independent(Normal(mean: output, logScale: Self.bounded(logScale)))
        case .predicted:
            guard output.rank >= 2, output.shape[1] % 2 == 0 else {
                programmerError(
                    "GaussianDecoder",
                    "axis 1 of the head's output of shape \(output.shape) does not divide into "
                        + "means and log-scales")
            }
            let half = output.shape[1] / 2
            return Independent(
                Normal(
                    mean: output.sliced(axis: 1, 0..<half),
                    logScale: Self.bounded(output.sliced(axis: 1, half..<2 * half))))
        }
    }

    private static func bounded(_ logScale: Tensor) -> Tensor { softlyBounded(logScale, to: 7) }

    public var steps: [NetworkStep]? {
        guard scale == .predicted else { return head.steps }
        let means = NetworkStep("firstHalf") { _, input in
            input.sliced(axis: 1, 0..<input.shape[1] / 2)
        }
        return head.steps.map { $0 + [means] }
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("head", &head)
        visitor("logScale", &logScale)
    }
}

extension GaussianDecoder {
    /// Traps if the head is none that can be doubled.
    ///
    /// - Parameter head: from codes to means alone. It is given as many outputs again for the
    ///   log-scales, which are 0 until they are trained.
    init(predictingScalesOf head: Head) {
        guard let doubled = (head as? any DoublesOutputs)?.withTwiceTheOutputs() as? Head else {
            programmerError(
                "GaussianDecoder", "a head of type \(Head.self) has no outputs to be doubled")
        }
        self.init(doubled, scale: .predicted)
    }
}

/// A layer that can be given as many outputs again.
private protocol DoublesOutputs: Layer {
    /// The same with twice as many outputs along the first axis of a sample, the added ones 0; nil
    /// where the last layer has no weights.
    func withTwiceTheOutputs() -> Self?
}

extension Dense: DoublesOutputs {
    func withTwiceTheOutputs() -> Dense? {
        func doubled(_ x: Tensor) -> Tensor { concatenated([x, Tensor.zeros(like: x)]) }
        return Dense(weight: doubled(weight), bias: bias.map(doubled))
    }
}

extension MultilayerPerceptron: DoublesOutputs {
    func withTwiceTheOutputs() -> MultilayerPerceptron? {
        guard let last = layers.last?.withTwiceTheOutputs() else { return nil }
        return replacingLast(by: last)
    }
}

extension Sequential: DoublesOutputs {
    func withTwiceTheOutputs() -> Sequential? {
        guard layers.count >= 2, let reshape = layers[layers.count - 1] as? Reshape,
            let first = reshape.shape.first,
            let last = (layers[layers.count - 2] as? any DoublesOutputs)?.withTwiceTheOutputs()
        else { return nil }
        let shape = [2 * first] + reshape.shape.dropFirst()
        return Sequential(layers.dropLast(2) + [last, Reshape(shape)])
    }
}

extension TransposedConvolution2D: DoublesOutputs {
    func withTwiceTheOutputs() -> TransposedConvolution2D? {
        guard groups == 1 else { return nil }
        var doubled = self
        doubled.weight = concatenated([weight, Tensor.zeros(like: weight)], axis: 1)
        doubled.bias = bias.map { concatenated([$0, Tensor.zeros(like: $0)]) }
        return doubled
    }
}

extension ChosenNetwork: DoublesOutputs {
    func withTwiceTheOutputs() -> ChosenNetwork? {
        switch self {
        case .dense(let network): network.withTwiceTheOutputs().map { .dense($0) }
        case .convolutional(let network): network.withTwiceTheOutputs().map { .convolutional($0) }
        }
    }
}
