import Autograd
import Datasets
import Foundation
import ModelTestSupport
import Models
import TestSupport
import Testing

/// Decoders by the likelihood that a user chooses.
@Suite struct ChosenLikelihoodTests {
    private typealias Decoder = ChosenDecoder<MultilayerPerceptron>

    /// Names of decoders, and whether their samples are numbers from 0 to 1.
    static let kinds = [
        ("continuousBernoulli", true), ("discretizedLogistic", true), ("optimalGaussian", false),
        ("laplace", false), ("studentT", false),
    ]

    private static func decoder(_ kind: String, _ head: MultilayerPerceptron) -> Decoder {
        switch kind {
        case "continuousBernoulli": .continuousBernoulli(ContinuousBernoulliDecoder(head))
        case "discretizedLogistic": .discretizedLogistic(DiscretizedLogisticDecoder(head))
        case "optimalGaussian": .optimalGaussian(OptimalGaussianDecoder(head))
        case "laplace": .laplace(LaplaceDecoder(head))
        default: .studentT(StudentTDecoder(head))
        }
    }

    /// With respect to all parameters, scales included, to second order.
    @Test(arguments: kinds) func gradients(kind: String, areShares: Bool) {
        var generator = RandomGenerator(seed: 31)
        let head = MultilayerPerceptron([2, 3, 6], activation: .tanh, using: &generator)
        let code = generator.normal([3, 2], dataType: .float64)
        var x = generator.normal([3, 6], dataType: .float64)
        // The extreme values among them, as their intervals have no ends.
        if areShares { x = round(255 * clamp(0.5 + x, from: 0, through: 1)) / 255 }
        let decoder = Self.decoder(kind, head)
        let hasScale = kind.hasSuffix("Logistic") || kind == "laplace" || kind == "studentT"
        #expect(decoder.parameters.map(\.path).contains("logScale") == hasScale)
        let check = gradientCheck(at: decoder, order: 2) { $0(code).logProbability(of: x).sum() }
        #expect(check.passes, "\(check)")
    }

    /// σ̂² is the mean of the squared errors, and the log-likelihood of n elements −n/2 (log 2πσ̂² + 1),
    /// but for the bound of e⁻⁶; no constant deviation is better.
    @Test func theOptimalDeviationIsTheRootOfTheMeanSquaredError() {
        let x = Tensor([1.0, 2, 3, 5, 8, 13], shape: [2, 3])
        let mean = Tensor([2.0, 2, 1, 5, 9, 10], shape: [2, 3])
        let likelihood = OptimalNormal(mean: mean)
        let variance = (1.0 + 0 + 4 + 0 + 1 + 9) / 6
        let deviation = likelihood.fitted(to: x).standardDeviation
        #expect(abs(deviation - (variance.squareRoot() + exp(-6))).max().scalar < 1e-14)
        let own = Independent(likelihood).logProbability(of: x)
        #expect(own.shape == [2])
        let closed = -3 * (log(2 * Double.pi * variance) + 1)
        #expect(abs(own.sum().scalar - closed) < 6 * exp(-12.0) && own.sum().scalar < closed)
        for scale in [0.8, 1.2] {
            let other = Normal(mean: mean, scale: scale * variance.squareRoot())
            #expect(other.logProbability(of: x).sum().scalar < own.sum().scalar)
        }
        // The gradient with respect to the mean, −½ n ∇ log σ̂² = (x − μ) / σ̂².
        let slope = gradient(at: mean) { OptimalNormal(mean: $0).logProbability(of: x).sum() }
        #expect(abs(slope - (x - mean) / variance).max().scalar < 0.02)
        // Exact means: the deviation is at its bound, and nothing is infinite.
        let (value, exact) = valueWithGradient(at: x) {
            OptimalNormal(mean: $0).logProbability(of: x).sum()
        }
        #expect(abs(value.scalar - 6 * (6 - 0.5 * log(2 * Double.pi))) < 1e-12)
        #expect(abs(exact).max().scalar == 0)
        #expect(likelihood.variance.isNaN.all().scalar == 1)
    }

    /// What a greater error costs: by its square, its size, the logarithm of its size.
    @Test func tailsOfLikelihoods() {
        var generator = RandomGenerator(seed: 32)
        let head = MultilayerPerceptron([1, 1], using: &generator)
        let code = Tensor([0], shape: [1, 1]).cast(to: .float32)
        func cost(_ decoder: Decoder) -> Double {
            func at(_ x: Float) -> Double {
                -decoder(code).logProbability(of: Tensor([x], shape: [1, 1])).sum().scalar
            }
            return at(40) - at(20)
        }
        // ½ (40² − 20²), 40 − 20, and (ν + 1) / 2 · log((40² + ν) / (20² + ν)).
        #expect(abs(cost(.gaussian(GaussianDecoder(head))) - 600) < 1e-2)
        #expect(abs(cost(Self.decoder("laplace", head)) - 20) < 0.1)
        #expect(abs(cost(Self.decoder("studentT", head)) - 2.5 * log(1604.0 / 404)) < 0.01)
        let cauchy = Decoder.studentT(StudentTDecoder(head, degreesOfFreedom: 1))
        #expect(abs(cost(cauchy) - log(1601.0 / 401)) < 0.01)
    }
}
