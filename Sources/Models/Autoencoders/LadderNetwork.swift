import Autograd
import Datasets
import Distributions

/// A model with several layers of latent variables, each of which depends on the one above: the ladder
/// variational autoencoder (Sønderby et al., "Ladder Variational Autoencoders", arXiv:1602.02282).
///
/// Features of the sample go up, codes come down. The posterior of a layer is the product of two normal
/// distributions: what the features say of its code, and what the prior of the code above says; so
/// inference and generation share the way down.
public struct LadderNetwork<D: DecoderNetwork>: AutoencoderModel {
    /// A layer of the ladder.
    public struct Rung: Module {
        /// From the features below to its own.
        public var up: MultilayerPerceptron
        /// From its features to what they say of the code.
        public var mean: Dense
        /// The same, of the logarithm of the variance.
        public var logVariance: Dense
        /// From the code above to the features of the prior; nil at the top, where it is the standard
        /// normal distribution.
        public var down: MultilayerPerceptron?
        /// From the features of the prior to its mean; nil at the top.
        public var priorMean: Dense?
        /// The same, to the logarithm of the variance; nil at the top.
        public var priorLogVariance: Dense?

        public mutating func visit(_ visitor: inout ModuleVisitor) {
            visitor("up", &up)
            visitor("mean", &mean)
            visitor("logVariance", &logVariance)
            visitor("down", &down)
            visitor("priorMean", &priorMean)
            visitor("priorLogVariance", &priorLogVariance)
        }
    }

    /// The layers, that next to the sample first.
    public var rungs: [Rung]
    /// From codes of the first layer to likelihoods of samples.
    public var decoder: D
    private let latentSizes: [Int]

    /// Traps unless there is a layer, with as many hidden sizes as codes.
    ///
    /// - Parameters:
    ///   - elements: of a sample.
    ///   - latentSizes: the numbers of a code in each layer, that next to the sample first.
    ///   - hiddenSizes: the features of each layer, of samples and of priors.
    public init(
        elements: Int, latentSizes: [Int], hiddenSizes: [Int], decoder: D,
        using generator: inout RandomGenerator
    ) {
        guard !latentSizes.isEmpty, latentSizes.count == hiddenSizes.count else {
            programmerError(
                "LadderNetwork", "codes of \(latentSizes) numbers with \(hiddenSizes) features")
        }
        self.decoder = decoder
        self.latentSizes = latentSizes
        let inputs = [elements] + hiddenSizes.dropLast()
        rungs = latentSizes.indices.map { layer in
            let (features, size) = (hiddenSizes[layer], latentSizes[layer])
            let above = layer + 1 < latentSizes.count ? latentSizes[layer + 1] : nil
            func network(_ inputs: Int) -> MultilayerPerceptron {
                MultilayerPerceptron(
                    [inputs, features, features], activation: .leakyRelu,
                    outputActivation: .leakyRelu, using: &generator)
            }
            return Rung(
                up: network(inputs[layer]), mean: Dense(features, size, using: &generator),
                logVariance: Dense(features, size, using: &generator), down: above.map(network),
                priorMean: above.map { _ in Dense(features, size, using: &generator) },
                priorLogVariance: above.map { _ in Dense(features, size, using: &generator) })
        }
    }

    private static func normal(_ mean: Tensor, _ logVariance: Tensor) -> Independent<Normal> {
        Independent(Normal(mean: mean, logVariance: logVariance))
    }

    /// The prior of a layer's codes, given those above.
    private func prior(
        _ layer: Int, above: Tensor?, rows: Int, in context: inout PassContext
    ) -> Independent<Normal> {
        let rung = rungs[layer]
        guard let above, let down = rung.down, let mean = rung.priorMean,
            let logVariance = rung.priorLogVariance
        else {
            return Independent(Normal.standard([rows, latentSizes[layer]], dataType: dataType))
        }
        let features = down(above, in: &context)
        return Self.normal(
            mean(features, in: &context),
            softlyBounded(logVariance(features, in: &context), to: 20))
    }

