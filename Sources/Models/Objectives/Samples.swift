import Autograd

extension Tensor {
    /// The sums over all axes but the first: one number for each sample of a batch. Only this
    /// method decides what is summed, and only ``Objective`` what is averaged.
    func summedOverSample() -> Tensor {
        rank <= 1 ? self : sum(axes: Array(1..<rank))
    }
}

/// Traps if the shapes differ: losses do not broadcast, as that would hide mistakes.
func requireEqualShapes(
    _ operation: String, _ firstName: String, _ first: Tensor, _ secondName: String,
    _ second: Tensor
) {
    guard first.shape == second.shape else {
        programmerError(
            operation,
            "\(firstName) of shape \(first.shape) for \(secondName) of shape \(second.shape)")
    }
}

/// x, smoothly bounded to −bound … bound: unlike with clipping, the derivative does not vanish at
/// once beyond the bounds.
func softlyBounded(_ x: Tensor, to bound: Double) -> Tensor {
    bound - softplus(2 * bound - softplus(x + bound))
}
