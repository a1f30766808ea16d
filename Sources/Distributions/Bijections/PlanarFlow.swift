import Autograd
import Foundation

/// x ↦ x + û tanh(w·x + b): vectors are moved along a direction û, depending on where they lie along
/// another one, w (Rezende and Mohamed, "Variational Inference with Normalizing Flows",
/// arXiv:1505.05770, equation 10).
///
/// The direction u is changed to û along w, so that the function is invertible (appendix A.1): there
/// w·û is log(1 + e^(w·u)) − 1, here log(1 + (e − 1) e^(w·u)) − 1, which is 0 where u is, so that a flow
/// can be the identity. Its inverse has no closed form and is found by bisection.
public struct PlanarFlow: Bijection {
    /// û, `[…, size]`.
    public let direction: Tensor
    /// w, `[…, size]`.
    public let weight: Tensor
    /// b, `[…]`.
    public let bias: Tensor
    /// 1 + w·û, above 0.
    private let stretch: Tensor

    /// - Parameters:
    ///   - direction: u, `[…, size]`.
    ///   - weight: w, `[…, size]`.
    ///   - bias: `[…]`.
    public init(direction: Tensor, weight: Tensor, bias: Tensor) {
        guard direction.shape == weight.shape, bias.shape == weight.shape.dropLast(),
            weight.rank > 0
        else {
            programmerError(
                "PlanarFlow",
                "a direction of shape \(direction.shape), a weight of shape \(weight.shape) and a "
                    + "bias of shape \(bias.shape)")
        }
        let along = (direction * weight).sum(axes: [-1], keepingAxes: true)
        let squaredLength = square(weight).sum(axes: [-1], keepingAxes: true) + 1e-12
        let stretch = softplus(along + log(M_E - 1))
        self.direction = direction + (stretch - 1 - along) * weight / squaredLength
        (self.weight, self.bias) = (weight, bias)
        self.stretch = stretch.squeezed(axes: [-1])
    }

    public var eventRank: Int { 1 }

    public func callAsFunction(_ x: Tensor) -> Tensor { valueWithLogDeterminant(at: x).value }

    public func logDeterminant(at x: Tensor) -> Tensor {
        valueWithLogDeterminant(at: x).logDeterminant
    }

    public func valueWithLogDeterminant(
        at x: Tensor
    ) -> (value: Tensor, logDeterminant: Tensor) {
        let height = tanh((weight * x).sum(axes: [-1]) + bias)
        return (
            x + direction * height.expandingAxis(-1), log(rise(at: height))
        )
    }

    /// The derivative along w where tanh has a value, 1 + (1 − h²) w·û, in a form that stays positive.
    private func rise(at height: Tensor) -> Tensor {
        let square = square(height)
        return square + (1 - square) * stretch
    }

    /// Along w the function is one of single numbers, α + (w·û) tanh(α + b), which only rises.
    public func inverse(_ y: Tensor) -> Tensor {
        let target = (weight * y).sum(axes: [-1])
        let slope = stretch - 1
        let (fixed, fixedSlope) = (stopGradient(target), stopGradient(slope))
        let fixedBias = stopGradient(bias)
        var (lower, upper) = (fixed - abs(fixedSlope), fixed + abs(fixedSlope))
        for _ in 0..<60 {
            let middle = 0.5 * (lower + upper)
            let isBelow = middle + fixedSlope * tanh(middle + fixedBias) .< fixed
            lower = select(isBelow, middle, lower)
            upper = select(isBelow, upper, middle)
        }
        // Steps of Newton's method from the root, which leave its value and give it derivatives: the
        // first one the first, the second one two more.
        var along = 0.5 * (lower + upper)
        for _ in 0..<2 {
            let height = tanh(along + bias)
            along = along - (along + slope * height - target) / rise(at: height)
        }
        return y - direction * tanh(along + bias).expandingAxis(-1)
    }
}
