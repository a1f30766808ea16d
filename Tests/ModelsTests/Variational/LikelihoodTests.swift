import Autograd
import Datasets
import Foundation
import ModelTestSupport
import Models
import TestSupport
import Testing

/// Estimates of log-likelihoods, where they are known.
@Suite struct LikelihoodTests {
    /// With the exact posterior every draw has the same weight, p(x).
    @Test func theExactPosteriorGivesTheExactLikelihood() throws {
        let linear = LinearGaussian()
        let model = LatentVariableModel(encoder: linear.exactEncoder, decoder: linear.decoder)
        var generator = RandomGenerator(seed: 1)
        let logWeights = model.logWeights(
            of: Batch(linear.samples), draws: 3, using: &generator)
        #expect(logWeights.shape == [3, 6])
        #expect(abs(logWeights - linear.logLikelihood).max().scalar < 1e-4)
        let bound = model.logLikelihood(of: Batch(linear.samples), using: &generator)
        #expect(bound.shape == [6])
    }

    /// With another posterior the estimate comes as close as the draws allow, and the bounds are in
    /// order.
    @Test func theEstimateOfALikelihoodConverges() throws {
        let linear = LinearGaussian()
        var encoder = linear.exactEncoder
        encoder.base.logVariance.bias = encoder.base.logVariance.bias.map { $0 + 0.7 }
        encoder.below = encoder.below.map {
            Dense(weight: $0.weight, bias: $0.bias.map { $0 * 0.2 })
        }
        let model = LatentVariableModel(encoder: encoder, decoder: linear.decoder)
        let exact = linear.logLikelihood
        func estimate(_ draws: Int) throws -> LikelihoodEstimate {
            try LikelihoodEstimate(
                of: linear.source, by: model, draws: draws, seed: 5)
        }
        let few = try estimate(2)
        let many = try estimate(400_000)
        #expect(abs(Tensor(many.values) - exact).max().scalar < 3e-3)
        #expect(abs(many.mean - exact.mean().scalar) < 1e-3)
        #expect(few.mean < many.mean)
        let deviation = (square(exact - exact.mean()).sum() / 5).scalar.squareRoot()
        #expect(abs(many.standardError - deviation / 6.0.squareRoot()) < 0.01)
    }

    /// Without an encoder codes are led from the prior to the posterior.
    @Test func annealedEstimatesAgreeWithTheExactLikelihood() throws {
        let linear = LinearGaussian()
        let model = LatentVariableModel(
            encoder: LinearGaussian.encoder(seed: 4), decoder: linear.decoder)
        var plan = AnnealedImportanceSampling.Plan()
        (plan.chains, plan.temperatures, plan.leapfrogSteps) = (4000, 1000, 2)
        let estimate = try AnnealedImportanceSampling(of: linear.source, by: model, plan, seed: 3)
        #expect(abs(Tensor(estimate.values) - linear.logLikelihood).max().scalar < 5e-3)
        #expect(abs(estimate.mean - linear.logLikelihood.mean().scalar) < 1e-3)
        #expect(0.3...0.95 ~= estimate.acceptance)
        // With few codes and distributions it is too low.
        (plan.chains, plan.temperatures) = (2, 2)
        let rough = try AnnealedImportanceSampling(of: linear.source, by: model, plan, seed: 3)
        #expect(rough.mean < estimate.mean - 0.1)
    }

    /// With the exact encoder one code is enough; codes from the prior need many, and come as near.
    @Test func estimatesRiseWithTheNumberOfCodes() throws {
        let linear = LinearGaussian()
        let model = LatentVariableModel(encoder: linear.exactEncoder, decoder: linear.decoder)
        let exact = linear.logLikelihood.mean().scalar
        let encoder = try LikelihoodCurve(
            of: linear.source, byEncoderOf: model, draws: 40, seed: 1)
        #expect(encoder.draws == [1, 3, 10, 30, 40])
        #expect(encoder.values.allSatisfy { abs($0 - exact) < 1e-4 })
        let prior = try LikelihoodCurve(
            of: linear.source, byPriorOf: model, draws: 100_000, seed: 1)
        #expect(prior.draws.count == 11 && prior.draws.last == 100_000)
        #expect(prior.values[0] < exact - 3 && abs(prior.values[10] - exact) < 0.02)
        // The weights are the likelihoods of each sample given each code.
        var generator = RandomGenerator(seed: 1)
        let codes = model.priorCodes(3, using: &generator)
        let likelihoods = model.logLikelihoods(of: linear.samples, givenEach: codes)
        for sample in 0..<6 {
            let one = model.logLikelihood(
                of: linear.samples[sample..<sample + 1].broadcast(to: [3, LinearGaussian.size]),
                given: codes)
            let column = likelihoods.sliced(axis: 1, sample..<sample + 1).flattened(fromAxis: 0)
            #expect(closeness(of: column, to: one, tolerance: 1e-12).passes)
        }
    }

    /// With components that are all the exact posterior every estimate is the exact likelihood.
    @Test func estimatesWithMixturesAreNotTooHigh() throws {
        let linear = LinearGaussian()
        var generator = RandomGenerator(seed: 2)
        // A posterior of four wide components around the exact mean.
        let exact = linear.exactEncoder
        var encoder = MixtureEncoder(
            Dense(weight: Tensor.identity(LinearGaussian.size), bias: nil),
            features: LinearGaussian.size,
            components: 4, latentSize: LinearGaussian.latentSize, using: &generator
        ).cast(to: .float64)
        let mean = exact.base.mean
        encoder.mean = Dense(
            weight: concatenated(Array(repeating: mean.weight, count: 4)),
            bias: concatenated(Array(repeating: mean.bias ?? mean.weight, count: 4)))
        encoder.logVariance = Dense(
            weight: Tensor.zeros(
                [4 * LinearGaussian.latentSize, LinearGaussian.size], dataType: .float64),
            bias: Tensor(repeating: -1, shape: [4 * LinearGaussian.latentSize], dataType: .float64))
        let model = LatentVariableModel(encoder: encoder, decoder: linear.decoder)
        let estimate = try LikelihoodEstimate(
            of: linear.source, by: model, draws: 20_000, seed: 5)
        #expect(abs(Tensor(estimate.values) - linear.logLikelihood).max().scalar < 0.1)
    }
}
