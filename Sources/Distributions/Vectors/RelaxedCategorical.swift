import Autograd
import Foundation

/// Vectors of positive numbers that add up to 1, close to one-hot ones at low temperatures: a
/// categorical distribution through whose draws gradients flow (the concrete distribution, Maddison
/// et al., arXiv:1611.00712; the Gumbel-softmax, Jang et al., arXiv:1611.01144).
///
/// Mean, variance and entropy have no closed form.
public struct RelaxedCategorical: ContinuousDistribution, ReparameterizedDistribution {
    /// The logarithms of the class probabilities up to a constant, `[…, classes]`.
    public let logits: Tensor
    /// How far from one-hot vectors draws are: towards 0 they become these.
    public let temperature: Double

    /// Traps if there are no classes, or the temperature is not positive and finite.
    public init(logits: Tensor, temperature: Double) {
        guard let classes = logits.shape.last, classes > 0 else {
            programmerError(
                "RelaxedCategorical", "logits of shape \(logits.shape) are of no classes")
        }
        guard temperature > 0, temperature.isFinite else {
            programmerError(
                "RelaxedCategorical", "the temperature \(temperature) is not positive and finite")
        }
        self.logits = logits
        self.temperature = temperature
    }

    public var shape: [Int] { logits.shape }
    public var dataType: DataType { logits.dataType }
    public var eventRank: Int { 1 }
    public var support: ClosedRange<Double> { 0...1 }
    public var mean: Tensor { noClosedForm("mean") }
    public var variance: Tensor { noClosedForm("variance") }

    /// softmax((l + Gumbel noise) / temperature). Numbers that round to 0 or 1 are moved to the next
    /// one between.
    public func sample(_ draws: [Int], using generator: inout RandomGenerator) -> Tensor {
        let uniform = generator.openUniform(draws + shape, dataType: logits.dataType)
        return softmax((logits - log(-log(uniform))) / temperature).withinOpenUnitInterval()
    }

    /// The density with respect to all components but one (Maddison et al., equation 6).
    public func logProbability(of x: Tensor) -> Tensor {
        requireDraw(x)
        let classes = Double(shape[shape.count - 1])
        let scores = logits - temperature * log(x)
        return logarithmOfGamma(classes) + (classes - 1) * log(temperature)
            + (scores - log(x)).sum(axes: [-1]) - classes * scores.logSumExp(axes: [-1])
    }
}
