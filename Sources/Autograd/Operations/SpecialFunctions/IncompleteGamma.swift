import Foundation

// The gamma distribution of scale 1: its distribution function, its quantiles, and how a sample
// moves with the shape.

/// The lower regularised incomplete gamma function P(a, x), elementwise, for a > 0 and x ≥ 0, which
/// broadcast; NaN for others. It is the distribution function of the gamma distribution of shape a.
///
/// Differentiable twice with respect to a, and any number of times with respect to x alone.
public func regularizedGamma(_ a: Tensor, _ x: Tensor) -> Tensor {
    differentiable("regularizedGamma", a, x) { a, x in
        combineInDouble("regularizedGamma", a, x, gammaDistribution)
    } left: { a, x, y in
        .elementwise(a, y) { cotangent in
            // At the ends the value is constant, though the density may be infinite.
            let ends = (stopGradient(x) .== 0) .| (stopGradient(x) .== .infinity)
            let inside = select(ends, Tensor.ones(like: x), x)
            let slope =
                -exp(gammaLogDensity(a, inside)) * gammaSampleDerivative(shape: a, sample: inside)
            return cotangent * select(ends, cotangent.number(0, in: "regularizedGamma"), slope)
        }
    } right: { a, x, y in
        .elementwise(x, y) { cotangent in cotangent * exp(gammaLogDensity(a, x)) }
    }
}

/// The quantile of the gamma distribution of scale 1: the x with P(shape, x) = probability,
/// elementwise, for positive shapes and probabilities in 0...1, which broadcast; NaN for others.
///
/// The derivatives are those of the implicit function; twice differentiable with respect to the
/// shape.
public func gammaQuantile(shape a: Tensor, probability p: Tensor) -> Tensor {
    differentiable("gammaQuantile", a, p) { a, p in
        combineInDouble("gammaQuantile", a, p, quantileOfGamma)
    } left: { a, _, x in
        .elementwise(a, x) { $0 * gammaSampleDerivative(shape: a, sample: x) }
    } right: { a, p, x in
        .elementwise(p, x) { $0 * exp(-gammaLogDensity(a, x)) }
    }
}

/// dz/da of a sample z of the gamma distribution of shape a and scale 1 whose place in the
/// distribution, u = P(a, z), is held fixed: −(∂P/∂a) / p(z; a), elementwise (Figurnov et al.,
/// "Implicit Reparameterization Gradients", arXiv:1805.08498). The operands broadcast.
///
/// Differentiable once more. Deeper derivatives trap.
package func gammaSampleDerivative(shape a: Tensor, sample z: Tensor) -> Tensor {
    differentiable("gammaSampleDerivative", a, z) { a, z in
        combineInDouble("gammaSampleDerivative", a, z) { a, z in
            sampleDerivative(a, z) { $0.value }
        }
    } left: { a, z, g in
        .elementwise(a, g) { $0 * gammaSampleDerivativeSlope(a, z) }
    } right: { a, z, g in
        .elementwise(z, g) { $0 * (-(log(z) - digamma(a)) - g * ((a - 1) / z - 1)) }
    }
}

/// The derivative of `gammaSampleDerivative` with respect to the shape.
private func gammaSampleDerivativeSlope(_ a: Tensor, _ z: Tensor) -> Tensor {
    guard !a.isWatched, !z.isWatched else {
        trap(
            "gammaSampleDerivative",
            "no derivative of order two or more with respect to a shape \(a.shape): pass "
                + "stopGradient(shape) if a constant is meant")
    }
    return combineInDouble("gammaSampleDerivative", a, z) { a, z in
        sampleDerivative(a, z) { $0.slope }
    }
}

/// The logarithm of the density of the gamma distribution of shape a and scale 1, elementwise. The
/// operands broadcast.
package func gammaLogDensity(_ a: Tensor, _ x: Tensor) -> Tensor {
    differentiable("gammaLogDensity", a, x) { a, x in
        combineInDouble("gammaLogDensity", a, x, logarithmOfGammaDensity)
    } left: { a, x, y in
        .elementwise(a, y) { $0 * (log(x) - digamma(a)) }
    } right: { a, x, y in
        .elementwise(x, y) { $0 * ((a - 1) / x - 1) }
    }
}

private func isGammaPlace(_ a: Double, _ x: Double) -> Bool { a > 0 && a.isFinite && x >= 0 }

private func gammaDistribution(_ a: Double, _ x: Double) -> Double {
    guard isGammaPlace(a, x) else { return .nan }
    guard x > 0, x.isFinite else { return x == 0 ? 0 : 1 }
    return IncompleteGamma(a, x).tails.lower
}

private func sampleDerivative(
    _ a: Double, _ x: Double, _ part: ((value: Double, slope: Double)) -> Double
) -> Double {
    guard isGammaPlace(a, x), x.isFinite else { return .nan }
    return x == 0 ? 0 : part(IncompleteGamma(a, x).sampleDerivative)
}

private func logarithmOfGammaDensity(_ a: Double, _ x: Double) -> Double {
    guard isGammaPlace(a, x) else { return .nan }
    guard x > 0 else { return a == 1 ? 0 : a < 1 ? .infinity : -.infinity }
    guard x.isFinite else { return -.infinity }
    // Nothing cancels for a small shape, and where the logarithm is almost 0 it keeps its digits.
    if a < 10 { return (a - 1) * log(x) - x - logarithmOfGamma(a) }
    return IncompleteGamma(a, x).logarithmOfWeight - log(x)
}

private func quantileOfGamma(_ a: Double, _ p: Double) -> Double {
    guard a > 0, a.isFinite, p >= 0, p <= 1 else { return .nan }
    guard p > 0, p < 1 else { return p == 0 ? 0 : .infinity }
    // Wilson and Hilferty's approximation; for a small shape the first term of the power series.
    let root = 1 - 1 / (9 * a) + quantileOfNormal(p) / (3 * a.squareRoot())
    let guess =
        a > 1 && root > 0.1
        ? log(a) + 3 * log(root) : (log(p) + logarithmOfGamma(a + 1)) / a
    return inverseOfDistribution(p, guess: guess, from: -746, to: 709) { u in
        let place = IncompleteGamma(a, exp(u))
        let (lower, upper) = place.tails
        return (lower, upper, place.weight)
    } refining: { u, step in
        exp(u) * (1 - step)
    }
}
