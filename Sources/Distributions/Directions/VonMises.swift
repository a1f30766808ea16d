import Autograd
import Foundation

/// The von Mises distribution of angles in radians, e^(κ cos(x − μ)) / 2π I₀(κ): the normal
/// distribution on the circle.
public struct VonMises: ContinuousDistribution, ReparameterizedDistribution, UnivariateDistribution
{
    /// The mean direction μ, in radians.
    public let location: Tensor
    /// The concentration κ; for large ones the variance is near 1 / κ.
    public let concentration: Tensor

    /// From parameters that broadcast. Traps if a concentration is not positive and finite.
    public init(location: Tensor, concentration: Tensor) {
        requireParameter(concentration, "concentration", of: "VonMises", .positive)
        let parts = broadcastTogether([location, concentration], of: "VonMises")
        (self.location, self.concentration) = (parts[0], parts[1])
    }

    public var shape: [Int] { location.shape }
    public var dataType: DataType { location.dataType }
    public var support: ClosedRange<Double> { -.pi ... .pi }

    /// The mean direction.
    public var mean: Tensor { location }

    /// The circular variance, 1 − E cos(x − μ), from 0 to 1.
    public var variance: Tensor { directional.result(1 - directional.meanResultantLength) }

    public var entropy: Tensor? { directional.result(directional.entropy) }

    private var directional: Directional { Directional(concentration, dimensions: 2) }

    /// Angles from −π to π. Gradients flow to both parameters, to the concentration by implicit
    /// reparameterisation, twice.
    public func sample(_ draws: [Int], using generator: inout RandomGenerator) -> Tensor {
        let shape = draws + shape
        let angle = generator.directionalAngles(concentration.broadcast(to: shape), dimensions: 2)
        let side = 2 * generator.bernoulli(shape, probability: 0.5, dataType: angle.dataType) - 1
        return wrapped(location + side * angle)
    }

    public func logProbability(of x: Tensor) -> Tensor {
        requireDraw(x)
        // cos d − 1 = −2 sin² ½d.
        return -2 * concentration * square(sin(0.5 * (x - location)))
            - directional.result(directional.scaledLogNormaliser)
    }

    /// The angles from μ − π up, wrapped to between −π and π. Gradients flow to μ; traps if
    /// probability or concentration are watched.
    public func quantile(_ probability: Tensor) -> Tensor {
        guard !probability.isWatched, !concentration.isWatched else {
            programmerError(
                "VonMises", "quantiles have no derivative by probability and concentration")
        }
        let parts = broadcastTogether([probability, location, concentration], of: "VonMises")
        let probabilities = parts[0].cast(to: .float64).elements(as: Double.self)
        let concentrations = parts[2].cast(to: .float64).elements(as: Double.self)
        let angles = zip(probabilities, concentrations).map { probability, concentration in
            Self.standardQuantile(probability, concentration)
        }
        return wrapped(
            parts[1] + Tensor(angles, shape: parts[1].shape).cast(to: location.dataType))
    }

    /// By bisection of the integral of the density.
    private static func standardQuantile(_ probability: Double, _ concentration: Double) -> Double {
        guard probability >= 0, probability <= 1, !concentration.isNaN else { return .nan }
        let reach = min(.pi, 14 / concentration.squareRoot())
        func integral(to angle: Double) -> Double {
            GaussLegendre.integral(from: 0, to: angle) { exp(concentration * (cos($0) - 1)) }
        }
        let target = abs(2 * probability - 1) * integral(to: reach)
        var (lower, upper) = (0.0, reach)
        for _ in 0..<60 {
            let middle = 0.5 * (lower + upper)
            if integral(to: middle) < target { lower = middle } else { upper = middle }
        }
        return probability < 0.5 ? -lower : lower
    }

    /// Angles moved by whole turns to between −π and π.
    private func wrapped(_ angle: Tensor) -> Tensor {
        angle - 2 * Double.pi * round(stopGradient(angle) / (2 * Double.pi))
    }

    /// log(I₀(λ) / I₀(κ)) + A(κ) (κ − λ cos(μ − ν)) from one with mean direction ν and
    /// concentration λ, where A(κ) = I₁(κ) / I₀(κ).
    public func divergence(from other: any Distribution) -> Tensor? {
        guard let other = other.unwrapped as? VonMises else { return nil }
        requireComparable(other)
        let (own, others) = (directional, other.directional)
        let turn = square(sin(0.5 * (location - other.location))).cast(to: .float64)
        // κ A − λ A cos d, where cos d = 1 − 2 sin² ½d.
        return own.result(
            others.scaledLogNormaliser - own.entropy
                + others.concentration * (1 - own.meanResultantLength * (1 - 2 * turn)))
    }
}
