import Autograd
import Foundation

// Angles θ from 0 to π to the mean direction, with density proportional to e^(κ cos θ) sin^(d−2) θ:
// what the von Mises (d = 2) and the von Mises–Fisher distribution (in d dimensions) have in common.

/// What follows from the concentration, computed in double precision: for narrow distributions it is
/// the difference of numbers that are nearly equal.
struct Directional {
    /// κ in double precision.
    let concentration: Tensor
    let dimensions: Int
    private let dataType: DataType

    init(_ concentration: Tensor, dimensions: Int) {
        self.concentration = concentration.cast(to: .float64)
        self.dimensions = dimensions
        dataType = concentration.dataType
    }

    /// The logarithm of ∫ e^(κ (cos θ − 1)) over the sphere in d dimensions: of
    /// (2π)^(d/2) e^(−κ) I_v(κ) / κ^v with v = d / 2 − 1.
    var scaledLogNormaliser: Tensor {
        Double(dimensions) * halfLogTwoPi + logBesselI(concentration, order: order)
            - concentration - order * log(concentration)
    }

    /// E cos θ = I_{v+1}(κ) / I_v(κ).
    var meanResultantLength: Tensor { concentration * besselIRatio(concentration, order: order) }

    /// The entropy, log ∫ e^(κ cos θ) − κ E cos θ.
    var entropy: Tensor {
        scaledLogNormaliser + concentration * (1 - meanResultantLength)
    }

    /// A number of double precision in the distribution's type.
    func result(_ x: Tensor) -> Tensor { x.cast(to: dataType) }

    private var order: Double { Double(dimensions) / 2 - 1 }
}

extension RandomGenerator {
    /// Draws of θ, one for each concentration. Gradients flow to the concentrations.
    mutating func directionalAngles(_ concentration: Tensor, dimensions: Int) -> Tensor {
        let accepted = acceptedAngles(stopGradient(concentration), dimensions)
        // The distribution function at a draw does not change with the concentration.
        return customDerivative(at: concentration) { _ in
            accepted
        } pullback: { concentration, angle, cotangent in
            cotangent * angleDerivative(concentration, angle, dimensions: dimensions)
        }
    }

    /// By rejection from a transformed beta distribution (Ulrich, "Computer Generation of
    /// Distributions on the m-Sphere", 1984; Wood, "Simulation of the von Mises Fisher
    /// Distribution", 1994). 1 − cos θ is computed, not cos θ, so that small angles are exact.
    private mutating func acceptedAngles(_ concentration: Tensor, _ dimensions: Int) -> Tensor {
        let concentrations = concentration.cast(to: .float64).elements(as: Double.self)
        let freedom = Double(dimensions - 1)
        let angles = byRejection(concentration.count, normals: dimensions, uniforms: 1) {
            index, normals, uniforms in
            let kappa = concentrations[index]
            guard !kappa.isNaN else { return .nan }
            // A component of a random direction has the beta distribution.
            let length = normals.reduce(0) { $0 + $1 * $1 }.squareRoot()
            let z = 0.5 * (1 + normals[normals.startIndex] / length)
            let b = freedom / (2 * kappa + hypot(2 * kappa, freedom))
            let denominator = 1 - (1 - b) * z
            let (fromOne, toOne) = (2 * b * z / denominator, 2 * (1 - z) / denominator)
            let x = (1 - b) / (1 + b)
            // κ (w − x) + (d − 1) (log(1 − x w) − log(1 − x²)).
            let logRatio =
                kappa * (2 * b / (1 + b) - fromOne)
                + freedom * (log(2 * b / (1 + b) + x * fromOne) - log(4 * b / ((1 + b) * (1 + b))))
            guard log(uniforms[uniforms.startIndex]) <= logRatio else { return nil }
            return 2 * atan2(fromOne.squareRoot(), toOne.squareRoot())
        }
        return Tensor(angles, shape: concentration.shape).cast(to: concentration.dataType)
    }
}

