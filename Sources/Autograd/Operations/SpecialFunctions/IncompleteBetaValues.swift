import Foundation

/// The incomplete beta function at one place: the distribution function of the beta distribution
/// for a, b > 0, and its complement, by the continued fraction (DLMF 8.17.22).
struct IncompleteBeta {
    private let a: Double
    private let b: Double
    private let x: Double
    /// 1 − x, which may be known to more digits.
    private let y: Double

    init(_ a: Double, _ b: Double, _ x: Double, _ y: Double) {
        (self.a, self.b, self.x, self.y) = (a, b, x, y)
    }

    /// log(x y p), with the density p; x y p is also the derivative with respect to log(x / y).
    var logarithmOfWeight: Double {
        let n = a + b
        // n x − a, and a negative n y − b.
        let difference = b * x - a * y
        let deviances =
            deviance(a, n * x, difference: difference) + deviance(b, n * y, difference: -difference)
        return 0.5 * log(a / n * b / (2 * Double.pi)) - deviances + stirlingCorrection(n)
            - stirlingCorrection(a) - stirlingCorrection(b)
    }

    var tails: (lower: Double, upper: Double) {
        let weight = exp(logarithmOfWeight)
        // The fraction converges fast on this side.
        if x <= (a + 1) / (a + b + 2) {
            let lower = weight / a * Self.fraction(a, b, x)
            return (lower, 1 - lower)
        }
        let upper = weight / b * Self.fraction(b, a, y)
        return (1 - upper, upper)
    }

    /// 1 / (1 + d₁ / (1 + d₂ / (1 + …))), by Lentz's method, two terms at a time.
    private static func fraction(_ a: Double, _ b: Double, _ x: Double) -> Double {
        var above = 1.0
        var below = 1 / (1 - (a + b) * x / (a + 1))
        var result = below
        /// Takes one more term, and tells by how much the result changed.
        func take(_ numerator: Double) -> Double {
            below = 1 / (1 + numerator * below)
            above = 1 + numerator / above
            result *= above * below
            return abs(above * below - 1)
        }
        for index in 1...100_000 {
            let m = Double(index)
            let even = take(m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)))
            let odd = take(-(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)))
            if max(even, odd) <= 0x1p-51 || odd.isNaN { break }
        }
        return result
    }
}
