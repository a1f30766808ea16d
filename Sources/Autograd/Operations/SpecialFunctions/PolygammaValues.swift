import Foundation

/// B₂, B₄, …, B₂₄: the Bernoulli numbers of even index.
let bernoulliNumbers: [Double] = [
    1.0 / 6, -1.0 / 30, 1.0 / 42, -1.0 / 30, 5.0 / 66, -691.0 / 2730, 7.0 / 6, -3617.0 / 510,
    43867.0 / 798, -174611.0 / 330, 854513.0 / 138, -236364091.0 / 2730,
]

/// ψ(x): by its series near its positive root; else by the asymptotic expansion (DLMF 5.11.2),
/// after recurrence to a great argument; below 0 by reflection (DLMF 5.5.4).
func digammaValue(_ x: Double) -> Double {
    if x < 0 { return digammaValue(1 - x) - Double.pi * cotangentOfPi(times: x) }
    guard x > 0 else { return .nan }
    let fromRoot = (x - DigammaRoot.high) - DigammaRoot.low
    if abs(fromRoot) < 0.25 { return DigammaRoot.series(fromRoot) }
    var (x, sum) = (x, 0.0)
    while x < 12 {
        sum -= 1 / x
        x += 1
    }
    let square = 1 / (x * x)
    var series = 0.0
    for (index, number) in bernoulliNumbers.prefix(9).enumerated().reversed() {
        series = (series + number / Double(2 * index + 2)) * square
    }
    return sum + (log(x) - 0.5 / x - series)
}

/// The positive root of ψ, in two parts, and the series there: the sum of terms of the asymptotic
/// expansion would have no correct digits.
private enum DigammaRoot {
    // From mpmath.
    static let high = 1.4616321449683622
    static let low = 9.549995429965697e-17

    /// ψ⁽ⁿ⁾ / n!.
    private static let coefficients: [Double] = (1...24).map { order in
        (order % 2 == 0 ? -1 : 1) * hurwitzZeta(Double(order + 1), high, scaledBy: 1)
    }

    static func series(_ distance: Double) -> Double {
        coefficients.reversed().reduce(0) { ($0 + $1) * distance }
    }
}

/// ψ⁽ⁿ⁾(x) for n ≥ 1: (−1)ⁿ⁺¹ n! ζ(n + 1, x) (DLMF 25.11.12); below 0 by reflection (DLMF 5.15.6).
func polygammaValue(_ order: Int, _ x: Double) -> Double {
    if x < 0 {
        let reflected = polygammaValue(order, 1 - x)
        let slope = cotangentDerivative(order, cotangentOfPi(times: x))
        return (order % 2 == 0 ? reflected : -reflected) - slope
    }
    guard x > 0 else { return .nan }
    let sign: Double = order % 2 == 0 ? -1 : 1
    // n! / xⁿ⁺¹, which x⁻ⁿ⁻¹ taken out of ζ leaves, overflows only where the value does.
    let scale = (1...order).reduce(1 / x) { $0 * (Double($1) / x) }
    guard scale > 0 else { return sign * 0 }
    return sign * scale * hurwitzZeta(Double(order + 1), x, scaledBy: x)
}

/// ζ(s, x) · scaleˢ for s > 1 and x > 0, where the scale is 1 or x: some terms of the sum, then the
/// formula of Euler and Maclaurin (DLMF 25.11.5).
private func hurwitzZeta(_ s: Double, _ x: Double, scaledBy scale: Double) -> Double {
    var (x, sum) = (x, 0.0)
    let enough = 12 + s / 2
    while x < enough {
        let term = pow(scale / x, s)
        sum += term
        if term < 0x1p-60 * sum { return sum }
        x += 1
    }
    let power = pow(scale / x, s)
    sum += power * (x / (s - 1) + 0.5)
    // s (s + 1) … (s + 2j − 2) / ((2j)! x²ʲ⁻¹)
    var factor = s / (2 * x)
    for (index, number) in bernoulliNumbers.enumerated() {
        sum += power * number * factor
        let next = s + Double(2 * index + 1)
        let count = Double(2 * index + 3)
        factor *= (next / x) * ((next + 1) / x) / (count * (count + 1))
    }
    return sum
}

/// cot(πx), without loss of digits for large x; NaN for integers, its poles.
private func cotangentOfPi(times x: Double) -> Double {
    let rest = x - x.rounded()
    return rest == 0 ? .nan : 1 / tan(Double.pi * rest)
}

/// The derivative of order n of π cot(πx), from the cotangent c: πⁿ⁺¹ times the polynomial P with
/// P₀ = c and Pₙ₊₁ = −(1 + c²) Pₙ′, whose coefficients all have one sign.
private func cotangentDerivative(_ order: Int, _ c: Double) -> Double {
    var coefficients: [Double] = [0, 1]
    for _ in 0..<order {
        var next = [Double](repeating: 0, count: coefficients.count + 1)
        for power in 1..<coefficients.count {
            let slope = -Double(power) * coefficients[power]
            next[power - 1] += slope
            next[power + 1] += slope
        }
        coefficients = next
    }
    return coefficients.reversed().reduce(0) { $0 * c + $1 } * pow(Double.pi, Double(order + 1))
}
