// Losses from logits, finite in value and derivatives even if these are saturated.

/// The cross-entropy of Bernoulli variables, element by element:
/// −t log σ(x) − (1 − t) log(1 − σ(x)) with the logistic function σ, computed as
/// max(x, 0) − x t + log(1 + e^−|x|).
///
/// An infinite logit adds no loss if it is right, and an infinite one if it is wrong.
///
/// - Parameters:
///   - logits: x.
///   - targets: t, from 0 to 1; the two broadcast.
public func binaryCrossEntropy(logits: Tensor, targets: Tensor) -> Tensor {
    differentiable("binaryCrossEntropy", logits, targets) { x, t in
        combine(.binaryCrossEntropy, x, t, "binaryCrossEntropy")
    } left: { x, t, y in
        .elementwise(x, y) { $0 * binaryCrossEntropySlope(x, t) }
    } right: { x, t, y in
        .elementwise(t, y) { -($0 * x) }
    }
}

/// σ(x) − t, without cancellation.
private func binaryCrossEntropySlope(_ x: Tensor, _ t: Tensor) -> Tensor {
    differentiable("binaryCrossEntropy", x, t) { x, t in
        combine(.binaryCrossEntropySlope, x, t, "binaryCrossEntropy")
    } left: { x, _, y in
        .elementwise(x, y) { $0 * (sigmoid(x) * sigmoid(-x)) }
    } right: { _, t, y in
        .elementwise(t, y) { -$0 }
    }
}

/// The cross-entropy of categorical variables: the negative logarithm of the softmax of the logits
/// at the label.
///
/// - Parameters:
///   - logits: of any shape, the categories along `axis`.
///   - labels: the indices of the categories, `int32`, of the logits' shape without the axis. Traps
///     if one is outside of `0..<categories`.
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

/// The cross-entropy of categorical variables with a distribution over the categories: −Σ p log q
/// with the softmax q of the logits.
///
/// A category with logit −∞ adds nothing if its p is 0, in accordance with 0 log 0 = 0.
///
/// - Parameters:
///   - logits: of any shape, the categories along `axis`.
///   - probabilities: p, of the logits' shape: one-hot vectors, or soft targets.
/// - Returns: a loss of the logits' shape without the axis.
public func crossEntropy(logits: Tensor, probabilities: Tensor, axis: Int = -1) -> Tensor {
    let axis = Shape.normalize(axis: axis, rank: logits.rank, in: "crossEntropy")
    guard probabilities.shape == logits.shape else {
        trap(
            "crossEntropy",
            "probabilities of shape \(probabilities.shape) for logits of shape \(logits.shape)")
    }
    let logarithms = logSoftmax(logits, axis: axis)
    let isExcluded =
        (stopGradient(probabilities) .== 0) .& (stopGradient(logarithms) .== -.infinity)
    let counted = select(isExcluded, logarithms.number(0, in: "crossEntropy"), logarithms)
    return -(probabilities * counted).sum(axes: [axis])
}
