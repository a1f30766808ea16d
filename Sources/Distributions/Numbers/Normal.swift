import Autograd
import Foundation

/// The normal distribution of numbers, (2πσ²)^(−½) exp(−½ ((x − μ) / σ)²).
///
/// Its width is given as the standard deviation σ, as log σ or as log σ², and computed with in the
/// form of the tensor that was given. The logarithms are used without bounds: in `float32` log σ is safe from −40
/// to 40, where its exponentials neither vanish nor overflow.
public struct Normal: ContinuousDistribution, ReparameterizedDistribution, UnivariateDistribution {
    public let mean: Tensor
    private let width: Width

    private enum Width {
        case one
        case scale(Tensor)
        case logScale(Tensor)
        case logVariance(Tensor)
    }

    /// From mean and standard deviation, which broadcast. Traps if a deviation is not positive and
    /// finite.
    public init(mean: Tensor, scale: Tensor) {
        requireParameter(scale, "scale", of: "Normal", .positive)
        let parts = broadcastTogether([mean, scale], of: "Normal")
        self.mean = parts[0]
        width = .scale(parts[1])
    }

    /// With one standard deviation for all. Traps if it is not positive and finite.
    public init(mean: Tensor, scale: Double) {
        guard scale > 0, scale.isFinite else {
            programmerError("Normal", "the scale \(scale) is not positive and finite")
        }
        self.init(mean: mean, logScale: Tensor(log(scale), dataType: mean.dataType))
    }

    /// From the mean and the logarithm of the standard deviation, which broadcast.
    public init(mean: Tensor, logScale: Tensor) {
        let parts = broadcastTogether([mean, logScale], of: "Normal")
        self.mean = parts[0]
        width = .logScale(parts[1])
    }

    /// From the mean and the logarithm of the variance, which broadcast.
    public init(mean: Tensor, logVariance: Tensor) {
        let parts = broadcastTogether([mean, logVariance], of: "Normal")
        self.mean = parts[0]
        width = .logVariance(parts[1])
    }

    private init(standard mean: Tensor) {
        self.mean = mean
        width = .one
    }

    /// The standard normal distribution, with mean 0 and variance 1.
    public static func standard(_ shape: [Int], dataType: DataType = .float32) -> Normal {
        Normal(standard: Tensor.zeros(shape, dataType: dataType))
    }

    public var shape: [Int] { mean.shape }
    public var dataType: DataType { mean.dataType }

    /// The standard deviation.
    public var standardDeviation: Tensor {
        switch width {
        case .one: Tensor.ones(like: mean)
        case .scale(let scale): scale
        case .logScale(let logScale): exp(logScale)
        case .logVariance(let logVariance): exp(0.5 * logVariance)
        }
    }

    /// The logarithm of the standard deviation.
    public var logScale: Tensor {
        switch width {
        case .one: Tensor.zeros(like: mean)
        case .scale(let scale): log(scale)
        case .logScale(let logScale): logScale
        case .logVariance(let logVariance): 0.5 * logVariance
        }
    }

    /// The logarithm of the variance.
    public var logVariance: Tensor {
        if case .logVariance(let logVariance) = width { return logVariance }
        return 2 * logScale
    }

    public var variance: Tensor {
        switch width {
        case .one: Tensor.ones(like: mean)
        case .scale(let scale): square(scale)
        case .logScale(let logScale): exp(2 * logScale)
        case .logVariance(let logVariance): exp(logVariance)
        }
    }

    /// ½ log(2πe σ²).
    public var entropy: Tensor? { logScale + (halfLogTwoPi + 0.5) }

    /// μ + σ ε with standard normal noise ε (Kingma and Welling, arXiv:1312.6114, equation 4).
    public func sample(_ draws: [Int], using generator: inout RandomGenerator) -> Tensor {
        let noise = generator.normal(draws + shape, dataType: mean.dataType)
        if case .one = width { return noise }
        return mean + standardDeviation * noise
    }

    public func logProbability(of x: Tensor) -> Tensor {
        requireDraw(x)
        return switch width {
        case .one: -(0.5 * square(x) + halfLogTwoPi)
        case .scale(let scale): -(0.5 * square((x - mean) / scale) + log(scale) + halfLogTwoPi)
        case .logScale(let logScale):
            -(0.5 * square((x - mean) * exp(-logScale)) + logScale + halfLogTwoPi)
        case .logVariance(let logVariance):
            -0.5
                * (square(x - mean) * exp(-logVariance) + logVariance + 2 * halfLogTwoPi)
        }
    }

    public func quantile(_ probability: Tensor) -> Tensor {
        mean + standardDeviation * normalQuantile(probability)
    }

    /// ½ (σ² + (μ − ν)²) / τ² − ½ − log(σ / τ) from a normal distribution with mean ν and deviation
    /// τ; ½ (μ² + σ² − 1 − log σ²) from the standard one (appendix B of the paper above).
    public func divergence(from other: any Distribution) -> Tensor? {
        guard let other = other.unwrapped as? Normal else { return nil }
        requireComparable(other)
        if case .one = other.width {
            let logVariance = logVariance
            return 0.5 * (square(mean) + expm1(logVariance) - logVariance)
        }
        let logRatio = logVariance - other.logVariance
        return 0.5
            * (square(mean - other.mean) * exp(-other.logVariance) + expm1(logRatio) - logRatio)
    }
}
