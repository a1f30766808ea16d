import Datasets
import Models

enum EvaluateCommand: Command {
    static let name = "evaluate"
    static let summary = "Evaluates a trained model on data"
    static let operands = ["RUN"]
    static let options =
        [.part] + LikelihoodEvaluation.options + QualityEvaluation.options + TrainedRun.options
        + [.json]
    static let details = LikelihoodEvaluation.details + "\n\n" + QualityEvaluation.details

    /// The output of `--json`; estimates, quality and modes are nil if they were not asked for, or are
    /// of other data.
    private struct Evaluation: Encodable {
        let run: String
        let recipe: String
        let data: String
        let part: String
        let samples: Int
        let parameters: Int
        let metrics: [String: Double]
        let diagnostics: [String: Double]
        let logLikelihood: LikelihoodEvaluation.Sampled?
        let annealed: LikelihoodEvaluation.Annealed?
        let quality: SampleQuality?
        let modes: ModesFound?

        var text: String {
            "Means over \(Format.count(samples)) \(part) samples of \(data):\n"
                + Metrics.lines(metrics)
                + (diagnostics.isEmpty ? "" : "Diagnostics:\n\(Metrics.lines(diagnostics))")
                + (logLikelihood?.line ?? "") + (annealed?.line ?? "") + (quality?.text ?? "")
                + (modes?.text ?? "")
        }
    }

    static func run(_ arguments: Arguments) throws {
        let part = try DatasetPart(arguments)
        let likelihood = try LikelihoodEvaluation(arguments)
        let quality = try QualityEvaluation(arguments, of: part)
        let trained = try TrainedRun(arguments)
        try likelihood.check(trained)
        try quality?.check(trained)

        let experiment = trained.experiment
        let examples = part.examples(of: experiment.dataset)
        let work = LongWork(quiet: arguments.has(.quiet))
        defer { work.end() }
        work.begin("metrics")
        let metrics = try trained.metrics(on: examples, monitor: work.monitor)
        work.begin("diagnostics")
        let diagnostics = experiment.recipe.diagnostics(
            of: trained.model, on: experiment.dataset.training)
        let evaluation = Evaluation(
            run: trained.run.path, recipe: experiment.recipe.name, data: experiment.dataset.name,
            part: part.rawValue, samples: examples.count,
            parameters: trained.model.parameterCount, metrics: metrics, diagnostics: diagnostics,
            logLikelihood: try likelihood.sampled(of: trained, on: examples, work),
            annealed: try likelihood.annealed(of: trained, on: examples, work),
            quality: try quality?.measured(of: trained, work),
            modes: try quality?.modes(of: trained, work))
        try work.conclude()
        if arguments.has(.json) {
            try StandardStreams.write(json: evaluation)
        } else {
            try StandardStreams.write(evaluation.text)
        }
    }
}
