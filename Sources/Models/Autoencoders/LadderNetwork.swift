import Autograd
import Datasets
import Distributions

/// The order in which the codes of a ``LadderNetwork`` are inferred.
public enum LadderInference: String, NamedOptionValue {
    /// Features of the sample go up, codes come down: the posterior of a layer is the product of what the
    /// features say of its code and what the prior of the code above says, so that inference and
    /// generation share the way down (Sønderby et al., "Ladder Variational Autoencoders",
    /// arXiv:1602.02282).
    case bidirectional
    /// Codes go up: the posterior of a layer depends on the code below it (Burda et al.,
    /// arXiv:1509.00519, section 2).
    case upward
}

/// A model with several layers of latent variables, each of which depends on the one above:
/// p(z_L) … p(z₁ | z₂) p(x | z₁).
public struct LadderNetwork<D: DecoderNetwork>: AutoencoderModel {
    /// The layers, that next to the sample first.
    public var rungs: [LadderRung]
    /// From codes of the first layer to likelihoods of samples.
    public var decoder: D
    /// The order of inference.
    public let inference: LadderInference
    /// How many codes of each layer a pass draws for a sample.
    public var draws: Int

    /// Traps unless there is a layer, with as many hidden sizes as codes, and a draw.
    ///
    /// - Parameters:
    ///   - elements: of a sample.
    ///   - latentSizes: the numbers of a code in each layer, that next to the sample first.
    ///   - hiddenSizes: the features between each layer and what is below it, on both ways.
    public init(
        elements: Int, latentSizes: [Int], hiddenSizes: [Int], decoder: D,
        inference: LadderInference = .bidirectional, activation: ActivationFunction = .leakyRelu,
        draws: Int = 1, using generator: inout RandomGenerator
    ) {
        guard !latentSizes.isEmpty, latentSizes.count == hiddenSizes.count, draws > 0 else {
            programmerError(
                "LadderNetwork",
                "codes of \(latentSizes) numbers with \(hiddenSizes) features, \(draws) draws")
        }
        (self.decoder, self.inference, self.draws) = (decoder, inference, draws)
        let below = inference == .bidirectional ? hiddenSizes : latentSizes
        rungs = latentSizes.indices.map { layer in
            let above = layer + 1
            return LadderRung(
                inputs: layer == 0 ? elements : below[layer - 1], features: hiddenSizes[layer],
                latentSize: latentSizes[layer],
                above: above < latentSizes.count
                    ? .init(latentSize: latentSizes[above], features: hiddenSizes[above]) : nil,
                activation: activation, using: &generator)
        }
    }

    /// Takes a code from a posterior.
    private typealias Choice = (Independent<Normal>, inout PassContext) -> Tensor

    /// The latent variables of samples, the highest first, with as many codes as there are draws.
    private func latentVariables(
        of input: Tensor, _ draws: Draws = .one, in context: inout PassContext,
        _ choose: Choice = { posterior, _ in posterior.mean }
    ) -> [LatentVariable] {
        let input = input.flattened()
        return switch inference {
        case .bidirectional: bidirectional(input, draws, in: &context, choose)
        case .upward: upward(input, draws, in: &context, choose)
        }
    }

    private func bidirectional(
        _ input: Tensor, _ draws: Draws, in context: inout PassContext, _ choose: Choice
    ) -> [LatentVariable] {
        var features = input
        let evidence = rungs.map { rung in
            features = rung.up(features, in: &context)
            return rung.evidence(of: features, in: &context).repeated(draws)
        }
        var variables: [LatentVariable] = []
        for layer in rungs.indices.reversed() {
            let above = variables.last?.code
            let prior = rungs[layer].prior(
                above: above, rows: evidence[layer].shape[0], in: &context)
            let posterior =
                above == nil ? evidence[layer] : evidence[layer].product(with: prior)
            variables.append(
                LatentVariable(
                    posterior: posterior, code: choose(posterior, &context), prior: prior))
        }
        return variables
    }

