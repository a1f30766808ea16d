/// A value with the derivative of another tensor, as if the step from that to the value were the
/// identity: for rounding, quantisation and other steps without a useful derivative (Bengio, Léonard
/// and Courville, "Estimating or Propagating Gradients Through Stochastic Neurons for Conditional
/// Computation", arXiv:1308.3432).
///
/// ```swift
/// let bits = straightThrough(round(stopGradient(p)), along: p)
/// ```
///
/// The value is exactly the one given; derivatives of all orders are those of the identity, so a
/// comparison with finite differences of the value fails. Traps if shapes or types differ.
public func straightThrough(_ value: Tensor, along x: Tensor) -> Tensor {
    guard value.shape == x.shape, value.dataType == x.dataType else {
        trap(
            "straightThrough",
            "a value of \(value.dataType) of shape \(value.shape) along \(x.dataType) of shape "
                + "\(x.shape)")
    }
    let value = stopGradient(value)
    return differentiable("straightThrough", x) { _ in
        value
    } pullback: { _, _ -> Pullback in
        .identity
    }
}
