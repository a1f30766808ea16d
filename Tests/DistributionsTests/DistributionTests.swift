import Autograd
import Distributions
import Foundation
import TestSupport
import Testing

/// What holds for all distributions.
@Suite struct DistributionTests {
    /// The mean of values along the first axis, and its standard error.
    private func estimate(_ values: Tensor) -> (mean: Tensor, error: Tensor) {
        let count = Double(values.shape[0])
        return (values.mean(axes: [0]), sqrt(values.variance(axes: [0], correction: 1) / count))
    }

    private func expect(
        _ values: Tensor, near expected: Tensor, _ what: String, errors: Double = 5
    ) {
        let (mean, error) = estimate(values)
        #expect(mean.shape == expected.shape)
        let excess = abs(mean - expected) - errors * error
        #expect(excess.max().scalar <= 1e-9, "\(what): \(mean) ± \(error), expected \(expected)")
    }

    @Test(arguments: DistributionCase.all)
    func probabilitiesAddUpToOne(_ test: DistributionCase) throws {
        let distribution = test.distribution
        if let nodes = test.nodes?() {
            let density = exp(distribution.logProbability(of: nodes.x))
            #expect(density.shape == nodes.weights.shape)
            #expect(abs((density * nodes.weights).sum().scalar - 1) < 2e-4)
        } else if distribution is any DiscreteDistribution {
            let levels = distribution is Bernoulli ? 2 : 9
            let sum = (0..<levels).reduce(Tensor(0, dataType: .float64)) { sum, level in
                let x = Double(level) / Double(levels - 1)
                let value = Tensor(
                    repeating: x, shape: distribution.shape, dataType: .float64)
                return sum + exp(distribution.logProbability(of: value))
            }
            #expect(abs(sum - 1).max().scalar < 1e-12)
        } else {
            // Between quantiles, or equal steps where there are none, by Gauss's rule with two points.
            let places = Tensor.linearSpace(from: -9, through: 9, count: 401, dataType: .float64)
            let isUnivariate = distribution is any UnivariateDistribution
            let ends =
                (distribution as? any UnivariateDistribution)?
                .quantile(sigmoid(places).expandingAxis(1).broadcast(to: [401, 2]))
                ?? (2 * places).expandingAxis(1).broadcast(to: [401, 2])
            let (lower, upper) = (ends[0..<400], ends[1..<401])
            let offset = (upper - lower) * (0.5 / 3.0.squareRoot())
            let middle = 0.5 * (lower + upper)
            let sum =
                exp(distribution.logProbability(of: middle - offset))
                + exp(distribution.logProbability(of: middle + offset))
            let total = (0.5 * sum * (upper - lower)).sum(axes: [0])
            let expected = isUnivariate ? tanh(4.5) : 1
            #expect(abs(total - expected).max().scalar < 2e-5, "\(total)")
        }
    }

    @Test(arguments: DistributionCase.all)
    func drawsHaveTheMoments(_ test: DistributionCase) {
        guard test.hasMoments else { return }
        let distribution = test.distribution
        var generator = RandomGenerator(seed: 1)
        let draws = distribution.sample([20_000], using: &generator)
        #expect(draws.shape == [20_000] + distribution.shape)
        if test.isCircular {
            expect(sin(draws - distribution.mean), near: 0 * distribution.mean, "sine")
            expect(
                1 - cos(draws - distribution.mean), near: distribution.variance, "variance")
        } else {
            expect(draws, near: distribution.mean, "mean")
            expect(
                square(draws - distribution.mean), near: distribution.variance, "variance")
        }
    }

    @Test(arguments: DistributionCase.all)
    func drawsHaveTheQuantiles(_ test: DistributionCase) {
        let distribution = test.distribution
        guard let univariate = distribution as? any UnivariateDistribution else { return }
        var generator = RandomGenerator(seed: 2)
        let draws = distribution.sample([20_000], using: &generator)
        for probability in [0.003, 0.2, 0.5, 0.7, 0.99] {
            let quantile = univariate.quantile(probability)
            let below = (draws .< quantile - 1e-9).cast(to: .float64).mean(axes: [0])
            let upTo = (draws .<= quantile + 1e-9).cast(to: .float64).mean(axes: [0])
            let error = 5 * (probability * (1 - probability) / 20_000).squareRoot()
            #expect(below.max().scalar < probability + error, "\(probability)")
            #expect(upTo.min().scalar > probability - error, "\(probability)")
        }
    }

    @Test(arguments: DistributionCase.all)
    func entropiesAndDivergencesMatchDraws(_ test: DistributionCase) throws {
        let (distribution, other) = (test.distribution, test.other)
        var generator = RandomGenerator(seed: 3)
        let draws = distribution.sample([20_000], using: &generator)
        let logProbability = distribution.logProbability(of: draws)
        #expect(logProbability.shape == [20_000] + distribution.batchShape)
        if let entropy = distribution.entropy {
            expect(-logProbability, near: entropy, "entropy")
        }
        if let divergence = distribution.divergence(from: other) {
            expect(
                logProbability - other.logProbability(of: draws), near: divergence, "divergence")
            let itself = try #require(distribution.divergence(from: distribution))
            #expect(abs(itself).max().scalar < 1e-12)
        } else {
            let estimate = distribution.divergence(from: other, draws: 500, using: &generator)
            #expect(estimate.shape == distribution.batchShape)
            #expect(estimate.allFinite)
        }
    }

