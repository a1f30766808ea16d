import Autograd
import Foundation

/// The continuous Bernoulli distribution of numbers from 0 to 1, proportional to λ^x (1 − λ)^(1−x)
/// (Loaiza-Ganem and Cunningham, "The continuous Bernoulli: fixing a pervasive error in variational
/// autoencoders", arXiv:1907.06845): the likelihood of grey pixels that the Bernoulli distribution
/// is not.
///
/// With the logit l = log(λ / (1 − λ)) it is the exponential family e^(xl) / ∫ e^(tl) dt: mean and
/// variance are the slope and the curvature of the logarithm of that integral, which is kept
/// accurate near l = 0, where λ is ½.
public struct ContinuousBernoulli: ContinuousDistribution, ReparameterizedDistribution,
    UnivariateDistribution
{
    /// The log-odds, of any size.
    public let logits: Tensor

    /// From log-odds of any size.
    public init(logits: Tensor) { self.logits = logits }

    public var shape: [Int] { logits.shape }
    public var dataType: DataType { logits.dataType }
    public var support: ClosedRange<Double> { 0...1 }

    /// ½ + ½ (coth h − 1 / h) with h = l / 2.
    public var mean: Tensor {
        let half = 0.5 * logits
        return 0.5
            + 0.5
            * near(half) { half in
                2 * half * Self.derivativeOfSeries(square(half))
            } elsewhere: { half in
                1 / tanh(half) - 1 / half
            }
    }

    /// ¼ (1 / h² − 1 / sinh² h) with h = l / 2.
    public var variance: Tensor {
        0.25
            * near(0.5 * logits) { half in
                let squares = square(half)
                return 2 * Self.derivativeOfSeries(squares)
                    + 4 * squares * Self.secondDerivativeOfSeries(squares)
            } elsewhere: { half in
                // 1 / sinh² h = coth² h − 1, without overflow.
                1 / square(half) - 4 * exp(-2 * abs(half)) / square(expm1(-2 * abs(half)))
            }
    }

    public var entropy: Tensor? { logIntegral - logits * mean }

    /// By the inverse of the distribution function.
    public func sample(_ draws: [Int], using generator: inout RandomGenerator) -> Tensor {
        quantile(generator.openUniform(draws + shape, dataType: logits.dataType))
    }

    /// x l − log ∫ e^(tl) dt, for numbers from 0 to 1.
    public func logProbability(of x: Tensor) -> Tensor {
        requireDraw(x)
        return x * logits - logIntegral
    }

    /// log(1 + p (e^l − 1)) / l.
    public func quantile(_ probability: Tensor) -> Tensor {
        let parts = broadcastTogether([probability, logits], of: "ContinuousBernoulli")
        let (p, logits) = (parts[0], parts[1])
        // The logarithm is the sum of the cumulants of the Bernoulli distribution with probability
        // p, κₙ lⁿ / n!, of which six are enough up to |l| = 0.05.
        let isNear = abs(stopGradient(logits)) .< 0.05
        let zero = Tensor(0, dataType: logits.dataType)
        let small = select(isNear, logits, zero)
        let pq = p * (1 - p)
        let skew = 1 - 2 * p
        let cumulants = [
            p, pq, pq * skew, pq * (1 - 6 * pq), pq * skew * (1 - 12 * pq),
            pq * (1 - 30 * pq + 120 * square(pq)),
        ]
        let factorials = [1.0, 2, 6, 24, 120, 720]
        let series = zip(cumulants, factorials).reversed().reduce(zero) { sum, term in
            sum * small + term.0 / term.1
        }
        // For positive logits mirrored, so that nothing overflows.
        let isPositive = stopGradient(logits) .> 0
        let large = -abs(select(isNear, Tensor(1, dataType: logits.dataType), logits))
        let mirrored = log1p(select(isPositive, 1 - p, p) * expm1(large)) / large
        return select(isNear, series, select(isPositive, 1 - mirrored, mirrored))
    }

    /// (l − k) E x − log ∫ e^(tl) dt + log ∫ e^(tk) dt from one with logits k.
    public func divergence(from other: any Distribution) -> Tensor? {
        guard let other = other.unwrapped as? ContinuousBernoulli else { return nil }
        requireComparable(other)
        return (logits - other.logits) * mean - logIntegral + other.logIntegral
    }

    // MARK: The integral

    /// log ∫ e^(tl) dt over t from 0 to 1: h + log(sinh h / h) with h = l / 2.
    private var logIntegral: Tensor {
        let half = 0.5 * logits
        return half
            + near(half) { half in
                Self.series(square(half))
            } elsewhere: { half in
                let size = abs(half)
                return size + log1p(-exp(-2 * size)) - log(2 * size)
            }
    }

    /// A function of h, by its series where |h| < ½. Neither branch sees arguments for which it
    /// would give something that is not finite.
    private func near(
        _ half: Tensor, _ series: (Tensor) -> Tensor, elsewhere: (Tensor) -> Tensor
    ) -> Tensor {
        let isNear = abs(stopGradient(half)) .< 0.5
        let type = half.dataType
        return select(
            isNear, series(select(isNear, half, Tensor(0, dataType: type))),
            elsewhere(select(isNear, Tensor(1, dataType: type), half)))
    }

    /// The coefficients of log(sinh h / h) = Σ (−1)ⁿ⁺¹ ζ(2n) h²ⁿ / (n π²ⁿ), n = 1, 2, …
    private static let coefficients: [Double] = (1...12).map { n in
        let exponent = Double(2 * n)
        // The tail of ζ(2n) = Σ k⁻²ⁿ, by the Euler–Maclaurin formula.
        let terms = 20.0
        let sum = (1..<20).reduce(0.0) { $0 + pow(Double($1), -exponent) }
        let tail =
            pow(terms, 1 - exponent) / (exponent - 1) + 0.5 * pow(terms, -exponent)
            + exponent / 12 * pow(terms, -exponent - 1)
        let sign = n % 2 == 1 ? 1.0 : -1
        return sign * (sum + tail) / (Double(n) * pow(Double.pi, exponent))
    }

    private static func series(_ squares: Tensor) -> Tensor {
        polynomial(coefficients, squares) * squares
    }

    private static func derivativeOfSeries(_ squares: Tensor) -> Tensor {
        polynomial(coefficients.enumerated().map { Double($0 + 1) * $1 }, squares)
    }

    private static func secondDerivativeOfSeries(_ squares: Tensor) -> Tensor {
        polynomial(
            coefficients.enumerated().dropFirst().map { Double($0 * ($0 + 1)) * $1 }, squares)
    }

    private static func polynomial(_ coefficients: [Double], _ x: Tensor) -> Tensor {
        coefficients.dropLast().reversed().reduce(
            Tensor(coefficients[coefficients.count - 1], dataType: x.dataType)
        ) { $0 * x + $1 }
    }
}
