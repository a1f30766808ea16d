// Losses from logits, finite in value and derivatives however saturated these are.

/// The cross-entropy of Bernoulli variables, element by element:
/// −t log σ(x) − (1 − t) log(1 − σ(x)) with the logistic function σ.
///
/// - Parameters:
///   - logits: x.
///   - targets: t, from 0 to 1; the two broadcast.
public func binaryCrossEntropy(logits: Tensor, targets: Tensor) -> Tensor {
    // log σ(x) = x − log(1 + eˣ) and log(1 − σ(x)) = −log(1 + eˣ).
    softplus(logits) - logits * targets
}

/// The cross-entropy of categorical variables: minus the logarithm of the softmax of the logits
/// at the label.
///
/// - Parameters:
///   - logits: of any shape, the categories along `axis`.
///   - labels: the categories by number, `int32`, of the logits' shape without the axis. One
///     outside of `0..<categories` traps.
/// - Returns: a loss for each label.
public func crossEntropy(logits: Tensor, labels: Tensor, axis: Int = -1) -> Tensor {
    let axis = Shape.normalize(axis: axis, rank: logits.rank, in: "crossEntropy")
    guard labels.shape == Shape.removing(axes: [axis], from: logits.shape, keeping: false) else {
        trap(
            "crossEntropy",
            "labels of shape \(labels.shape) for logits of shape \(logits.shape) along axis "
                + "\(axis)")
    }
    return -logSoftmax(logits, axis: axis)
        .gatheredAlong(axis: axis, at: labels.expandingAxis(axis))
        .reshaped(labels.shape)
}
