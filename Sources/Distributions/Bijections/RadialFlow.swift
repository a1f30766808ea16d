import Autograd

/// x ↦ x + β (x − c) / (α + |x − c|): vectors are moved away from a centre, or towards it (Rezende and
/// Mohamed, arXiv:1505.05770, equation 14), with β kept above −α, so that the function is invertible
/// (appendix A.2).
public struct RadialFlow: Bijection {
    /// c, `[…, size]`.
    public let centre: Tensor
    /// α, positive, `[…, 1]`.
    public let radius: Tensor
    /// α + β, positive, `[…, 1]`.
    private let stretch: Tensor

    /// - Parameters:
    ///   - centre: `[…, size]`.
    ///   - logRadius: log α, `[…]`.
    ///   - strength: the softplus of which is α + β, `[…]`.
    public init(centre: Tensor, logRadius: Tensor, strength: Tensor) {
        guard centre.rank > 0, logRadius.shape == centre.shape.dropLast(),
            strength.shape == logRadius.shape
        else {
            programmerError(
                "RadialFlow",
                "a centre of shape \(centre.shape), a radius of shape \(logRadius.shape) and a "
                    + "strength of shape \(strength.shape)")
        }
        self.centre = centre
        radius = exp(logRadius).expandingAxis(-1)
        stretch = softplus(strength).expandingAxis(-1)
    }

    public var eventRank: Int { 1 }

    public func callAsFunction(_ x: Tensor) -> Tensor { valueWithLogDeterminant(at: x).value }

    public func logDeterminant(at x: Tensor) -> Tensor {
        valueWithLogDeterminant(at: x).logDeterminant
    }

    public func valueWithLogDeterminant(
        at x: Tensor
    ) -> (value: Tensor, logDeterminant: Tensor) {
        let offset = x - centre
        let distance = offset.norm(axes: [-1], keepingAxes: true)
        let reach = radius + distance
        // Across the radius each direction is stretched by 1 + β / (α + r), along it by the derivative of
        // r + β r / (α + r): sums of positive numbers.
        let across = (stretch + distance) / reach
        let along =
            (square(distance) + 2 * radius * distance + radius * stretch) / square(reach)
        let others = Double(x.shape[x.rank - 1] - 1)
        return (centre + across * offset, (others * log(across) + log(along)).squeezed(axes: [-1]))
    }

    /// The distance r from the centre solves r (1 + β / (α + r)) = |y − c|, a quadratic equation.
    public func inverse(_ y: Tensor) -> Tensor {
        let offset = y - centre
        let target = offset.norm(axes: [-1], keepingAxes: true)
        let half = 0.5 * (stretch - target)
        let root = sqrt(square(half) + radius * target)
        // The form of the positive root that does not cancel.
        let distance = select(
            stopGradient(half) .> 0, radius * target / (root + half), root - half)
        return centre + offset * (radius + distance) / (stretch + distance)
    }
}
