import Autograd
import Datasets
import Foundation
import ModelTestSupport
import Models
import TestSupport
import Testing

/// Terms that make the numbers of codes independent.
@Suite struct TotalCorrelationTests {
    private static let (model, input): (TestModel, Tensor) = {
        var generator = RandomGenerator(seed: 41)
        let model = makeTrainer(inputs: 4, plan: TrainingPlan(epochs: 1)).model
        return (model.cast(to: .float64), generator.uniform([6, 4], dataType: .float64))
    }()

    private static func pass(_ model: TestModel = model) -> ForwardPass<TestModel.Output> {
        var context = PassContext.training(RandomGenerator(seed: 1))
        return model.pass(input, in: &context)
    }

    private static func numbers(_ tensor: Tensor) -> [Double] {
        tensor.elements(as: Double.self)
    }

    /// Whatever the estimate of q(z), the parts add up to log q(z | x) − log p(z).
    @Test(arguments: AggregatePosterior.Estimate.allCases)
    func partsAddUpToTheDivergence(estimate: AggregatePosterior.Estimate) {
        let pass = Self.pass()
        let sum =
            CodeInformation(of: 100, by: estimate)(pass)
            + TotalCorrelation(of: 100, by: estimate)(pass)
            + NumberwiseDivergence(of: 100, by: estimate)(pass)
        let latent = pass.latentVariables[0]
        #expect(
            closeness(of: sum, to: latent.logPosterior - latent.logPrior, tolerance: 1e-12)
                .passes)
    }

    /// The mean density of a code under the posteriors of the batch, counted one by one.
    @Test(arguments: AggregatePosterior.Estimate.allCases)
    func densitiesAreThoseOfTheBatch(estimate: AggregatePosterior.Estimate) {
        let pass = Self.pass()
        let latent = pass.latentVariables[0]
        let codes = Self.numbers(latent.code)
        let (means, variances) = (
            Self.numbers(latent.posterior.mean), Self.numbers(latent.posterior.variance)
        )
        let (count, size, samples) = (6, 2, 100.0)
        func density(_ code: Int, _ sample: Int, _ number: Int) -> Double {
            let place = sample * size + number
            let deviation = codes[code * size + number] - means[place]
            return exp(-deviation * deviation / (2 * variances[place]))
                / (2 * Double.pi * variances[place]).squareRoot()
        }
        func share(_ code: Int, _ sample: Int) -> Double {
            guard estimate == .stratified else { return 1 / (samples * 6) }
            // The own sample, the one that stands for the rest, and the others.
            if code == sample { return 1 / samples }
            return sample == (code + 1) % count ? (samples - 5) / (samples * 5) : 1 / 5
        }
        let expected = (0..<count).map { code -> Double in
            let joint = (0..<count).reduce(0) { sum, sample in
                sum + share(code, sample)
                    * (0..<size).reduce(1) { $0 * density(code, sample, $1) }
            }
            let product = (0..<size).reduce(0) { sum, number in
                sum
                    + log(
                        (0..<count).reduce(0) {
                            $0 + share(code, $1) * density(code, $1, number)
                        })
            }
            return log(joint) - product
        }
        let found = Self.numbers(TotalCorrelation(of: 100, by: estimate)(pass))
        for (found, expected) in zip(found, expected) {
            #expect(abs(found - expected) < 1e-10, "\(found), \(expected)")
        }
    }

    @Test(arguments: CodeCovarianceKind.allCases)
    func covariancesAreDrawnToTheIdentity(kind: CodeCovarianceKind) {
        let pass = Self.pass()
        let posterior = pass.latentVariables[0].posterior
        let (means, variances) = (
            Self.numbers(posterior.mean), Self.numbers(posterior.variance)
        )
        func mean(_ value: (Int) -> Double) -> Double {
            (0..<6).reduce(0) { $0 + value($1) } / 6
        }
        let centre = [mean { means[2 * $0] }, mean { means[2 * $0 + 1] }]
        func covariance(_ i: Int, _ j: Int) -> Double {
            let ofMeans = mean {
                (means[2 * $0 + i] - centre[i]) * (means[2 * $0 + j] - centre[j])
            }
            guard kind == .draws, i == j else { return ofMeans }
            return ofMeans + mean { variances[2 * $0 + i] }
        }
        let off = 2 * covariance(0, 1) * covariance(0, 1)
        let diagonal = [0, 1].reduce(0) { $0 + pow(covariance($1, $1) - 1, 2) }
        let found = CodeCovariance(of: kind, diagonal: 3)(pass)
        #expect(found.shape == [6])
        #expect(abs(found[2].scalar - (off + 3 * diagonal)) < 1e-12)
    }

    @Test func gradientsAreRight() {
        let objective = Self.model.objective(
            CodeInformation(of: 50) + 6 * TotalCorrelation(of: 50, by: .stratified)
                + NumberwiseDivergence(of: 50)
                + CodeCovariance(of: .draws, diagonal: 2))
        let check = gradientCheck(at: Self.model, mode: .directional()) { model in
            objective(Self.pass(model)).total
        }
        #expect(check.passes, "\(check)")
    }

    @Test func whatDoesNotFitTraps() async {
        let samples = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            _ = TotalCorrelation<TestModel.Output>(of: 0)
        }
        #expect(message(of: samples).contains("AggregatePosterior: 0 training samples"))
        let diagonal = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            _ = CodeCovariance<TestModel.Output>(of: .means, diagonal: -1)
        }
        #expect(message(of: diagonal).contains("a diagonal of weight -1.0"))
    }
}
