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

    private var directional: Directional { Directional(concentration, dimensions: dimensions) }

    /// A(κ) μ with A(κ) = E cos θ, shorter than 1.
    public var mean: Tensor {
        directional.result(directional.meanResultantLength).expandingAxis(-1) * meanDirection
    }

    /// The diagonal of the covariance, A/κ (1 − μᵢ²) + (1 − A² − (d − 1) A/κ) μᵢ².
    public var variance: Tensor {
        let length = directional.meanResultantLength
        let across = length / directional.concentration
        let along = (1 - length) * (1 + length) - Double(dimensions - 1) * across
        let squares = square(meanDirection)
        return directional.result(across).expandingAxis(-1) * (1 - squares)
            + directional.result(along).expandingAxis(-1) * squares
    }

    public var entropy: Tensor? { directional.result(directional.entropy) }

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
        let first = Tensor([1] + [Double](repeating: 0, count: dimensions - 1))
            .cast(to: angle.dataType)
        // Of the two reflections, to the mean direction and to its opposite, the one whose normal
        // is not short.
        let isNear = stopGradient(meanDirection)[.ellipsis, 0..<1] .>= 0
        let side = 2 * isNear.cast(to: angle.dataType) - 1
        let x = concatenated([-side * cos(angle), sin(angle) * across], axis: -1)
        let normal = meanDirection + side * first
        let projection = (x * normal).sum(axes: [-1], keepingAxes: true)
        let squaredLength = square(normal).sum(axes: [-1], keepingAxes: true)
        return x - (2 * projection / squaredLength) * normal
    }

    /// Of vectors of length 1, which is not checked.
    public func logProbability(of x: Tensor) -> Tensor {
        requireDraw(x)
        // μ·x − 1 = −½ |x − μ|².
        return -0.5 * concentration * square(x - meanDirection).sum(axes: [-1])
            - directional.result(directional.scaledLogNormaliser)
    }

    /// In closed form from another von Mises–Fisher distribution and from the uniform one.
    public func divergence(from other: any Distribution) -> Tensor? {
        if let other = other.unwrapped as? UniformDirection, let entropy {
            requireComparable(other)
            return other.logArea - entropy
        }
        guard let other = other.unwrapped as? VonMisesFisher else { return nil }
        requireComparable(other)
        let (own, others) = (directional, other.directional)
        let turn = square(meanDirection - other.meanDirection).sum(axes: [-1]).cast(to: .float64)
        // κ A − λ A μ·ν, where μ·ν = 1 − ½ |μ − ν|².
        return own.result(
            others.scaledLogNormaliser - own.entropy
                + others.concentration * (1 - own.meanResultantLength * (1 - 0.5 * turn)))
    }
}
