import Foundation

/// The quantile of the standard normal distribution for a probability above 0 and below 1: the
/// inverse of the distribution function. Traps for other probabilities.
package func normalQuantile(_ probability: Double) -> Double {
    guard probability > 0, probability < 1 else {
        programmerError("normalQuantile", "\(probability) is not between 0 and 1")
    }
    // The upper half by symmetry: there, 1 minus the probability would lose digits.
    if probability > 0.5 { return -normalQuantile(1 - probability) }
    // Newton's method. The function is convex below 0, so the steps from 0 never overshoot, and end
    // when rounding stops them from going down.
    var x = 0.0
    while true {
        let excess = 0.5 * erfc(-x / 2.0.squareRoot()) - probability
        let density = exp(-x * x / 2) / (2 * Double.pi).squareRoot()
        let next = x - excess / density
        guard next < x else { return x }
        x = next
    }
}