    private func upward(
        _ input: Tensor, _ draws: Draws, in context: inout PassContext, _ choose: Choice
    ) -> [LatentVariable] {
        var codes: [Tensor] = []
        let posteriors = rungs.map { rung in
            let features = rung.up(codes.last ?? input, in: &context)
            let evidence = rung.evidence(of: features, in: &context)
            // Codes above the first are of one draw each already.
            let posterior = codes.isEmpty ? evidence.repeated(draws) : evidence
            codes.append(choose(posterior, &context))
            return posterior
        }
        return rungs.indices.reversed().map { layer in
            let prior = rungs[layer].prior(
                above: layer + 1 < codes.count ? codes[layer + 1] : nil,
                rows: codes[layer].shape[0], in: &context)
            return LatentVariable(posterior: posteriors[layer], code: codes[layer], prior: prior)
        }
    }

    public func callAsFunction(
        _ batch: Batch, in context: inout PassContext
    ) -> LadderOutput<D.Output> {
        let (start, model, draws) = (context, self, Draws(draws))
        let variables = latentVariables(of: batch.input, draws, in: &context) {
            $0.sample(using: &$1.generator)
        }
        return LadderOutput(
            latentVariables: variables,
            likelihood: decoder(variables[variables.count - 1].code, in: &context),
            draws: draws, encoderInput: batch.input,
            encode: { input in
                var context = start
                return model.latentVariables(of: input, in: &context)[0].code
            })
    }

    /// The mean codes of the highest layer.
    public func encode(_ batch: Batch) -> Tensor {
        var context = PassContext.evaluation
        return latentVariables(of: batch.input, in: &context)[0].code
    }

    /// From codes of the highest layer, by the means of the priors beneath.
    public func decode(_ code: Tensor) -> Tensor {
        descend(from: code) { prior in prior.mean }
    }

    /// By the mean codes of all layers.
    public func reconstruct(_ batch: Batch) -> Tensor {
        var context = PassContext.evaluation
        let variables = latentVariables(of: batch.input, in: &context)
        return decoder(variables[variables.count - 1].code).mean
    }

    /// From codes of the highest layer to expected samples.
    private func descend(
        from code: Tensor, _ choose: (Independent<Normal>) -> Tensor
    ) -> Tensor {
        var context = PassContext.evaluation
        let lowest = rungs.dropLast().reversed().reduce(code) { code, rung in
            choose(rung.prior(above: code, rows: code.shape[0], in: &context))
        }
        return decoder(lowest).mean
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("rungs", &rungs)
        visitor("decoder", &decoder)
    }
}

/// The output of a ladder network.
public struct LadderOutput<TargetLikelihood: Distribution>: HasLikelihood, HasEncoder,
    HasLatentVariables
{
    /// The highest first.
    public let latentVariables: [LatentVariable]
    public let likelihood: TargetLikelihood
    public let draws: Draws
    public let encoderInput: Tensor
    public let encode: @Sendable (Tensor) -> Tensor

    /// Codes of the highest layer, from which all others come.
    public var code: Tensor { latentVariables[0].code }
}

extension LadderNetwork: Generates {
    /// Draws codes from the priors of all layers. Traps if a condition is given.
    public func sample(
        _ count: Int, given condition: Tensor?, using generator: inout RandomGenerator
    ) -> Tensor {
        requireNoCondition(condition, "LadderNetwork")
        var context = PassContext.evaluation
        let top = rungs[rungs.count - 1].prior(above: nil, rows: count, in: &context)
        return descend(from: top.sample(using: &generator)) { $0.sample(using: &generator) }
    }
}

extension LadderNetwork: EstimatesLikelihood {
    private func output(
        of batch: Batch, draws: Int, using generator: inout RandomGenerator
    ) -> LadderOutput<D.Output> {
        var (model, context) = (self, PassContext.evaluation(generator))
        model.draws = draws
        defer { generator = context.generator }
        return model(batch, in: &context)
    }

    /// The evidence lower bound, estimated with one code of each layer.
    public func logLikelihood(
        of batch: Batch, using generator: inout RandomGenerator
    ) -> Tensor {
        output(of: batch, draws: 1, using: &generator).evidenceLowerBound(of: batch.target)
    }

    public func logWeights(
        of batch: Batch, draws: Int, using generator: inout RandomGenerator
    ) -> Tensor {
        let output = output(of: batch, draws: draws, using: &generator)
        return output.draws.separated(output.logWeights(of: batch.target))
    }
}
