import Autograd
import Foundation

/// The von Mises–Fisher distribution of unit vectors, proportional to e^(κ μ·x): the normal
/// distribution on the sphere (Davidson et al., "Hyperspherical Variational Auto-Encoders",
/// arXiv:1804.00891, whose prior is ``UniformDirection``).
public struct VonMisesFisher: ContinuousDistribution, ReparameterizedDistribution {
    /// The mean direction μ, `[…, dimensions]`, of length 1.
    public let meanDirection: Tensor
    /// The concentration κ, `[…]`.
    public let concentration: Tensor

    /// From a mean direction, which is scaled to length 1, and concentrations, one for each. Traps
    /// if there are fewer than two dimensions, the shapes do not fit, or a concentration or a
    /// direction's length is not positive and finite.
    public init(meanDirection: Tensor, concentration: Tensor) {
        guard let dimensions = meanDirection.shape.last, dimensions >= 2,
            concentration.shape == meanDirection.shape.dropLast()
        else {
            programmerError(
                "VonMisesFisher",
                "mean directions of shape \(meanDirection.shape) and concentrations of shape "
                    + "\(concentration.shape)")
        }
        requireParameter(concentration, "concentration", of: "VonMisesFisher", .positive)
        let length = meanDirection.norm(axes: [-1], keepingAxes: true)
        requireParameter(length, "length of a mean direction", of: "VonMisesFisher", .positive)
        self.meanDirection = meanDirection / length
        self.concentration = concentration
    }

    public var shape: [Int] { meanDirection.shape }
    public var dataType: DataType { meanDirection.dataType }
    public var eventRank: Int { 1 }
    public var support: ClosedRange<Double> { -1...1 }
    private var dimensions: Int { shape[shape.count - 1] }

    /// A(κ) μ with A(κ) = E cos θ, shorter than 1.
    public var mean: Tensor {
        meanResultantLength(concentration, dimensions: dimensions).expandingAxis(-1)
            * meanDirection
    }

    /// The diagonal of the covariance, A/κ (1 − μᵢ²) + (1 − A² − (d − 1) A/κ) μᵢ².
    public var variance: Tensor {
        let length = meanResultantLength(concentration, dimensions: dimensions)
        let across = (length / concentration).expandingAxis(-1)
        let along = (1 - square(length)).expandingAxis(-1) - Double(dimensions - 1) * across
        let squares = square(meanDirection)
        return across * (1 - squares) + along * squares
    }

    public var entropy: Tensor? {
        logDirectionalNormaliser(concentration, dimensions: dimensions)
            - concentration * meanResultantLength(concentration, dimensions: dimensions)
    }

    /// Gradients flow to both parameters, to the concentration by implicit reparameterisation,
    /// twice.
    public func sample(_ draws: [Int], using generator: inout RandomGenerator) -> Tensor {
        let shape = draws + shape
        let angle = generator.directionalAngles(
            concentration.broadcast(to: draws + concentration.shape), dimensions: dimensions
        ).expandingAxis(-1)
        // A random direction at right angles to the first axis, and the reflection that takes the
        // first axis to the mean direction.
        let noise = generator.normal(
            shape.dropLast() + [dimensions - 1], dataType: angle.dataType)
        let across = noise / noise.norm(axes: [-1], keepingAxes: true)
        let x = concatenated([cos(angle), sin(angle) * across], axis: -1)
        let first = Tensor([1] + [Double](repeating: 0, count: dimensions - 1))
            .cast(to: angle.dataType)
        let normal = first - meanDirection
        let squaredLength = square(normal).sum(axes: [-1], keepingAxes: true)
        // Where the mean direction is the first axis, nothing is to be reflected.
        let safe = select(
            stopGradient(squaredLength) .== 0, Tensor(1, dataType: angle.dataType), squaredLength)
        let projection = (x * normal).sum(axes: [-1], keepingAxes: true)
        return x - (2 * projection / safe) * normal
    }

    /// Of vectors of length 1, which is not checked.
    public func logProbability(of x: Tensor) -> Tensor {
        requireDraw(x)
        return concentration * (x * meanDirection).sum(axes: [-1])
            - logDirectionalNormaliser(concentration, dimensions: dimensions)
    }

    /// In closed form from another von Mises–Fisher distribution and from the uniform one.
    public func divergence(from other: any Distribution) -> Tensor? {
        if let other = other as? UniformDirection, let entropy {
            requireComparable(other)
            return other.logArea - entropy
        }
        guard let other = other as? VonMisesFisher, let entropy else { return nil }
        requireComparable(other)
        return logDirectionalNormaliser(other.concentration, dimensions: dimensions) - entropy
            - other.concentration * (mean * other.meanDirection).sum(axes: [-1])
    }
}
