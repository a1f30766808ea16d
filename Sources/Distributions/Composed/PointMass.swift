import Autograd

/// A distribution without uncertainty: every draw is the same.
public struct PointMass: ReparameterizedDistribution {
    /// The only value.
    public let mean: Tensor

    /// The distribution at a value.
    public init(_ value: Tensor) { mean = value }

    public var shape: [Int] { mean.shape }
    public var dataType: DataType { mean.dataType }
    public var variance: Tensor { Tensor.zeros(like: mean) }
    public var entropy: Tensor? { Tensor.zeros(like: mean) }

    public func sample(_ draws: [Int], using generator: inout RandomGenerator) -> Tensor {
        mean.broadcast(to: draws + shape)
    }

    /// 0 at the value, −∞ elsewhere, without slope; not-a-number where either is.
    public func logProbability(of x: Tensor) -> Tensor {
        requireDraw(x)
        let (x, mean) = (stopGradient(x), stopGradient(mean))
        let value = log((x .== mean).cast(to: dataType))
        return select(x.isNaN .| mean.isNaN, Tensor(.nan, dataType: dataType), value)
    }
}
