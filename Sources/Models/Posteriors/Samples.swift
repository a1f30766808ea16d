import Autograd

extension Tensor {
    /// The sums over all axes but the first: a number for each sample of a batch. This is the
    /// one place that says what is summed; what is averaged, ``Objective`` says.
    func summedOverSample() -> Tensor {
        rank <= 1 ? self : sum(axes: Array(1..<rank))
    }
}

/// Traps unless two tensors have one shape: losses do not broadcast, which would hide mistakes.
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

/// x, kept between −bound and bound by a smooth bend at each end: unlike where it is cut off,
/// the derivative does not vanish at once beyond them.
func softlyBounded(_ x: Tensor, to bound: Double) -> Tensor {
    bound - softplus(2 * bound - softplus(x + bound))
}
