import Autograd
import Datasets
import Distributions
import Foundation

extension Trainable {
    /// The means over samples of the loss, of the objective's terms by name, of the squared error
    /// (`squaredError`, summed over the elements of a sample), and of the evidence lower bound
    /// (`elbo`) if the terms contain its parts, computed from the unweighted negative
    /// log-likelihood and divergence. Where samples are 8-bit values with a discretised logistic
    /// likelihood, or such values with noise between them (``Dequantization``) with a density, and there
    /// are latent variables, that bound is also given in bits for each element (`bitsPerDimension`, the
    /// fewer the better); densities of other numbers have no bits. For classifiers
    /// also the fraction of samples that are not
    /// classified correctly (`classificationError`), and the additional metrics of the model.
    ///
    /// Random numbers of an evaluation (samples of the posterior) are determined by `seed`, so that
    /// two models are measured with the same noise.
    ///
    /// - Parameters:
    ///   - step: the training step of the model, for weights that follow a schedule.
    ///   - monitor: called after each batch; an error that it throws ends the work.
    public func metrics(
        of objective: Objective<Output>, on samples: any DataSource, batchSize: Int = 128,
        seed: UInt64 = 0, step: Int = 0, monitor: ProgressMonitor<some Error> = .silent
    ) throws -> [String: Double] {
        try means(
            over: samples, batchSize: batchSize, as: dataType,
            in: .evaluation(RandomGenerator(seed: seed), step: step), monitor: monitor
        ) { batch, context in numbers(of: objective, pass(batch, in: &context)) }
    }

    /// All that is measured for a batch.
    func numbers(
        of objective: Objective<Output>, _ pass: ForwardPass<Output>
    ) -> [(name: String, value: Double)] {
        let value = objective(pass).numbers
        let scale = (self as? any ScalesSamples)?.scale
        let more =
            pass.errors + pass.bitsPerDimension(scale) + additionalMetrics(of: pass)
        return value + more.filter { name, _ in !value.contains { $0.name == name } }
    }
}

extension [String: Double] {
    /// Adds `elbo` if the two terms of which it consists are present.
    var addingEvidenceLowerBound: Self {
        let likelihoods = [ReconstructionLoss.negativeLogLikelihood.rawValue, "crossEntropy"]
        guard let divergence = self[kullbackLeiblerName],
            let reconstruction = likelihoods.lazy.compactMap({ self[$0] }).first
        else { return self }
        return merging(["elbo": -(reconstruction + divergence)]) { own, _ in own }
    }
}

extension ObjectiveValue {
    /// The loss and its terms as numbers.
    var numbers: [(name: String, value: Double)] { numbers(named: "loss") }

    /// The same with another name of the loss.
    func numbers(named name: String) -> [(name: String, value: Double)] {
        [(name, total.scalar)] + terms.map { ($0.name, $0.value.scalar) }
    }
}

extension ForwardPass {
    /// The errors of the output, if it can be compared with the labels or with the target.
    fileprivate var errors: [(name: String, value: Double)] { classificationErrors + squaredErrors }

    /// A mean over samples only if all have labels: else it is one of ``ClassificationError``.
    private var classificationErrors: [(name: String, value: Double)] {
        guard let output = output as? any HasLogits, let labels = batch.labels,
            (labels .>= 0).all().scalar == 1
        else { return [] }
        let isWrong = misclassified(output.logits, labels)
        return [(classificationErrorName, isWrong.cast(to: .float64).mean().scalar)]
    }

    private var squaredErrors: [(name: String, value: Double)] {
        guard let output = output as? any HasLikelihood else { return [] }
        let likelihood = output.likelihood
        // The elements of a table row are of different kinds, and some are missing.
        if likelihood is Tabular { return [] }
        let mean = likelihood.mean
        let target = output.draws.repeated(batch.target)
        guard mean.shape == target.shape else { return [] }
        return [("squaredError", output.draws.mean(squaredError(mean, target)).mean().scalar)]
    }
}

extension ForwardPass {
    /// How many bits an element costs, by the evidence lower bound, where the likelihood is one of
    /// 8-bit values, or a density of these with noise between them. Without latent variables the
    /// likelihood is given the codes, which would cost bits, too.
    fileprivate func bitsPerDimension(
        _ scale: SampleScale?
    ) -> [(name: String, value: Double)] {
        guard let output = output as? any HasLikelihood & HasLatentVariables,
            output.likelihood.isOfBytes || batch.levels != nil && output.likelihood.isDensity
        else { return [] }
        let elements = Double(batch.target[0].count)
        var nats = -output.evidenceLowerBound(of: batch.target).mean().scalar
        if let levels = batch.levels {
            // From the density of scaled numbers to that of levels, each of width 1.
            nats += elements * log(Double(levels))
            nats += scale?.logDensityFactor(of: batch.target[0].shape) ?? 0
        }
        return [("bitsPerDimension", nats / (elements * log(2)))]
    }
}

extension Distribution {
    private var own: any Distribution { (self as? AnyDistribution)?.base ?? self }

    fileprivate var isOfBytes: Bool {
        (own as? Independent<DiscretizedLogistic>)?.base.levels == 256
    }

    /// Whether it is a density that was fixed before it is asked about samples.
    fileprivate var isDensity: Bool {
        own is any ContinuousDistribution && !(own is Independent<OptimalNormal>)
    }
}
