import Autograd
import Distributions
import Foundation

// Losses of predictions, for custom training loops. They follow the convention of `Objective`:
// summed over the dimensions of a sample, averaged over the samples, which lie along the first
// axis. Predictions and targets must have the same shape; they do not broadcast.

/// The squared error of each sample, Σ (prediction − target)²: `[batch, …]` becomes `[batch]`.
/// Traps if the shapes differ.
public func squaredError(_ prediction: Tensor, _ target: Tensor) -> Tensor {
    requireEqualShapes("squaredError", "a prediction", prediction, "a target", target)
    return square(prediction - target).summedOverSample()
}

/// The absolute error of each sample, Σ |prediction − target|: `[batch, …]` becomes `[batch]`.
/// Traps if the shapes differ.
public func absoluteError(_ prediction: Tensor, _ target: Tensor) -> Tensor {
    requireEqualShapes("absoluteError", "a prediction", prediction, "a target", target)
    return abs(prediction - target).summedOverSample()
}

/// The logarithm of the hyperbolic cosine of the error, Σ log cosh(prediction − target) (Chen et al.,
/// "Log Hyperbolic Cosine Loss Improves Variational Auto-Encoder", 2018): `[batch, …]` becomes
/// `[batch]`. It is close to half the square of errors well below 1, and to the absolute value of
/// errors well above, less log 2. Traps if the shapes differ.
public func logCoshError(_ prediction: Tensor, _ target: Tensor) -> Tensor {
    requireEqualShapes("logCoshError", "a prediction", prediction, "a target", target)
    let difference = prediction - target
    // Neither overflows where differences are large nor has a kink where they are 0.
    return (softplus(2 * difference) - difference - log(2.0)).summedOverSample()
}

/// The mean over the samples of their squared errors, a scalar.
///
/// The squared error of a sample is the sum over its dimensions. For the mean over these too, as
/// in other libraries, divide by their number.
public func meanSquaredError(_ prediction: Tensor, _ target: Tensor) -> Tensor {
    squaredError(prediction, target).mean()
}

/// The mean over the samples of their absolute errors, a scalar.
public func meanAbsoluteError(_ prediction: Tensor, _ target: Tensor) -> Tensor {
    absoluteError(prediction, target).mean()
}

/// The mean over the samples of their binary cross-entropies, −Σ t log p + (1 − t) log(1 − p)
/// with the logistic function p of the logits, a scalar.
public func meanBinaryCrossEntropy(logits: Tensor, targets: Tensor) -> Tensor {
    requireEqualShapes("meanBinaryCrossEntropy", "logits", logits, "targets", targets)
    return -Independent(Bernoulli(logits: logits)).logProbability(of: targets).mean()
}

/// The mean over the samples of their cross-entropies with classes along the last axis of the
/// logits, a scalar. `labels` as `Categorical` takes them.
public func meanCrossEntropy(logits: Tensor, labels: Tensor) -> Tensor {
    guard labels.shape == logits.shape || labels.shape == logits.shape.dropLast() else {
        programmerError(
            "meanCrossEntropy", "logits of shape \(logits.shape) for labels of \(labels.shape)")
    }
    return -Independent(Categorical(logits: logits)).logProbability(of: labels).mean()
}
