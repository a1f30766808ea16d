import Autograd
import Foundation
import ModelTestSupport
import Models
import TestSupport
import Testing

@Suite struct EncoderTests {
    /// Means and log-variances of four samples with one component.
    private let means: [Double] = [0, 0.7, -2, 0.3]
    private let logVariances: [Double] = [0, -1.5, 0.8, -6]

    private var gaussian: Independent<Normal> {
        Independent(
            Normal(
                mean: Tensor(means, shape: [4, 1]),
                logVariance: Tensor(logVariances, shape: [4, 1])))
    }

    private func divergence(of posterior: Independent<Normal>) -> Tensor {
        LatentVariable(posterior: posterior, code: posterior.mean).divergence
    }

    private func logNormal(_ z: Double, _ mean: Double, _ logVariance: Double) -> Double {
        -0.5 * ((z - mean) * (z - mean) / exp(logVariance) + logVariance + log(2 * .pi))
    }

    @Test func divergenceEqualsQuadrature() {
        let divergences = divergence(of: gaussian).elements(as: Double.self)
        #expect(divergences.count == 4)
        for (index, divergence) in divergences.enumerated() {
            let (mean, logVariance) = (means[index], logVariances[index])
            // The trapezoidal rule over ±12 standard deviations: exact to rounding.
            let deviation = exp(0.5 * logVariance)
            let step = deviation / 100
            let integral = (-1200...1200).reduce(0.0) { sum, point in
                let z = mean + Double(point) * step
                let logPosterior = logNormal(z, mean, logVariance)
                return sum + step * exp(logPosterior) * (logPosterior - logNormal(z, 0, 0))
            }
            #expect(abs(divergence - integral) < 1e-10, "sample \(index)")
        }
    }

    @Test func divergenceEqualsMonteCarlo() {
        var generator = RandomGenerator(seed: 3)
        let count = 200_000
        let (mean, logVariance) = ([0.5, -1.0], [-0.7, 0.4])
        let posterior = Independent(
            Normal(
                mean: Tensor(rows: [mean]).broadcast(to: [count, 2]),
                logVariance: Tensor(rows: [logVariance]).broadcast(to: [count, 2])))
        let prior = Independent(
            Normal(
                mean: Tensor.zeros(like: posterior.mean),
                logVariance: Tensor.zeros(like: posterior.mean)))
        let codes = posterior.sample(using: &generator)
        let differences = posterior.logProbability(of: codes) - prior.logProbability(of: codes)
        let standardError = (differences.variance().scalar / Double(count)).squareRoot()
        let expected = divergence(of: posterior)[0].scalar
        #expect(standardError < 0.005)
        #expect(abs(differences.mean().scalar - expected) < 4 * standardError)
    }

    @Test func divergenceSumsOverComponentsAndIsZeroForThePrior() {
        let both = Independent(
            Normal(
                mean: Tensor(means, shape: [2, 2]),
                logVariance: Tensor(logVariances, shape: [2, 2])))
        let single = divergence(of: gaussian).elements(as: Double.self)
        let summed = divergence(of: both).elements(as: Double.self)
        #expect(abs(summed[0] - single[0] - single[1]) < 1e-12)
        #expect(abs(summed[1] - single[2] - single[3]) < 1e-12)
        #expect(single[0] == 0)
    }

    @Test func logProbabilityEqualsClosedForm() {
        let codes = [0.3, -0.2, 1.5, 0.25]
        let found = gaussian.logProbability(of: Tensor(codes, shape: [4, 1]))
        #expect(found.shape == [4])
        for (index, value) in found.elements(as: Double.self).enumerated() {
            let expected = logNormal(codes[index], means[index], logVariances[index])
            #expect(abs(value - expected) < 1e-12 * max(1, abs(expected)))
        }
    }

    @Test func gradientsFlowThroughSamples() {
        // z = μ + exp(½ λ) ε, so ∂z/∂μ = 1 and ∂z/∂λ = ½ (z − μ).
        let posterior = gaussian
        var generator = RandomGenerator(seed: 1)
        let start = generator
        let z = posterior.sample(using: &generator)
        let (mean, logVariance) = gradient(at: posterior.mean, posterior.logVariance) {
            var generator = start
            return Independent(Normal(mean: $0, logVariance: $1)).sample(using: &generator).sum()
        }
        #expect(mean.elements(as: Double.self) == [1, 1, 1, 1])
        let expected = 0.5 * (z - posterior.mean)
        #expect(abs(logVariance - expected).max().scalar < 1e-12)
        #expect(abs(expected).min().scalar > 0)
    }

    @Test func aPointIsItsOwnSample() {
        var generator = RandomGenerator(seed: 1)
        let code = Tensor([1, 2, 3] as [Float], shape: [3, 1])
        #expect(PointMass(code).sample(using: &generator).isIdentical(to: code))
        #expect(generator == RandomGenerator(seed: 1), "a point draws no random numbers")
    }

    @Test(arguments: [-1e4, 1e4]) func encodersBoundTheLogVariance(bias: Double) {
        var generator = RandomGenerator(seed: 1)
        let body = MultilayerPerceptron([3, 4], using: &generator)
        var encoder = GaussianEncoder(body, features: 4, latentSize: 2, using: &generator)
        #expect(encoder.latentSize == 2)
        let input = generator.normal([5, 3])
        let usual = encoder(input)
        let features = encoder.body(input)
        let unbounded = encoder.logVariance(features)
        #expect(abs(usual.logVariance - unbounded).max().scalar < 1e-5)

        encoder.logVariance.bias = Tensor([Float(bias), Float(bias)])
        let (loss, gradients) = valueWithGradient(at: encoder) { encoder in
            let posterior = encoder(input)
            var generator = RandomGenerator(seed: 1)
            return divergence(of: posterior).mean()
                + posterior.sample(using: &generator).sum()
        }
        #expect(loss.scalar.isFinite)
        #expect(gradients.tensors.allSatisfy { $0.isFinite.all().scalar == 1 })
        #expect(abs(abs(encoder(input).logVariance) - 20).max().scalar < 1e-4)
    }

    @Test func shapesThatDifferTrap() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { _ = Independent(Normal(mean: .zeros([2, 3]), logVariance: .zeros([2, 2]))) }
        #expect(message(of: result).contains("Normal: shapes do not broadcast: [2, 3]"))
    }
}
