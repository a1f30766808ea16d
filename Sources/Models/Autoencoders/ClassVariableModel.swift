import Autograd
import Datasets
import Distributions

/// A model of samples by two latent variables: a class, known of some samples, and a code of what the
/// class does not say, p(x) = Σ p(y) ∫ p(x | y, z) p(z) dz (Kingma, Rezende, Mohamed and Welling,
/// "Semi-supervised Learning with Deep Generative Models", arXiv:1406.5298: M2).
///
/// ```swift
/// let objective = model.objective(
///     Reconstruction() + KullbackLeibler() + 0.1 * LabelledClassification())
/// ```
///
/// Each pass has every class, counted with the probability that the classifier q(y | x) gives it: so the
/// sum over classes in the bound of a sample without a label is exact (equation 7 of the paper). A sample
/// whose label is known in training has that class alone (equation 6). Both are the same reconstruction
/// and the same divergence: that of the class is log K − H(q(y | x)), with K equally likely classes. In
/// evaluation no label is told, so that the bound is always one of p(x). With a temperature, a pass in
/// training draws one relaxed class of each sample in place of the sum (Jang et al., arXiv:1611.01144).
public struct ClassVariableModel<E: VariationalEncoder, P: Prior, D: DecoderNetwork>: Trainable {
    /// From samples to logits of their classes.
    public var classifier: MultilayerPerceptron
    /// From samples and classes to posteriors of codes.
    public var encoder: ClassConditionedEncoder<E>
    /// Of codes.
    public var prior: P
    /// From codes, each followed by a one-hot class, to likelihoods of samples.
    public var decoder: D
    /// Whether labels are known in training; if not, classes are what the model finds.
    public let areTold: Bool
    /// Of the relaxed classes that are drawn in training; nil where the sum is over all.
    public let temperature: Double?

    /// Combines the parts. Traps if they are of different numbers of classes.
    public init(
        classifier: MultilayerPerceptron, encoder: ClassConditionedEncoder<E>, prior: P, decoder: D,
        areTold: Bool = true, temperature: Double? = nil
    ) {
        let logits = classifier.layers.last?.weight.shape[0] ?? 0
        guard logits == encoder.classes.weight.shape[1] else {
            programmerError(
                "ClassVariableModel",
                "\(logits) logits with an encoder of \(encoder.classes.weight.shape[1]) classes")
        }
        (self.classifier, self.encoder, self.decoder) = (classifier, encoder, decoder)
        (self.prior, self.areTold, self.temperature) = (prior, areTold, temperature)
    }

    /// The number of classes.
    public var classes: Int { encoder.classes.weight.shape[1] }

    public func callAsFunction(
        _ batch: Batch, in context: inout PassContext
    ) -> ClassVariableOutput<D.Output> {
        let start = context
        let logits = classifier(batch.input, in: &context)
        let belief = context.isTraining && areTold ? told(logits, batch.labels) : logits
        let (marks, draws) = kinds(belief, in: &context)
        let posterior = encoder(batch.input, given: marks, in: &context)
        let draw = encoder.head.draw(1, from: posterior, using: &context.generator)
        let marksOfCodes = draw.draws.repeated(marks)
        let likeliest = self.marks(of: stopGradient(belief).argmax())
        let kind = LatentVariable(
            posterior: GumbelSoftmax(logits: belief, temperature: 1, draw: .oneHot),
            code: marksOfCodes,
            prior: GumbelSoftmax(
                logits: Tensor.zeros([classes], dataType: dataType), temperature: 1, draw: .oneHot))
        let latent = LatentVariable(
            posterior: posterior, draw: draw,
            prior: prior(for: encoder.head, in: &context))
        return ClassVariableOutput(
            logits: logits, latentVariables: [kind, latent],
            likelihood: decoder(draw.code.joined(with: marksOfCodes), in: &context),
            draws: draws.each(draw.draws),
            encoderInput: batch.input,
            encode: { input in
                var context = start
                return encoder.head.centre(of: encoder(input, given: likeliest, in: &context))
            })
    }

    /// Of every sample each class as a one-hot vector, `[classes * batch, classes]`, which count with
    /// their probabilities; or with a temperature, in training, a relaxed one.
    private func kinds(_ belief: Tensor, in context: inout PassContext) -> (Tensor, Draws) {
        if let temperature, context.isTraining {
            let relaxed = GumbelSoftmax(logits: belief, temperature: temperature)
            return (relaxed.sample(using: &context.generator), .one)
        }
        let all = Tensor.identity(classes, dataType: dataType)
        return (
            all.repeated(belief.shape[0], axis: 0),
            Draws(classes, logShares: logSoftmax(belief).transposed())
        )
    }

