import Foundation

// The beta distribution: its distribution function and its quantiles.

/// The regularised incomplete beta function I_x(a, b), elementwise, for positive a and b and x in
/// 0...1, which broadcast; NaN for others. It is the distribution function of the beta distribution.
///
/// Differentiable with respect to x. There is no derivative with respect to a and b: traps if one of
/// them is watched.
public func regularizedBeta(_ a: Tensor, _ b: Tensor, _ x: Tensor) -> Tensor {
    checkBetaParameters("regularizedBeta", a, b)
    return differentiable("regularizedBeta", x) { x in
        combineInDouble("regularizedBeta", a, b, x, betaDistribution)
    } pullback: { x, y in
        .elementwise(x, y) { $0 * exp(betaLogDensity(a, b, x)) }
    }
}

/// The quantile of the beta distribution: the x with I_x(a, b) = probability, elementwise, for
/// positive a and b and probabilities in 0...1, which broadcast; NaN for others.
///
/// Differentiable with respect to the probability. There is no derivative with respect to a and b:
/// traps if one of them is watched.
public func betaQuantile(_ a: Tensor, _ b: Tensor, probability p: Tensor) -> Tensor {
    checkBetaParameters("betaQuantile", a, b)
    return differentiable("betaQuantile", p) { p in
        combineInDouble("betaQuantile", a, b, p, quantileOfBeta)
    } pullback: { p, x in
        .elementwise(p, x) { $0 * exp(-betaLogDensity(a, b, x)) }
    }
}

private func checkBetaParameters(_ operation: StaticString, _ a: Tensor, _ b: Tensor) {
    guard !a.isWatched, !b.isWatched else {
        trap(
            operation,
            "no derivative with respect to a and b, of shapes \(a.shape) and \(b.shape): pass "
                + "stopGradient(a) if a constant is meant")
    }
}

/// The logarithm of the density of the beta distribution, differentiable with respect to x.
private func betaLogDensity(_ a: Tensor, _ b: Tensor, _ x: Tensor) -> Tensor {
    differentiable("betaLogDensity", x) { x in
        combineInDouble("betaLogDensity", a, b, x, logarithmOfBetaDensity)
    } pullback: { x, y in
        .elementwise(x, y) { $0 * ((a - 1) / x - (b - 1) / (1 - x)) }
    }
}

private func isBeta(_ a: Double, _ b: Double) -> Bool {
    a > 0 && b > 0 && a.isFinite && b.isFinite
}

private func betaDistribution(_ a: Double, _ b: Double, _ x: Double) -> Double {
    guard isBeta(a, b), x >= 0, x <= 1 else { return .nan }
    guard x > 0, x < 1 else { return x }
    return IncompleteBeta(a, b, x, 1 - x).tails.lower
}

private func logarithmOfBetaDensity(_ a: Double, _ b: Double, _ x: Double) -> Double {
    guard isBeta(a, b), x >= 0, x <= 1 else { return .nan }
    guard x > 0, x < 1 else {
        let exponent = x == 0 ? a : b
        return exponent == 1 ? log(x == 0 ? b : a) : exponent < 1 ? .infinity : -.infinity
    }
    return IncompleteBeta(a, b, x, 1 - x).logarithmOfWeight - log(x) - log1p(-x)
}

private func quantileOfBeta(_ a: Double, _ b: Double, _ p: Double) -> Double {
    guard isBeta(a, b), p >= 0, p <= 1 else { return .nan }
    guard p > 0, p < 1 else { return p }
    // log(x / (1 − x)) has about this mean and deviation.
    let guess = log(a / b) + quantileOfNormal(p) * (1 / a + 1 / b).squareRoot()
    return inverseOfDistribution(p, guess: guess, from: -745, to: 745) { u in
        let place = IncompleteBeta(a, b, 1 / (1 + exp(-u)), 1 / (1 + exp(u)))
        let (lower, upper) = place.tails
        return (lower, upper, exp(place.logarithmOfWeight))
    } refining: { u, step in
        let x = 1 / (1 + exp(-u))
        return x - x / (1 + exp(u)) * step
    }
}
