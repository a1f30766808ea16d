import Autograd
import Datasets
import Distributions

/// A model of samples by codes that are drawn, p(x) = ∫ p(x | z) p(z) dz, with a prior p(z) and a
/// decoder p(x | z). It is trained by way of an encoder q(z | x), which approximates the posterior of
/// the codes (Kingma and Welling, "Auto-Encoding Variational Bayes", arXiv:1312.6114).
///
/// ```swift
/// let vae = LatentVariableModel(
///     encoder: GaussianEncoder(body, features: 400, latentSize: 20, using: &generator),
///     decoder: BernoulliDecoder(head))
/// let objective = vae.objective(Reconstruction() + 4 * KullbackLeibler())
/// ```
///
/// Posterior, prior, likelihood and bound know nothing of each other, so that any combine: an
/// importance-weighted bound with a flow as posterior, a mixture as prior and a learned scale is
///
/// ```swift
/// let model = LatentVariableModel(
///     encoder: flowEncoder, prior: mixturePrior,
///     decoder: GaussianDecoder(head, scale: .learned), draws: 50)
/// let objective = model.objective(ImportanceWeightedBound())
/// ```
public struct LatentVariableModel<E: VariationalEncoder, P: Prior, D: DecoderNetwork>:
    AutoencoderModel
{
    /// From samples to posteriors of their codes.
    public var encoder: E
    /// Of codes.
    public var prior: P
    /// From codes to likelihoods of samples.
    public var decoder: D
    /// How many codes of each sample a pass draws.
    public var draws: Int

    /// Traps if `draws` is not positive.
    public init(encoder: E, prior: P, decoder: D, draws: Int = 1) {
        guard draws > 0 else { programmerError("LatentVariableModel", "\(draws) draws of a code") }
        (self.encoder, self.prior, self.decoder) = (encoder, prior, decoder)
        self.draws = draws
    }

    public func callAsFunction(
        _ batch: Batch, in context: inout PassContext
    ) -> VariationalOutput<D.Output> {
        let start = context
        let posterior = encoder(batch.input, in: &context)
        let draw = encoder.draw(draws, from: posterior, using: &context.generator)
        let pass = Pass(batch: batch, start: start, afterEncoder: context)
        return output(posterior, draw, pass, in: &context)
    }

    /// What a pass is made of besides its codes, for making it again.
    private struct Pass: Sendable {
        let batch: Batch
        let start: PassContext
        let afterEncoder: PassContext
    }

    private func output(
        _ posterior: E.Output, _ draw: PosteriorDraw, _ pass: Pass, in context: inout PassContext
    ) -> VariationalOutput<D.Output> {
        let latent = LatentVariable(
            posterior: posterior, draw: draw,
            prior: prior(for: encoder, in: &context))
        return VariationalOutput(
            latentVariables: [latent], likelihood: decoder(draw.code, in: &context),
            draws: draw.draws, encoderInput: pass.batch.input,
            encode: { input in
                var context = pass.start
                return encoder.centre(of: encoder(input, in: &context))
            },
            again: { path in
                var (start, context) = (pass.start, pass.afterEncoder)
                switch path {
                case .model:
                    let fixed = PosteriorDraw(
                        code: stopGradient(latent.code),
                        logProbability: stopGradient(latent.logPosterior), draws: draw.draws)
                    return output(posterior, fixed, pass, in: &context)
                case .encoder:
                    return withoutGradients.output(posterior, draw, pass, in: &context)
                case .codes:
                    let model = withoutGradients
                    return model.output(
                        model.encoder(pass.batch.input, in: &start),
                        PosteriorDraw(code: draw.code, draws: draw.draws), pass, in: &context)
                }
            })
    }

    public func encode(_ batch: Batch) -> Tensor {
        encoder.centre(of: encoder(batch.input))
    }

    public func decode(_ code: Tensor) -> Tensor { decoder(code).mean }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("encoder", &encoder)
        visitor("prior", &prior)
        visitor("decoder", &decoder)
    }
}

extension LatentVariableModel where P == StandardNormalPrior {
    /// With the standard normal prior. Traps if `draws` is not positive.
    public init(encoder: E, decoder: D, draws: Int = 1) {
        self.init(encoder: encoder, prior: StandardNormalPrior(), decoder: decoder, draws: draws)
    }
}

extension LatentVariableModel: Generates {
    public var codePrior: CodePrior { prior.codePrior }

    /// The rows of tables are drawn from their likelihood: the mean of a category is none of its
    /// values. Traps if a condition is given.
    public func sample(
        _ count: Int, given condition: Tensor?, using generator: inout RandomGenerator
    ) -> Tensor {
        requireNoCondition(condition, "LatentVariableModel")
        var context = PassContext.evaluation
        let prior = prior(for: encoder, in: &context)
        let likelihood = decoder(prior.sample([count], using: &generator))
        return (likelihood as? Tabular)?.sample([], using: &generator) ?? likelihood.mean
    }
}

extension LatentVariableModel: Scores {
    /// The evidence lower bound, estimated with one code for each sample.
    public func logLikelihood(
        of batch: Batch, using generator: inout RandomGenerator
    ) -> Tensor {
        var context = PassContext.evaluation(generator)
        var model = self
        model.draws = 1
        let output = model(batch, in: &context)
        generator = context.generator
        return output.evidenceLowerBound(of: batch.target)
    }
}

extension LatentVariableModel: EstimatesLikelihood {
    public func logWeights(
        of batch: Batch, draws: Int, using generator: inout RandomGenerator
    ) -> Tensor {
        var context = PassContext.evaluation(generator)
        var model = self
        model.draws = draws
        let output = model(batch, in: &context)
        generator = context.generator
        return output.draws.logMean(output.logWeights(of: batch.target), groups: draws)
    }
}

extension LatentVariableModel: HasJointDensity {
    public var hasUnboundedCodes: Bool {
        var context = PassContext.evaluation
        return prior(for: encoder, in: &context).support == -.infinity ... .infinity
    }

    public func priorCodes(_ count: Int, using generator: inout RandomGenerator) -> Tensor {
        var context = PassContext.evaluation
        return prior(for: encoder, in: &context).sample([count], using: &generator)
    }

    public func logPrior(of codes: Tensor) -> Tensor {
        var context = PassContext.evaluation
        return prior(for: encoder, in: &context).logProbability(of: codes)
    }

    public func logLikelihood(of samples: Tensor, given codes: Tensor) -> Tensor {
        decoder(codes).logProbability(of: samples)
    }

    public func logLikelihoods(of samples: Tensor, givenEach codes: Tensor) -> Tensor {
        // Codes are decoded once for all samples.
        let likelihood = decoder(codes)
        return stacked(
            (0..<samples.shape[0]).map { index in
                let row = samples[index..<index + 1]
                return likelihood.logProbability(
                    of: row.broadcast(to: [codes.shape[0]] + row.shape.dropFirst()))
            }, axis: 1)
    }
}