    /// The logits, and for samples with a label those of certainty.
    private func told(_ logits: Tensor, _ labels: Tensor?) -> Tensor {
        guard let labels else { return logits }
        requireClasses(maximum(labels, 0), below: classes, "ClassVariableModel")
        // A probability of e to this power is 0 in any precision.
        let certain = 1e4 * (marks(of: maximum(labels, 0)) - 1)
        return select((labels .>= 0).expandingAxis(1).broadcast(to: logits.shape), certain, logits)
    }

    private func marks(of labels: Tensor) -> Tensor {
        oneHot(labels, depth: classes, dataType: dataType)
    }

    /// The labels of samples, and the likeliest class of those without.
    private func labels(of batch: Batch) -> Tensor {
        let likeliest = logits(of: batch).argmax()
        guard areTold, let labels = batch.labels else { return likeliest }
        return select(labels .>= 0, labels, likeliest)
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("classifier", &classifier)
        visitor("encoder", &encoder)
        visitor("prior", &prior)
        visitor("decoder", &decoder)
    }
}

extension ClassVariableModel where P == StandardNormalPrior {
    /// With the standard normal prior. Traps if the parts are of different numbers of classes.
    public init(
        classifier: MultilayerPerceptron, encoder: ClassConditionedEncoder<E>, decoder: D
    ) {
        self.init(
            classifier: classifier, encoder: encoder, prior: StandardNormalPrior(),
            decoder: decoder)
    }
}

/// The output of a pass of a ``ClassVariableModel``: its draws are the classes.
public struct ClassVariableOutput<TargetLikelihood: Distribution>: HasLikelihood,
    HasLatentVariables, HasLogits, HasEncoder
{
    /// Of the classes, given the samples alone.
    public let logits: Tensor
    /// The class, then the code given each class.
    public let latentVariables: [LatentVariable]
    /// Given each class, `[classes * batch, …]`.
    public let likelihood: TargetLikelihood
    public let draws: Draws
    public let encoderInput: Tensor
    /// By the likeliest class that the pass found of each sample.
    public let encode: @Sendable (Tensor) -> Tensor

    public var code: Tensor { latentVariables[latentVariables.count - 1].code }
}

// MARK: - What it can do

extension ClassVariableModel: Classifies {
    public func logits(of batch: Batch) -> Tensor { classifier(batch.input) }
}

extension ClassVariableModel: Encodes, Reconstructs, DecodesGiven {
    public var condition: Condition { .classes(classes) }
    public var hasFoundClasses: Bool { !areTold }

    /// The mean codes given the labels, or the likeliest class of a sample without one.
    public func encode(_ batch: Batch) -> Tensor {
        var context = PassContext.evaluation
        return encoder.head.centre(
            of: encoder(batch.input, given: marks(of: labels(of: batch)), in: &context))
    }

    public func decode(_ code: Tensor, given condition: Tensor) -> Tensor {
        decoder(code.joined(with: marks(of: condition))).mean
    }

    public func reconstruct(_ batch: Batch) -> Tensor {
        decode(encode(batch), given: labels(of: batch))
    }
}

extension ClassVariableModel: Generates {
    public var codePrior: CodePrior { .own }

    public var sampleOrigin: String {
        "Decoded draws from the prior of codes, each with a class drawn at random."
    }

    /// Of the given classes, `int32` `[count]`, or of classes drawn at random.
    public func sample(
        _ count: Int, given condition: Tensor?, using generator: inout RandomGenerator
    ) -> Tensor {
        let equal = Categorical(logits: Tensor.zeros([count, classes], dataType: dataType))
        let labels = condition ?? equal.sampleLabels(using: &generator)
        var context = PassContext.evaluation
        let codes = prior(for: encoder.head, in: &context).sample([count], using: &generator)
        return decode(codes, given: labels)
    }
}

extension ClassVariableModel: EstimatesLikelihood {
    /// The evidence lower bound without labels, with one code for each class.
    public func logLikelihood(
        of batch: Batch, using generator: inout RandomGenerator
    ) -> Tensor {
        var context = PassContext.evaluation(generator)
        let output = self(batch, in: &context)
        generator = context.generator
        return output.evidenceLowerBound(of: batch.target)
    }

    /// Summed over the classes, of each of which a code is drawn.
    public func logWeights(
        of batch: Batch, draws: Int, using generator: inout RandomGenerator
    ) -> Tensor {
        var context = PassContext.evaluation(generator)
        let weights = (0..<draws).map { _ in
            let output = self(batch, in: &context)
            return output.draws.logMean(output.logWeights(of: batch.target))
        }
        generator = context.generator
        return concatenated(weights)
    }
}

extension ClassVariableModel: StartsAtMean where D: StartsAtMean {
    public mutating func startOutput(at mean: Tensor) { decoder.startOutput(at: mean) }
}
