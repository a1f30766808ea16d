import Foundation

/// The place where a distribution function has a value p above 0 and below 1.
///
/// - Parameters:
///   - guess: where to start.
///   - lower: where the function is taken to be 0; if p lies below, this is the place.
///   - upper: where it is taken to be 1.
///   - distribution: the function, 1 minus it, and its derivative at u.
///   - refining: the place in the variable that is wanted, at u less a small step.
///
/// Newton's method on the logarithm of the smaller tail, which is concave in the variables used
/// here, so that it does not overshoot for long; bisection where a step leaves the bracket.
func inverseOfDistribution(
    _ p: Double, guess: Double, from lower: Double, to upper: Double,
    _ distribution: (_ u: Double) -> (lower: Double, upper: Double, slope: Double),
    refining: (_ u: Double, _ step: Double) -> Double
) -> Double {
    var (low, high) = (lower, upper)
    var u = min(max(guess, low), high)
    while true {
        let (below, above, slope) = distribution(u)
        let excess = p <= 0.5 ? log(below / p) : -log(above / (1 - p))
        let step = excess * (p <= 0.5 ? below : above) / slope
        if excess > 0 { high = u } else { low = u }
        // Newton's method doubles the number of correct digits.
        if abs(step) < 1e-8 { return refining(u, step) }
        let next = u - step
        let middle = low + (high - low) / 2
        guard middle > low, middle < high else { return refining(low, 0) }
        u = next > low && next < high ? next : middle
    }
}
