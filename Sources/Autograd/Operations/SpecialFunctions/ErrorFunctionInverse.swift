import Foundation

/// The y with erf(y) = x, elementwise: ±∞ at ±1, NaN beyond.
public func inverseErrorFunction(_ x: Tensor) -> Tensor {
    differentiable("inverseErrorFunction", x) { x in
        mapInDouble("inverseErrorFunction", x, inverseErrorFunction)
    } pullback: { _, y in
        .elementwise { cotangent in cotangent * (Double.pi.squareRoot() / 2 * exp(y * y)) }
    }
}

/// The quantile of the standard normal distribution for a probability, elementwise: the inverse of
/// its distribution function. ∓∞ at 0 and 1, NaN beyond.
public func normalQuantile(_ p: Tensor) -> Tensor {
    differentiable("normalQuantile", p) { p in
        mapInDouble("normalQuantile", p, quantileOfNormal)
    } pullback: { _, y in
        .elementwise { cotangent in
            cotangent * ((2 * Double.pi).squareRoot() * exp(0.5 * (y * y)))
        }
    }
}

/// The quantile of the standard normal distribution; NaN outside of 0...1.
func quantileOfNormal(_ p: Double) -> Double {
    // In the middle 2p − 1 is exact; in the tails digits of it would be lost, or 1 − p is exact.
    if p > 0.25, p < 0.75 { return 2.0.squareRoot() * inverseErrorFunction(2 * p - 1) }
    return p <= 0.25
        ? -(2.0.squareRoot() * inverseComplement(2 * p))
        : 2.0.squareRoot() * inverseComplement(2 * (1 - p))
}

private func inverseErrorFunction(_ x: Double) -> Double {
    // 1 − |x| is exact there.
    if abs(x) >= 0.5 { return copysign(inverseComplement(1 - abs(x)), x) }
    var y = copysign(guess(log1p(-x * x)), x)
    for _ in 0..<2 { y = improved(y, excess: erf(y) - x) }
    return y
}

/// The y ≥ 0 with 1 − erf(y) = q, for q in 0...1; NaN for others.
private func inverseComplement(_ q: Double) -> Double {
    guard q > 0 else { return q == 0 ? .infinity : .nan }
    if q < 1e-280 { return farInverseComplement(q) }
    var y = guess(log(q * (2 - q)))
    for _ in 0..<3 { y = improved(y, excess: q - erfc(y)) }
    return y
}

/// The same for a q so small that e^(−y²) would lose digits: y² = −log(q y √π) + log Σ, by repetition,
/// with the asymptotic series Σ = 1 − 1 / 2y² + 1 · 3 / (2y²)² − … of y √π e^(y²) erfc(y).
private func farInverseComplement(_ q: Double) -> Double {
    var y = (-log(q)).squareRoot()
    for _ in 0..<8 {
        var (sum, term) = (1.0, 1.0)
        for count in stride(from: 1.0, through: 15, by: 2) {
            term *= -count / (2 * y * y)
            sum += term
        }
        y = (log(sum) - log(q) - log(y * Double.pi.squareRoot())).squareRoot()
    }
    return y
}

/// The y ≥ 0 with erf(y) = x from log(1 − x²), to about two digits (Winitzki, "A handy approximation
/// for the error function and its inverse", 2008).
private func guess(_ logarithm: Double) -> Double {
    let a = 0.147
    let half = 2 / (Double.pi * a) + logarithm / 2
    let root = (half * half - logarithm / a).squareRoot()
    // Of two forms that are equal the one that is no difference.
    return half > 0
        ? (-logarithm / a / (root + half)).squareRoot() : (root - half).squareRoot()
}

/// A step of Halley's method for erf, of which the second derivative is −2y times the first.
private func improved(_ y: Double, excess: Double) -> Double {
    let step = excess * (Double.pi.squareRoot() / 2) * exp(y * y)
    return y - step / (1 + y * step)
}
