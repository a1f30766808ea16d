import Autograd
import Foundation

/// The Dirichlet distribution of vectors of positive numbers that add up to 1, Π xᵢ^(aᵢ−1) / B(a):
/// of probabilities of classes.
public struct Dirichlet: ContinuousDistribution, ReparameterizedDistribution {
    /// The parameters a, `[…, classes]`.
    public let concentration: Tensor

    /// Traps if there are no classes, or a parameter is not positive and finite.
    public init(concentration: Tensor) {
        guard let classes = concentration.shape.last, classes > 0 else {
            programmerError(
                "Dirichlet", "parameters of shape \(concentration.shape) are of no classes")
        }
        requireParameter(concentration, "concentration", of: "Dirichlet", .positive)
        self.concentration = concentration
    }

    public var shape: [Int] { concentration.shape }
    public var dataType: DataType { concentration.dataType }
    public var eventRank: Int { 1 }
    public var support: ClosedRange<Double> { 0...1 }
    public var mean: Tensor { concentration / total }

    public var variance: Tensor {
        let mean = mean
        return mean * (1 - mean) / (total + 1)
    }

    public var entropy: Tensor? {
        let total = total.squeezed(axes: [-1])
        return logNormaliser + (total - Double(shape[shape.count - 1])) * digamma(total)
            - ((concentration - 1) * digamma(concentration)).sum(axes: [-1])
    }

    /// Gamma variates, divided by their sum. Numbers that round to 0 or 1 are moved to the next one
    /// between.
    public func sample(_ draws: [Int], using generator: inout RandomGenerator) -> Tensor {
        softmax(generator.logGamma(shape: concentration.broadcast(to: draws + shape)))
            .withinOpenUnitInterval()
    }

    /// The density with respect to all components but one.
    public func logProbability(of x: Tensor) -> Tensor {
        requireDraw(x)
        return (concentration - 1).timesLogarithm(of: x).sum(axes: [-1]) - logNormaliser
    }

    /// In closed form from another Dirichlet distribution.
    public func divergence(from other: any Distribution) -> Tensor? {
        guard let other = other.unwrapped as? Dirichlet else { return nil }
        requireComparable(other)
        let excess = digamma(concentration) - digamma(total)
        return other.logNormaliser - logNormaliser
            + ((concentration - other.concentration) * excess).sum(axes: [-1])
    }

    private var total: Tensor { concentration.sum(axes: [-1], keepingAxes: true) }

    /// log B(a) = Σ log Γ(aᵢ) − log Γ(Σ aᵢ).
    private var logNormaliser: Tensor {
        // In double precision: it is a small difference of large numbers.
        let wide = concentration.cast(to: .float64)
        return (logGamma(wide).sum(axes: [-1]) - logGamma(wide.sum(axes: [-1])))
            .cast(to: concentration.dataType)
    }
}
