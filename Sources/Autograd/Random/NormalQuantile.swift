import Foundation

/// The number below which a standard normal variable lies with a probability above 0 and
/// below 1: the inverse of the normal distribution function.
package func normalQuantile(_ probability: Double) -> Double {
    guard probability > 0, probability < 1 else {
        programmerError("normalQuantile", "\(probability) is not between 0 and 1")
    }
    // The upper half by symmetry: there the difference to 1 would lose digits.
    if probability > 0.5 { return -normalQuantile(1 - probability) }
    // Newton's method. The function is convex below 0, so that the steps from 0 never overshoot
    // and end where rounding stops them from going down.
    var x = 0.0
    while true {
        let excess = 0.5 * erfc(-x / 2.0.squareRoot()) - probability
        let density = exp(-x * x / 2) / (2 * Double.pi).squareRoot()
        let next = x - excess / density
        guard next < x else { return x }
        x = next
    }
}
