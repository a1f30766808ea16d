import Autograd
import Datasets
import FileSupport
import Models

/// Estimates of log p(x): what `evaluate --likelihood` and `--annealed` ask for.
struct LikelihoodEvaluation {
    static let likelihood = CommandOption(
        "likelihood", nil, "estimate log p(x) by importance sampling, besides the metrics")
    static let draws = CommandOption(
        "draws", "N", "codes drawn for each sample with --likelihood (default: 5000)")
    static let annealed = CommandOption(
        "annealed", nil, "estimate it without the encoder, by annealed importance sampling, too")
    static let count = CommandOption(
        "count", "N",
        "samples whose likelihood is estimated, the first ones (default: all, with --annealed 100)")
    static let options = [likelihood, draws, annealed, count]
    static let details = """
        With --likelihood it reports the mean over samples of log 1/K Σ p(x, z) / q(z | x) with K codes
        z drawn by the encoder, in nats, and its standard error: an estimate of log p(x) that is too
        low on average, and the less so the more codes there are. With --annealed, 16 codes of each
        sample are led from the prior to the posterior through 500 distributions: where both agree the
        encoder is no worse than its estimate says. Of models that know log p(x), such as pixelcnn,
        --likelihood reports it exactly.
        """

    private let isSampled: Bool
    private let isAnnealed: Bool
    private let draws: Int
    private let count: Int?

    init(_ arguments: Arguments) throws(UsageError) {
        isSampled = arguments.has(Self.likelihood)
        isAnnealed = arguments.has(Self.annealed)
        let draws = try arguments.integer(Self.draws, in: 1...10_000_000)
        count = try arguments.integer(Self.count, in: 1...Int.max)
        if draws != nil, !isSampled {
            throw UsageError("--\(Self.draws.name): only with --\(Self.likelihood.name)")
        }
        if count != nil, !isSampled, !isAnnealed {
            throw UsageError("--\(Self.count.name): only with --\(Self.likelihood.name)")
        }
        self.draws = draws ?? 5000
    }

    /// By draws of the encoder.
    struct Sampled: Encodable {
        let mean: Double
        let standardError: Double
        let samples: Int
        /// Nil if the likelihood is exact.
        let draws: Int?

        var line: String {
            let how = draws.map { "by \(Format.count($0)) draws of" } ?? "(exact) of"
            return "Log-likelihood \(how) \(Format.count(samples)) samples: "
                + "\(Format.number(mean)) ± \(Format.number(standardError)) nats\n"
        }
    }

    /// Without the encoder.
    struct Annealed: Encodable {
        let mean: Double
        let samples: Int
        /// The share of trajectories that were accepted.
        let acceptance: Double

        var line: String {
            "The same of \(Format.count(samples)) samples by annealed importance sampling: "
                + "\(Format.number(mean)) nats\n"
        }
    }

    /// Throws if the model does not have what was asked for.
    func check(_ trained: TrainedRun) throws {
        if isSampled { _ = try sampledModel(of: trained) }
        if isAnnealed { _ = try annealedModel(of: trained) }
    }

    /// The estimate by the encoder's draws; nil if it was not asked for.
    func sampled(
        of trained: TrainedRun, on examples: Examples, _ work: LongWork
    ) throws -> Sampled? {
        guard isSampled else { return nil }
        let model = try sampledModel(of: trained)
        work.begin("likelihood")
        // Of the same samples as the annealed estimate.
        let all = isAnnealed ? 100 : examples.count
        let chosen = Selection(first: count ?? all, of: examples)
        let isExact = model is any HasExactLikelihood
        let estimate = try LikelihoodEstimate(
            of: chosen, by: model, draws: isExact ? 1 : draws, seed: trained.seed,
            monitor: work.monitor)
        return Sampled(
            mean: estimate.mean, standardError: estimate.standardError, samples: chosen.count,
            draws: isExact ? nil : draws)
    }

    /// The estimate without the encoder; nil if it was not asked for.
    func annealed(
        of trained: TrainedRun, on examples: Examples, _ work: LongWork
    ) throws -> Annealed? {
        guard isAnnealed else { return nil }
        let model = try annealedModel(of: trained)
        work.begin("annealing")
        let chosen = Selection(first: count ?? 100, of: examples)
        let estimate = try AnnealedImportanceSampling(
            of: chosen, by: model, seed: trained.seed, monitor: work.monitor)
        return Annealed(mean: estimate.mean, samples: chosen.count, acceptance: estimate.acceptance)
    }

    private func sampledModel(of trained: TrainedRun) throws -> any EstimatesLikelihood {
        guard let model = trained.model as? any EstimatesLikelihood else {
            throw trained.unfit("likelihoods that can be estimated", for: "evaluate --likelihood")
        }
        try trained.requireFixedDeviation(for: "evaluate --likelihood")
        return model
    }

    private func annealedModel(of trained: TrainedRun) throws -> any HasJointDensity {
        guard let model = trained.model as? any HasJointDensity, model.hasUnboundedCodes else {
            throw trained.unfit(
                "one prior of codes that are any numbers", for: "evaluate --annealed")
        }
        try trained.requireFixedDeviation(for: "evaluate --annealed")
        return model
    }
}

extension TrainedRun {
    /// Throws if the likelihood's deviation is fitted to the samples that it is asked about.
    func requireFixedDeviation(for command: String) throws(FileError) {
        guard let recipe = experiment.recipe as? any AnyNumbersRecipe,
            recipe.fitsDeviation(on: run.configuration.samples)
        else { return }
        throw FileError(
            path: run.path,
            expected: "a deviation that does not depend on the samples, for \(command)",
            found: "--sigma optimal")
    }
}

extension Selection {
    /// The first samples of a source, or all if there are no more.
    init(first count: Int, of source: any DataSource) {
        self.init(Array(0..<min(count, source.count)), of: source)
    }
}
