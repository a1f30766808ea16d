import Foundation

// Factors of the gamma and the beta distribution without the cancellation of great logarithms
// (Loader, "Fast and Accurate Computation of Binomial Probabilities", 2000).

/// log Γ(a + 1) − (a + ½) log a + a − ½ log 2π: what Stirling's formula lacks.
func stirlingCorrection(_ a: Double) -> Double {
    guard a < 10 else { return stirlingSeries(a).value }
    return logarithmOfGamma(a + 1) - (a + 0.5) * log(a) + a - 0.5 * log(2 * Double.pi)
}

/// The same for a ≥ 10, with its derivatives with respect to a (DLMF 5.11.1).
func stirlingSeries(_ a: Double) -> SecondOrder {
    let square = 1 / (a * a)
    var (value, first, second) = (0.0, 0.0, 0.0)
    for (index, number) in bernoulliNumbers.enumerated().reversed() {
        let even = Double(2 * index + 2)
        value = value * square + number / (even * (even - 1))
        first = first * square + number / even
        second = second * square + number
    }
    return SecondOrder(value: value / a, first: -first * square, second: second * square / a)
}

/// k log(k / m) + m − k, which is not negative, from the numbers and their difference m − k.
func deviance(_ k: Double, _ m: Double, difference: Double) -> Double {
    let relative = difference / k
    guard abs(relative) < 0.3 else {
        // Of numbers too far apart for a quotient no digits cancel.
        let quotient = k / m
        return k * (quotient.isFinite ? log(quotient) : log(k) - log(m)) + difference
    }
    // With v = r / (2 + r), log(1 + r) is 2 atanh v, and r − 2 v is r v.
    let v = relative / (2 + relative)
    let square = v * v
    var series = 0.0
    for power in stride(from: 21.0, through: 3, by: -2) { series = series * square + 1 / power }
    return k * v * (relative - 2 * square * series)
}
