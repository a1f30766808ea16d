import Autograd
import Foundation

/// The gamma distribution of positive numbers, r^a x^(a−1) e^(−rx) / Γ(a).
public struct Gamma: ContinuousDistribution, ReparameterizedDistribution, UnivariateDistribution {
    /// The shape parameter a.
    public let concentration: Tensor
    /// The rate r, one over the scale.
    public let rate: Tensor

    /// From parameters that broadcast. Traps if they are not positive and finite.
    public init(concentration: Tensor, rate: Tensor) {
        requireParameter(concentration, "concentration", of: "Gamma", .positive)
        requireParameter(rate, "rate", of: "Gamma", .positive)
        let parts = broadcastTogether([concentration, rate], of: "Gamma")
        (self.concentration, self.rate) = (parts[0], parts[1])
    }

    public var shape: [Int] { rate.shape }
    public var dataType: DataType { rate.dataType }
    public var support: ClosedRange<Double> { 0 ... .infinity }
    public var mean: Tensor { concentration / rate }
    public var variance: Tensor { concentration / square(rate) }

    public var entropy: Tensor? {
        concentration - log(rate) + logGamma(concentration)
            + (1 - concentration) * digamma(concentration)
    }

    /// Gradients flow to both parameters; to the concentration by implicit reparameterisation.
    /// Draws that round to 0 become the smallest normal number.
    public func sample(_ draws: [Int], using generator: inout RandomGenerator) -> Tensor {
        let logDraw = generator.logGamma(shape: concentration.broadcast(to: draws + shape))
        return maximum(exp(logDraw) / rate, dataType.leastNormalMagnitude)
    }

    /// −∞ below 0.
    public func logProbability(of x: Tensor) -> Tensor {
        requireDraw(x)
        return within(support, x, elsewhere: 1) { x in
            (concentration - 1).timesLogarithm(of: x) - rate * x + concentration * log(rate)
                - logGamma(concentration)
        }
    }

    public func quantile(_ probability: Tensor) -> Tensor {
        gammaQuantile(shape: concentration, probability: probability) / rate
    }

    /// In closed form from another gamma distribution.
    public func divergence(from other: any Distribution) -> Tensor? {
        guard let other = other.unwrapped as? Gamma else { return nil }
        requireComparable(other)
        return (concentration - other.concentration) * digamma(concentration)
            - logGamma(concentration) + logGamma(other.concentration)
            + other.concentration * log(rate / other.rate)
            + concentration * (other.rate / rate - 1)
    }
}

extension RandomGenerator {
    /// Logarithms of draws of the gamma distributions with rate 1, one for each element: so that
    /// draws of small shape parameters, most of which are smaller than any floating-point number,
    /// can still be set beside each other (beta, Dirichlet). Gradients flow to the parameters.
    mutating func logGamma(shape: Tensor) -> Tensor {
        // For a < 1: x = y u^(1/a), where y has shape a + 1 (Marsaglia and Tsang, "A Simple Method
        // for Generating Gamma Variables", 2000).
        let isSmall = stopGradient(shape) .< 1
        let raised = select(isSmall, shape + 1, shape)
        let uniform = openUniform(shape.shape, dataType: shape.dataType)
        let boost = select(isSmall, log(uniform) / shape, Tensor(0, dataType: shape.dataType))
        let accepted = acceptedGamma(shape: stopGradient(raised))
        // The derivative of a draw with respect to its shape parameter keeps the distribution
        // function at the draw constant.
        let draw = customDerivative(at: raised) { _ in
            accepted
        } pullback: { shape, draw, cotangent in
            cotangent * gammaSampleDerivative(shape: shape, sample: draw)
        }
        return log(draw) + boost
    }

    /// For shapes of at least 1: (a − ⅓) v, where v is the cube of a normal number (Marsaglia and
    /// Tsang).
    private mutating func acceptedGamma(shape: Tensor) -> Tensor {
        let shapes = shape.cast(to: .float64).elements(as: Double.self)
        let draws = byRejection(shape.count, normals: 1, uniforms: 1) { index, normals, uniforms in
            let d = shapes[index] - 1 / 3.0
            guard d > 0 else { return .nan }
            let normal = normals[normals.startIndex]
            let root = 1 + normal / (9 * d).squareRoot()
            guard root > 0 else { return nil }
            let v = root * root * root
            let bound = 0.5 * normal * normal + d * (1 - v + log(v))
            return log(uniforms[uniforms.startIndex]) < bound ? d * v : nil
        }
        return Tensor(draws, shape: shape.shape).cast(to: shape.dataType)
    }
}
