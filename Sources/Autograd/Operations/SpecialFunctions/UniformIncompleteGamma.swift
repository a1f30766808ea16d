import Foundation

/// The incomplete gamma function for a ≥ 20 by Temme's uniform expansion (DLMF 8.12), for |η| < 1,
/// where ½η² = x/a − 1 − log(x/a) and η has the sign of x − a:
///
/// P = Φ(y) − φ(y) S/√a with y = η√a and the normal distribution function Φ and density φ.
///
/// S is a power series in η. Its coefficients β are found backwards from βₙ₋₁ = (n + 1) βₙ₊₁ / a +
/// fₙ / Γ*, where fₙ are those of η / (x/a − 1), and Γ* = e^(what Stirling's formula lacks) (Gil,
/// Segura, Temme, "Efficient and accurate algorithms for the computation and inversion of the
/// incomplete gamma function ratios", 2012, section 2.5).
struct UniformIncompleteGamma {
    private let a: Double
    private let x: Double
    private let y: SecondOrder
    /// S / √a.
    private let remainder: SecondOrder
    /// Γ* / √a: the density is φ(y) √a / (x Γ*).
    private let scale: SecondOrder

    init(_ a: Double, _ x: Double) {
        self.a = a
        self.x = x
        let magnitude = (2 * deviance(a, x, difference: x - a) / a).squareRoot()
        let position = x < a ? -magnitude : magnitude
        let (f, slope) = Self.quotient(position)
        // From dη/da = −1 / (a f).
        let speed = -1 / (a * f)
        let eta = SecondOrder(
            value: position, first: speed, second: -speed / a - speed * slope * speed / f)

        let correction = stirlingSeries(a)
        let gamma = exp(correction.value)
        let star = correction.applying(gamma, gamma, gamma)
        let inverseStar = star.reciprocal
        let inverse = SecondOrder(value: 1 / a, first: -1 / (a * a), second: 2 / (a * a * a))
        let root = SecondOrder(value: a, first: 1).applying(
            a.squareRoot(), 0.5 / a.squareRoot(), -0.25 / (a * a.squareRoot()))
        let inverseRoot = root.reciprocal

        var sum = SecondOrder(value: 0)
        var (coefficient, after) = (SecondOrder(value: 0), SecondOrder(value: 0))
        for n in (1..<Self.coefficients.count).reversed() {
            let next =
                Double(n + 1) * (inverse * after) + Self.coefficients[n] * inverseStar
            (after, coefficient) = (coefficient, next)
            sum = sum * eta + coefficient
        }
        y = eta * root
        remainder = sum * inverseRoot
        scale = star * inverseRoot
    }

    /// P for side −1, 1 − P for side 1.
    func tail(_ side: Double) -> Double {
        let density = exp(-y.value * y.value / 2) / (2 * Double.pi).squareRoot()
        return 0.5 * erfc(side * y.value / 2.0.squareRoot()) + side * density * remainder.value
    }

    /// See `IncompleteGamma.sampleDerivative`.
    var sampleDerivative: (value: Double, slope: Double) {
        // The derivative of P is φ(y) times this.
        let (y, rest) = (y, remainder)
        let change = y.first - rest.first + y.value * y.first * rest.value
        let second =
            y.second - rest.second + (y.first * y.first + y.value * y.second) * rest.value
            + y.value * y.first * rest.first
        return (
            -x * scale.value * change, -x * (scale.first * change + scale.value * second)
        )
    }

    /// η / (x/a − 1) and its derivative.
    private static func quotient(_ eta: Double) -> (value: Double, slope: Double) {
        var (value, slope) = (0.0, 0.0)
        for coefficient in coefficients.reversed() {
            slope = slope * eta + value
            value = value * eta + coefficient
        }
        return (value, slope)
    }

    /// fₙ: the reciprocal of the series of (x/a − 1) / η, whose coefficients αₙ₊₁ follow from
    /// μ dμ/dη = η (1 + μ) for μ = x/a − 1. The series converge for |η| < 2√π.
    private static let coefficients: [Double] = {
        let count = 36
        var alpha: [Double] = [0, 1]
        for n in 2...count {
            let products = (2..<n).reduce(0.0) { $0 + alpha[$1] * alpha[n + 1 - $1] }
            alpha.append(alpha[n - 1] / Double(n + 1) - products / 2)
        }
        var f: [Double] = [1]
        for n in 1..<count {
            f.append(-(0..<n).reduce(0.0) { $0 + f[$1] * alpha[n + 1 - $1] })
        }
        return f
    }()
}
