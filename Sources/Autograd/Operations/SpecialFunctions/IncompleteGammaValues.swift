import Foundation

/// The incomplete gamma function at one place, a > 0 and x > 0 finite: the distribution function P
/// of the gamma distribution of shape a and its complement Q, and how a sample moves with a.
///
/// Three methods, each with its derivatives with respect to a: the power series (DLMF 8.7.1), the
/// continued fraction (DLMF 8.9.2), and for a ≥ 20 near the middle Temme's uniform expansion.
struct IncompleteGamma {
    let a: Double
    let x: Double

    private enum Method { case series, fraction, uniform }
    private let method: Method

    init(_ a: Double, _ x: Double) {
        self.a = a
        self.x = x
        // η² < 1
        if a >= 20, 2 * deviance(a, x, difference: x - a) < a {
            method = .uniform
        } else {
            method = x < a + 1 ? .series : .fraction
        }
    }

    /// log(x p), with the density p; it is also the derivative of P with respect to log x.
    var logarithmOfWeight: Double {
        0.5 * log(a / (2 * Double.pi)) - deviance(a, x, difference: x - a) - stirlingCorrection(a)
    }

    /// x p.
    var weight: Double {
        (a / (2 * Double.pi)).squareRoot()
            * exp(-deviance(a, x, difference: x - a) - stirlingCorrection(a))
    }

    /// P and 1 − P.
    var tails: (lower: Double, upper: Double) {
        switch method {
        case .series:
            let lower = weight / a * series.value
            return (lower, 1 - lower)
        case .fraction:
            let upper = weight * fraction.value
            return (1 - upper, upper)
        case .uniform:
            let uniform = UniformIncompleteGamma(a, x)
            return (uniform.tail(-1), uniform.tail(1))
        }
    }

    /// The derivative of x with respect to a where P is held fixed, −(∂P/∂a) / p, and the derivative
    /// of that with respect to a where x is held fixed. The density, which may be too small for a
    /// number, cancels.
    var sampleDerivative: (value: Double, slope: Double) {
        switch method {
        case .series:
            // P = w s with the logarithmic derivative of w = xᵃ e⁻ˣ / Γ(a + 1).
            let sum = series
            let slope = log(x) - digammaValue(a + 1)
            let value = sum.value * slope + sum.first
            let change = sum.first * slope - sum.value * polygammaValue(1, a + 1) + sum.second
            return (-x / a * value, -x / a * (change - value / a))
        case .fraction:
            // 1 − P = w c with w = x p.
            let fraction = fraction
            let slope = log(x) - digammaValue(a)
            let change =
                fraction.first * slope - fraction.value * polygammaValue(1, a) + fraction.second
            return (x * (fraction.value * slope + fraction.first), x * change)
        case .uniform:
            return UniformIncompleteGamma(a, x).sampleDerivative
        }
    }

    /// Σ xⁿ / ((a + 1) … (a + n)).
    private var series: SecondOrder {
        var term = SecondOrder(value: 1)
        var sum = term
        var denominator = SecondOrder(value: a, first: 1)
        repeat {
            denominator.value += 1
            term = x * (term * denominator.reciprocal)
            sum = sum + term
        } while !term.vanishes(beside: sum)
        return sum
    }

    /// 1 / (x + 1 − a − 1 (1 − a) / (x + 3 − a − 2 (2 − a) / (x + 5 − a − …))), by Lentz's method.
    private var fraction: SecondOrder {
        var denominator = SecondOrder(value: x + 1 - a, first: -1)
        var below = denominator.reciprocal
        var above: SecondOrder?
        var result = below
        for index in 1... {
            let i = Double(index)
            let numerator = SecondOrder(value: -i * (i - a), first: i)
            denominator.value += 2
            below = (denominator + numerator * below).reciprocal
            let next = above.map { denominator + numerator * $0.reciprocal } ?? denominator
            above = next
            let factor = next * below
            result = result * factor
            let change = max(abs(factor.value - 1), abs(factor.first), abs(factor.second))
            if change <= 0x1p-51 || change.isNaN || index == 10_000 { break }
        }
        return result
    }
}
