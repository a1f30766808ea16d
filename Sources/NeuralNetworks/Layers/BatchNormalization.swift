import Autograd
import Datasets

/// Normalises each channel over the batch and the pixels of an image (Ioffe and Szegedy, "Batch
/// Normalization", arXiv:1502.03167): `[batch, channels]` or `[batch, channels, …]` to the same
/// shape.
///
///     y = weight · (x − mean) / √(variance + ε) + bias
///
/// In training, mean and variance (over n values, with n in the denominator) are those of the
/// batch, and the running statistics are updated through the context:
///
///     running ← (1 − momentum) · running + momentum · batch statistics
///
/// where the variance of the batch has n − 1 in the denominator. In evaluation mode the running
/// statistics are used, so that samples do not depend on each other.
///
/// In training each channel needs at least two values in the batch, as a single value has no
/// variance; otherwise the layer traps. If the last batch of an epoch has a single sample,
/// `TrainingPlan.dropsIncompleteBatch` leaves it out.
public struct BatchNormalization: Layer {
    /// The scale, `[channels]`.
    public var weight: Tensor
    /// The shift, `[channels]`.
    public var bias: Tensor
    /// The running mean, `[channels]`, state that is not trained.
    public var runningMean: Tensor
    /// The running variance, `[channels]`, state that is not trained.
    public var runningVariance: Tensor
    /// The weight of the current batch in the running statistics.
    public let momentum: Double
    /// The constant ε added to the variance.
    public let epsilon: Double

    /// Traps if the momentum is not from 0 to 1 or epsilon is not above 0.
    public init(_ channels: Int, momentum: Double = 0.1, epsilon: Double = 1e-5) {
        guard (0...1).contains(momentum), epsilon > 0 else {
            programmerError(
                "BatchNormalization",
                "momentum \(momentum) is not in 0...1, or epsilon \(epsilon) is not above 0")
        }
        weight = Tensor.ones([channels])
        bias = Tensor.zeros([channels])
        runningMean = Tensor.zeros([channels])
        runningVariance = Tensor.ones([channels])
        (self.momentum, self.epsilon) = (momentum, epsilon)
    }

    public func callAsFunction(_ input: Tensor, in context: inout PassContext) -> Tensor {
        guard input.rank >= 2, input.shape[1] == weight.count else {
            programmerError(
                "BatchNormalization",
                "expected an input [batch, \(weight.count), …], found \(input.shape)")
        }
        let channels = [weight.count] + [Int](repeating: 1, count: input.rank - 2)
        let deviation: Tensor
        let variance: Tensor
        if context.isTraining {
            let axes = input.shape.indices.filter { $0 != 1 }
            let mean = input.mean(axes: axes, keepingAxes: true)
            deviation = input - mean
            variance = square(deviation).mean(axes: axes, keepingAxes: true)
            follow(mean, variance, of: input.shape, in: &context)
        } else {
            let type = input.dataType
            deviation = input - runningMean.cast(to: type).reshaped(channels)
            variance = runningVariance.cast(to: type).reshaped(channels)
        }
        let scale = weight.reshaped(channels) * rsqrt(variance + epsilon)
        return deviation * scale + bias.reshaped(channels)
    }

    /// Updates the running statistics with those of a batch.
    private func follow(
        _ mean: Tensor, _ variance: Tensor, of shape: [Int], in context: inout PassContext
    ) {
        let count = Double(shape[0] * shape[2...].reduce(1, *))
        guard count > 1 else {
            programmerError(
                "BatchNormalization",
                "training needs more than one value in a channel: input of shape \(shape); a last "
                    + "batch of one sample is left out by the plan's dropsIncompleteBatch")
        }
        func follow(_ running: Tensor, _ batch: Tensor) {
            let batch = stopGradient(batch).reshaped(running.shape).cast(to: running.dataType)
            let value = (1 - momentum) * context.current(running) + momentum * batch
            context.update(running, to: value)
        }
        follow(runningMean, mean)
        follow(runningVariance, variance * (count / (count - 1)))
    }

    public var steps: [NetworkStep]? {
        let scale = weight * rsqrt(runningVariance + epsilon)
        return [.affine(scale: scale, shift: bias - runningMean * scale)]
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("weight", &weight)
        visitor("bias", &bias)
        visitor.state("runningMean", &runningMean)
        visitor.state("runningVariance", &runningVariance)
    }
}
