import Autograd
import Foundation

/// x ↦ shift + scale · x.
public struct Affine: MonotoneBijection {
    /// Added after scaling.
    public let shift: Tensor
    /// The slope, not 0.
    public let scale: Tensor

    /// From tensors that broadcast with the argument. Traps if a scale is 0, infinite, or not a
    /// number.
    public init(shift: Tensor, scale: Tensor) {
        let size = abs(stopGradient(scale))
        requireParameter(size, "size of the scale", of: "Affine", .positive)
        (self.shift, self.scale) = (shift, scale)
    }

    public func callAsFunction(_ x: Tensor) -> Tensor { shift + scale * x }
    public func inverse(_ y: Tensor) -> Tensor { (y - shift) / scale }
    public func logDeterminant(at x: Tensor) -> Tensor { log(abs(scale)).broadcast(to: x.shape) }

    public func isIncreasing(_ shape: [Int]) -> Tensor {
        (stopGradient(scale) .> 0).broadcast(to: shape)
    }
}

/// x ↦ eˣ: turns a normal distribution into the log-normal one.
public struct Exponential: MonotoneBijection {
    /// The only one.
    public init() {}

    public func callAsFunction(_ x: Tensor) -> Tensor { exp(x) }
    public func inverse(_ y: Tensor) -> Tensor { log(y) }
    public func logDeterminant(at x: Tensor) -> Tensor { x }

    public func range(of domain: ClosedRange<Double>) -> ClosedRange<Double> {
        Foundation.exp(domain.lowerBound)...Foundation.exp(domain.upperBound)
    }
}

/// x ↦ tanh x, to between −1 and 1.
public struct HyperbolicTangent: MonotoneBijection {
    /// The only one.
    public init() {}

    public func callAsFunction(_ x: Tensor) -> Tensor { tanh(x) }

    /// ½ log((1 + y) / (1 − y)).
    public func inverse(_ y: Tensor) -> Tensor { 0.5 * (log1p(y) - log1p(-y)) }

    /// log(1 − tanh² x), in a form that does not cancel.
    public func logDeterminant(at x: Tensor) -> Tensor {
        2 * (log(2) - x - softplus(-2 * x))
    }

    public func range(of domain: ClosedRange<Double>) -> ClosedRange<Double> {
        Foundation.tanh(domain.lowerBound)...Foundation.tanh(domain.upperBound)
    }
}

/// x ↦ 1 / (1 + e⁻ˣ), to between 0 and 1.
public struct LogisticFunction: MonotoneBijection {
    /// The only one.
    public init() {}

    public func callAsFunction(_ x: Tensor) -> Tensor { sigmoid(x) }
    public func inverse(_ y: Tensor) -> Tensor { log(y) - log1p(-y) }
    public func logDeterminant(at x: Tensor) -> Tensor { -(softplus(x) + softplus(-x)) }
    public func range(of domain: ClosedRange<Double>) -> ClosedRange<Double> { 0...1 }
}
