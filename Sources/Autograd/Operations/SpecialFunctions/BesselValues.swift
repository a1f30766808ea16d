import Foundation

/// The modified Bessel function of the first kind at one place.
struct BesselI {
    let order: Double
    let x: Double
    /// √(v² + x²): where it is large, so is every term of Debye's expansion smaller than the last.
    private let distance: Double
    private static let farDistance = 32.0

    init(order: Double, _ x: Double) {
        self.order = order
        self.x = x
        distance = hypot(order, x)
    }

    /// log I_v(x).
    var logarithm: Double {
        guard x > 0 else { return x < 0 || x.isNaN ? .nan : order == 0 ? 0 : -.infinity }
        guard x.isFinite else { return x }
        guard distance > Self.farDistance else {
            return order * log(x / 2) - logarithmOfGamma(order + 1)
                + log1p(Self.seriesMinusOne(order: order, x))
        }
        // The second form has no difference where x is large, the first no overflow where it is
        // small.
        let angle = x < order ? log(x / (order + distance)) : -asinh(order / x)
        return distance + order * angle - 0.5 * log(2 * Double.pi * distance)
            + log1p(expansion.value - 1)
    }

    /// I_{v+1}(x) / (x I_v(x)).
    var ratio: Double {
        guard x >= 0 else { return .nan }
        guard distance > Self.farDistance else {
            return (1 + Self.seriesMinusOne(order: order + 1, x))
                / (1 + Self.seriesMinusOne(order: order, x)) / (2 * (order + 1))
        }
        let (value, slope) = expansion
        return 1 / (order + distance) - slope / value / (distance * distance)
    }

    /// Σ (x² / 4)ᵏ / (k! (v + 1)ₖ) without the first term, 1. All terms are positive.
    private static func seriesMinusOne(order: Double, _ x: Double) -> Double {
        let quarter = x * x / 4
        var (sum, term, index) = (0.0, 1.0, 1.0)
        while true {
            term *= quarter / (index * (order + index))
            sum += term
            if term <= 0x1p-56 * sum { return sum }
            index += 1
        }
    }

    /// Σ uₖ(s) / dᵏ, with the distance d and s = v² / d², and what its derivative adds up to:
    /// Σ ((k + ½) uₖ + 2 s uₖ′) / dᵏ.
    ///
    /// These are the terms Uₖ(t) / vᵏ of Debye's expansion: Uₖ(t) = tᵏ uₖ(t²) with t = v / d. So
    /// written, order 0 is no exception, where it is Hankel's expansion for large arguments.
    private var expansion: (value: Double, slope: Double) {
        let s = (order / distance) * (order / distance)
        var (value, slope, power) = (0.0, 0.0, 1.0)
        for (k, coefficients) in Self.polynomials.enumerated() {
            var (u, derivative) = (0.0, 0.0)
            for coefficient in coefficients.reversed() {
                derivative = derivative * s + u
                u = u * s + coefficient
            }
            value += u * power
            slope += ((Double(k) + 0.5) * u + 2 * s * derivative) * power
            power /= distance
        }
        return (value, slope)
    }

    /// The coefficients of u₀, u₁, …, from those of Uₖ (DLMF 10.41.9): Uₖ₊₁ is
    /// ½ t² (1 − t²) Uₖ′ + ⅛ ∫ (1 − 5t²) Uₖ dt.
    private static let polynomials: [[Double]] = {
        var polynomials: [[Double]] = [[1]]
        for k in 0..<18 {
            var next = [Double](repeating: 0, count: k + 2)
            for (index, coefficient) in polynomials[k].enumerated() {
                let power = Double(k + 2 * index)
                next[index] += coefficient * (power / 2 + 1 / (8 * (power + 1)))
                next[index + 1] -= coefficient * (power / 2 + 5 / (8 * (power + 3)))
            }
            polynomials.append(next)
        }
        return polynomials
    }()
}