/// dθ/dκ of a draw: minus the derivative of the distribution function with respect to κ, divided by
/// the density (implicit reparameterisation, Figurnov et al., arXiv:1805.08498). It has derivatives
/// of its own, these have none.
private func angleDerivative(_ concentration: Tensor, _ angle: Tensor, dimensions: Int) -> Tensor {
    customDerivative(at: [concentration, angle]) { operands in
        integrals(operands[0], operands[1], dimensions, power: 1)
    } pullback: { operands, slope, cotangent in
        let (concentration, angle) = (operands[0], operands[1])
        let directional = Directional(concentration, dimensions: dimensions)
        let excess =
            cos(angle)
            - directional.result(directional.meanResultantLength)
        let logDensitySlope =
            -concentration * sin(angle) + Double(dimensions - 2) * cos(angle) / sin(angle)
        let second = customDerivative(at: [concentration, angle]) { operands in
            integrals(operands[0], operands[1], dimensions, power: 2)
        } pullback: { _, _, _ in
            programmerError(
                "sample", "draws of directions have two derivatives by the concentration, not more")
        }
        return [
            cotangent * (second - slope * excess),
            cotangent * -(excess + slope * logDensitySlope),
        ]
    }
}

/// For each concentration and angle: minus the integral from 0 to θ of the density times cos φ − E
/// cos φ (power 1) or times (cos φ − E cos φ)² − Var cos φ (power 2), divided by the density at θ.
private func integrals(
    _ concentration: Tensor, _ angle: Tensor, _ dimensions: Int, power: Int
) -> Tensor {
    let wide = concentration.cast(to: .float64)
    let means = Directional(wide, dimensions: dimensions).meanResultantLength
        .elements(as: Double.self)
    let (concentrations, angles) = (
        wide.elements(as: Double.self), angle.cast(to: .float64).elements(as: Double.self)
    )
    let values = concentrations.indices.map { index in
        let (kappa, theta, mean) = (concentrations[index], angles[index], means[index])
        let exponent = Double(dimensions - 2)
        let variance = 1 - mean * mean - (kappa > 0 ? (exponent + 1) * mean / kappa : exponent + 1)
        func integrand(_ phi: Double) -> Double {
            let excess = cos(phi) - mean
            // cos φ − cos θ without cancellation.
            let difference = -2 * sin(0.5 * (phi + theta)) * sin(0.5 * (phi - theta))
            var density = exp(kappa * difference)
            if exponent > 0 { density *= pow(sin(phi) / sin(theta), exponent) }
            return density * (power == 1 ? excess : excess * excess - variance)
        }
        // The whole integral is 0, so the side is chosen on which the density is not larger than at
        // θ by much, and nothing cancels.
        let isUpper = cos(theta) < mean
        let curvature = kappa * mean + exponent
        let reach = curvature > 0 ? 14 / curvature.squareRoot() : .pi
        return isUpper
            ? GaussLegendre.integral(from: theta, to: min(.pi, theta + reach), of: integrand)
            : -GaussLegendre.integral(from: max(0, theta - reach), to: theta, of: integrand)
    }
    return Tensor(values, shape: concentration.shape).cast(to: concentration.dataType)
}

/// Integrals of smooth functions: eight points in each of 32 equal parts.
enum GaussLegendre {
    private static let nodes = [
        0.18343464249564980, 0.52553240991632899, 0.79666647741362674, 0.96028985649753623,
    ]
    private static let weights = [
        0.36268378337836198, 0.31370664587788729, 0.22238103445337447, 0.10122853629037626,
    ]

    static func integral(
        from lower: Double, to upper: Double, of function: (Double) -> Double
    ) -> Double {
        let half = 0.5 * (upper - lower) / 32
        var sum = 0.0
        for part in 0..<32 {
            let middle = lower + Double(2 * part + 1) * half
            for (node, weight) in zip(nodes, weights) {
                sum += weight * (function(middle - half * node) + function(middle + half * node))
            }
        }
        return sum * half
    }
}
