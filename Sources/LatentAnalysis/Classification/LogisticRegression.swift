import Autograd
import Datasets
import NeuralNetworks

/// Multinomial logistic regression: the logarithms of the class probabilities are linear in the
/// sample, up to a constant.
///
/// ```swift
/// let classifier = LogisticRegression(of: codes, labels: labels, classes: 10)
/// let predicted = classifier.classes(of: testCodes)
/// ```
public struct LogisticRegression: Sendable {
    /// The weights, `[classes, features]`.
    public let weight: Tensor
    /// The biases, `[classes]`.
    public let bias: Tensor

    /// Minimises Σ cross-entropy + penalty/2 |weight|² over the samples, using ``LBFGS``. The
    /// problem is convex, and no random numbers are used. The penalty applies to weights for
    /// samples scaled by one factor, such that the mean variance of their features is 1; so it does
    /// not depend on their units. Traps if the shapes or the penalty are invalid.
    ///
    /// - Parameters:
    ///   - samples: `[n, …]`, flattened; traps if an element is not finite.
    ///   - labels: `int32`, `[n]`, from 0 and below `classes`; traps otherwise.
    ///   - monitor: called after each iteration, with the mean `loss`; an error that it throws ends
    ///     the search.
    public init<Failure>(
        of samples: Tensor, labels: Tensor, classes: Int, penalty: Double = 1,
        iterations: Int = 500,
        monitor: ProgressMonitor<Failure> = .silent
    ) throws(Failure) {
        let count = samples.shape.first ?? 0
        guard labels.shape == [count], labels.dataType == .int32, count > 0, penalty >= 0,
            penalty.isFinite
        else {
            programmerError(
                "LogisticRegression",
                "samples of shape \(samples.shape) with labels of \(labels.dataType) of shape "
                    + "\(labels.shape), penalty \(penalty)")
        }
        requireFinite(samples, "LogisticRegression")
        requireClasses(labels, below: classes, "LogisticRegression")
        let flat = numbers(samples).flattened()
        let mean = flat.mean(axes: [0])
        let centered = flat - mean
        guard centered.allFinite else {
            programmerError(
                "LogisticRegression",
                "samples with numbers as large as \(samples.greatestMagnitude) have no finite "
                    + "mean: scale them")
        }
        // Scaled so that no square overflows.
        let unit = powerOfTwo(near: centered.greatestMagnitude)
        let variance = square(centered * (1 / unit)).mean().scalar
        let scale = variance > 0 ? 1 / variance.squareRoot() / unit : 1
        let features = centered * scale
        let start = [
            Tensor.zeros([classes, flat.shape[1]], dataType: flat.dataType),
            Tensor.zeros([classes], dataType: flat.dataType),
        ]
        let found = try LBFGS(iterations: iterations).minimum(
            from: start, monitor: monitor,
            of: { parameters in
                let logits =
                    matmul(features, parameters[0], transposingRight: true) + parameters[1]
                return crossEntropy(logits: logits, labels: labels).mean()
                    + penalty / Double(2 * count) * square(parameters[0]).sum()
            })
        weight = found[0] * scale
        bias = found[1] - matmul(mean.expandingAxis(0), weight, transposingRight: true).squeezed()
    }

    /// The logarithms of the class probabilities up to a constant, `[n, classes]`.
    public func logits(of samples: Tensor) -> Tensor {
        matmul(numbers(samples).flattened(), weight, transposingRight: true) + bias
    }

    /// The most probable class of each sample, `int32`, `[n]`. Traps if the logits of a sample are
    /// not finite, because an element is not finite or too large.
    public func classes(of samples: Tensor) -> Tensor {
        let logits = logits(of: samples)
        requireFinite(logits, "LogisticRegression", "the vector of logits of sample")
        return logits.argmax()
    }
}

/// Traps if a label is not a class, naming the first such sample.
///
/// - Parameter labels: `int32`, `[n]`.
package func requireClasses(_ labels: Tensor, below classes: Int, _ operation: String) {
    let labels = labels.elements(as: Int32.self)
    guard let sample = labels.firstIndex(where: { !(0..<max(0, classes) ~= Int($0)) }) else {
        return
    }
    programmerError(
        operation,
        "sample \(sample) has the label \(labels[sample]), expected class numbers from 0 and below "
            + "\(classes)")
}