    /// The latent variables of samples, the highest first.
    ///
    /// - Parameter draw: a code from a posterior.
    private func latentVariables(
        of input: Tensor, in context: inout PassContext,
        _ draw: (Independent<Normal>, inout PassContext) -> Tensor
    ) -> [LatentVariable] {
        var features = input.flattened()
        var evidence: [(mean: Tensor, logVariance: Tensor)] = []
        for rung in rungs {
            features = rung.up(features, in: &context)
            evidence.append(
                (
                    rung.mean(features, in: &context),
                    softlyBounded(rung.logVariance(features, in: &context), to: 20)
                ))
        }
        var variables: [LatentVariable] = []
        for layer in rungs.indices.reversed() {
            let prior = prior(
                layer, above: variables.last?.code, rows: input.shape[0], in: &context)
            let (mean, logVariance) = evidence[layer]
            var posterior = Self.normal(mean, logVariance)
            if !variables.isEmpty {
                // The product of two normal distributions: precisions add up (equations 17 to 19).
                let sum = softplus(logVariance - prior.logVariance) - logVariance
                let ownShare = exp(-logVariance - sum)
                posterior = Self.normal(
                    ownShare * mean + (1 - ownShare) * prior.mean, -sum)
            }
            variables.append(
                LatentVariable(
                    posterior: posterior, code: draw(posterior, &context), prior: prior))
        }
        return variables
    }

    public func callAsFunction(
        _ batch: Batch, in context: inout PassContext
    ) -> LadderOutput<D.Output> {
        let (start, model) = (context, self)
        let variables = latentVariables(of: batch.input, in: &context) {
            $0.sample(using: &$1.generator)
        }
        return LadderOutput(
            latentVariables: variables,
            likelihood: decoder(variables[variables.count - 1].code, in: &context),
            encoderInput: batch.input,
            encode: { input in
                var context = start
                return model.latentVariables(of: input, in: &context) { posterior, _ in
                    posterior.mean
                }[0].code
            })
    }

    /// The mean codes of the highest layer.
    public func encode(_ batch: Batch) -> Tensor {
        var context = PassContext.evaluation
        return latentVariables(of: batch.input, in: &context) { posterior, _ in posterior.mean }[0]
            .code
    }

    /// From codes of the highest layer, by the means of the priors beneath.
    public func decode(_ code: Tensor) -> Tensor {
        descend(from: code) { prior in prior.mean }
    }

    /// By the mean codes of all layers.
    public func reconstruct(_ batch: Batch) -> Tensor {
        var context = PassContext.evaluation
        let variables = latentVariables(of: batch.input, in: &context) { posterior, _ in
            posterior.mean
        }
        return decoder(variables[variables.count - 1].code).mean
    }

    /// From codes of the highest layer to expected samples.
    private func descend(
        from code: Tensor, _ choose: (Independent<Normal>) -> Tensor
    ) -> Tensor {
        var context = PassContext.evaluation
        let lowest = rungs.indices.dropLast().reversed().reduce(code) { code, layer in
            choose(prior(layer, above: code, rows: code.shape[0], in: &context))
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
        let top = generator.normal([count, latentSizes[latentSizes.count - 1]], dataType: dataType)
        return descend(from: top) { $0.sample(using: &generator) }
    }
}

extension LadderNetwork: EstimatesLikelihood {
    /// The evidence lower bound, estimated with one code of each layer.
    public func logLikelihood(
        of batch: Batch, using generator: inout RandomGenerator
    ) -> Tensor {
        var context = PassContext.evaluation(generator)
        let output = self(batch, in: &context)
        generator = context.generator
        return output.evidenceLowerBound(of: batch.target)
    }

    public func logWeights(
        of batch: Batch, draws: Int, using generator: inout RandomGenerator
    ) -> Tensor {
        var context = PassContext.evaluation(generator)
        let draws = Draws(draws)
        var repeated = Batch(draws.repeated(batch.input))
        repeated.target = draws.repeated(batch.target)
        let output = self(repeated, in: &context)
        generator = context.generator
        return draws.separated(output.logWeights(of: repeated.target))
    }
}