    /// To second order, with respect to parameters and value.
    @Test(arguments: DistributionCase.all)
    func logProbabilitiesHaveDerivatives(_ test: DistributionCase) {
        var generator = RandomGenerator(seed: 4)
        let x = test.distribution.sample(using: &generator)
        let isVector = test.nodes != nil || test.distribution is any DiscreteDistribution
        let (parameters, make) = (test.parameters, test.make)
        guard !parameters.isEmpty else { return }
        let result = gradientCheck(
            at: isVector ? parameters : parameters + [x], order: 2, mode: .directional()
        ) { arguments in
            make(Array(arguments[..<parameters.count]))
                .logProbability(of: isVector ? x : arguments[parameters.count]).sum()
        }
        #expect(result.passes, "\(result)")
    }

    @Test(arguments: DistributionCase.all)
    func momentsAndDivergencesHaveDerivatives(_ test: DistributionCase) {
        let make = test.make
        guard test.hasMoments, !test.parameters.isEmpty else { return }
        let other = test.other
        let result = gradientCheck(at: test.parameters, order: 2, mode: .directional()) {
            let distribution = make($0)
            var sum = (distribution.mean + 2 * distribution.variance).sum()
            if let entropy = distribution.entropy { sum += entropy.sum() }
            if let divergence = distribution.divergence(from: other) { sum += divergence.sum() }
            return sum
        }
        #expect(result.passes, "\(result)")
    }

    /// Slope and curvature of the mean of draws are those of the mean, and of their squares likewise.
    @Test(arguments: DistributionCase.all)
    func gradientsFlowThroughDraws(_ test: DistributionCase) {
        let distribution = test.distribution
        guard test.hasMoments, !test.parameters.isEmpty else { return }
        let base = (distribution as? AnyDistribution)?.base ?? distribution
        guard base is any ReparameterizedDistribution else {
            // No gradient at all, rather than a wrong one.
            let gradients = gradient(at: test.parameters) {
                var generator = RandomGenerator(seed: 5)
                return test.make($0).sample(using: &generator).sum()
            }
            #expect(gradients.allSatisfy { abs($0).max().scalar == 0 })
            return
        }
        var generators = RandomGenerator(seed: 5)
        let starts = (0..<30).map { _ in generators.split() }
        func estimate(_ parameters: [Tensor], _ start: RandomGenerator) -> Tensor {
            var generator = start
            let draws = test.make(parameters).sample([100], using: &generator)
            let value = test.isCircular ? 1 - cos(draws) : draws + square(draws)
            return value.mean(axes: [0]).sum()
        }
        func closedForm(_ parameters: [Tensor]) -> Tensor {
            let distribution = test.make(parameters)
            let (mean, variance) = (distribution.mean, distribution.variance)
            return test.isCircular
                ? (1 - (1 - variance) * cos(mean)).sum() : (mean + square(mean) + variance).sum()
        }
        func slopes(_ function: ([Tensor]) -> Tensor) -> [Tensor] {
            gradient(at: test.parameters, of: function)
        }
        func curvatures(_ function: ([Tensor]) -> Tensor) -> [Tensor] {
            gradient(at: test.parameters) { parameters in
                gradient(at: parameters, of: function).reduce(Tensor(0, dataType: .float64)) {
                    $0 + $1.sum()
                }
            }
        }
        for (order, derivative) in [slopes, curvatures].enumerated() {
            let estimates = starts.map { start in derivative { estimate($0, start) } }
            for (index, expected) in derivative(closedForm).enumerated() {
                expect(
                    stacked(estimates.map { $0[index] }), near: expected,
                    "order \(order + 1), parameter \(index)")
            }
        }
    }

    /// In single precision draws have a finite density, and the same seed gives the same draws.
    @Test(arguments: DistributionCase.all)
    func singlePrecision(_ test: DistributionCase) {
        guard !test.parameters.isEmpty, !test.name.contains("flow"), test.name != "mirrored gamma"
        else { return }
        let distribution = test.make(test.parameters.map { $0.cast(to: .float32) })
        var generator = RandomGenerator(seed: 6)
        let draws = distribution.sample([1000], using: &generator)
        #expect(draws.dataType == .float32)
        let logProbability = distribution.logProbability(of: draws)
        #expect(logProbability.dataType == .float32 && logProbability.allFinite)
        let precise = test.distribution.logProbability(of: draws.cast(to: .float64))
        let difference = abs(logProbability.cast(to: .float64) - precise)
        #expect((difference - 1e-4 * (1 + abs(precise))).max().scalar < 0)
        generator = RandomGenerator(seed: 6)
        #expect(distribution.sample([1000], using: &generator).isIdentical(to: draws))
    }

    /// Parameters that are not numbers give results that are not, and end.
    @Test(arguments: DistributionCase.all)
    func notANumberPropagates(_ test: DistributionCase) {
        guard let first = test.parameters.first else { return }
        let parameters = [first * .nan] + test.parameters.dropFirst()
        let distribution = test.make(parameters)
        var generator = RandomGenerator(seed: 7)
        _ = distribution.sample(using: &generator)
        let x = test.distribution.sample(using: &generator)
        #expect(distribution.logProbability(of: x).isNaN.all().scalar == 1)
    }
}
