import Datasets
import Models

enum EvaluateCommand: Command {
    static let name = "evaluate"
    static let summary = "Evaluates a trained model on data"
    static let operands = ["RUN"]
    static let likelihood = CommandOption(
        "likelihood", nil, "estimate log p(x) by importance sampling, besides the metrics")
    static let draws = CommandOption(
        "draws", "N", "codes drawn for each sample with --likelihood (default: 5000)")
    static let annealed = CommandOption(
        "annealed", nil, "estimate it without the encoder, by annealed importance sampling, too")
    static let count = CommandOption(
        "count", "N",
        "samples whose likelihood is estimated, the first ones (default: all, with --annealed 100)")
    static let options =
        [.part, likelihood, draws, annealed, count] + TrainedRun.options + [.json]
    static let details = """
        With --likelihood it reports the mean over samples of log 1/K Σ p(x, z) / q(z | x) with K codes
        z drawn by the encoder, in nats, and its standard error: an estimate of log p(x) that is too
        low on average, and the less so the more codes there are. With --annealed, 16 codes of each
        sample are led from the prior to the posterior through 500 distributions: where both agree the
        encoder is no worse than its estimate says.
        """

    /// The output of `--json`.
    private struct Evaluation: Encodable {
        let run: String
        let recipe: String
        let data: String
        let part: String
        let samples: Int
        let parameters: Int
        let metrics: [String: Double]
        let diagnostics: [String: Double]
        let logLikelihood: LogLikelihood?
        /// Nil if it was not asked for.
        let annealed: Annealed?
    }

    private struct Annealed: Encodable {
        let mean: Double
        let samples: Int
        /// The share of trajectories that were accepted.
        let acceptance: Double

        var line: String {
            "The same of \(Format.count(samples)) samples by annealed importance sampling: "
                + "\(Format.number(mean)) nats\n"
        }
    }

    /// The estimate without an encoder; nil if it was not asked for.
    private static func annealedEstimate(
        _ arguments: Arguments, of trained: TrainedRun, on examples: Examples, _ work: LongWork
    ) throws -> Annealed? {
        guard arguments.has(annealed) else { return nil }
        guard let model = trained.model as? any HasJointDensity, model.hasUnboundedCodes else {
            throw trained.unfit(
                "one prior of codes that are any numbers", for: "evaluate --annealed")
        }
        try requireFixedDeviation(of: trained, for: annealed)
        work.begin("annealing")
        let count = min(try arguments.integer(count, in: 1...Int.max) ?? 100, examples.count)
        let seed = UInt64(trained.experiment.recipe.training.seed)
        let chosen = Selection(Array(0..<count), of: examples)
        let estimate = try AnnealedImportanceSampling(
            of: chosen, by: model, seed: seed, monitor: work.monitor)
        return Annealed(mean: estimate.mean, samples: count, acceptance: estimate.acceptance)
    }

    private struct LogLikelihood: Encodable {
        let mean: Double
        let standardError: Double
        let samples: Int
        let draws: Int

        init(_ estimate: LikelihoodEstimate, draws: Int) {
            (mean, standardError) = (estimate.mean, estimate.standardError)
            (samples, self.draws) = (estimate.values.count, draws)
        }

        var line: String {
            "Log-likelihood by \(Format.count(draws)) draws of \(Format.count(samples)) samples: "
                + "\(Format.number(mean)) ± \(Format.number(standardError)) nats\n"
        }
    }

    /// Throws if the likelihood's deviation is fitted to the samples that it is asked about.
    private static func requireFixedDeviation(
        of trained: TrainedRun, for option: CommandOption
    ) throws(FileError) {
        guard let recipe = trained.experiment.recipe as? any AnyNumbersRecipe,
            recipe.fitsDeviation(on: trained.run.configuration.samples)
        else { return }
        throw FileError(
            path: trained.run.path,
            expected: "a deviation that does not depend on the samples, for "
                + "evaluate --\(option.name)",
            found: "--sigma optimal")
    }

    /// The estimate that the options ask for; nil without.
    private static func estimate(
        _ arguments: Arguments, of trained: TrainedRun, on examples: Examples, _ work: LongWork
    ) throws -> LogLikelihood? {
        let draws = try arguments.integer(draws, in: 1...10_000_000)
        let count = try arguments.integer(count, in: 1...Int.max)
        guard arguments.has(likelihood) else {
            let isAnnealed = arguments.has(annealed)
            for option in isAnnealed ? [Self.draws] : [Self.draws, Self.count]
            where arguments.string(option) != nil {
                throw UsageError("--\(option.name): only with --\(likelihood.name)")
            }
            return nil
        }
        guard let model = trained.model as? any EstimatesLikelihood else {
            throw trained.unfit("likelihoods that can be estimated", for: "evaluate --likelihood")
        }
        try requireFixedDeviation(of: trained, for: likelihood)
        work.begin("likelihood")
        // Of the same samples as the annealed estimate.
        let all = arguments.has(annealed) ? 100 : examples.count
        let chosen = Selection(Array(0..<min(count ?? all, examples.count)), of: examples)
        let estimate = try LikelihoodEstimate(
            of: chosen, by: model, draws: draws ?? 5000,
            seed: UInt64(trained.experiment.recipe.training.seed), monitor: work.monitor)
        return LogLikelihood(estimate, draws: draws ?? 5000)
    }

    static func run(_ arguments: Arguments) throws {
        let part = try DatasetPart(arguments)
        let trained = try TrainedRun(arguments)
        let experiment = trained.experiment
        let examples = part.examples(of: experiment.dataset)
        let work = LongWork(quiet: arguments.has(.quiet))
        defer { work.end() }
        work.begin("metrics")
        let metrics = try trained.metrics(on: examples, monitor: work.monitor)
        work.begin("diagnostics")
        let diagnostics = experiment.recipe.diagnostics(
            of: trained.model, on: experiment.dataset.training)
        let logLikelihood = try estimate(arguments, of: trained, on: examples, work)
        let annealed = try annealedEstimate(arguments, of: trained, on: examples, work)
        try work.conclude()
        if arguments.has(.json) {
            try StandardStreams.write(
                json: Evaluation(
                    run: trained.run.path, recipe: experiment.recipe.name,
                    data: experiment.dataset.name, part: part.rawValue, samples: examples.count,
                    parameters: trained.model.parameterCount, metrics: metrics,
                    diagnostics: diagnostics, logLikelihood: logLikelihood,
                    annealed: annealed))
        } else {
            try StandardStreams.write(
                "Means over \(Format.count(examples.count)) \(part.rawValue) samples of "
                    + "\(experiment.dataset.name):\n\(Metrics.lines(metrics))"
                    + (diagnostics.isEmpty ? "" : "Diagnostics:\n\(Metrics.lines(diagnostics))")
                    + (logLikelihood?.line ?? "") + (annealed?.line ?? ""))
        }
    }
}
