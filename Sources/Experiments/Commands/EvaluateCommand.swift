import Datasets
import Models

enum EvaluateCommand: Command {
    static let name = "evaluate"
    static let summary = "Evaluates a trained model on data"
    static let operands = ["RUN"]
    static let options = [.part] + TrainedRun.options + [.json]

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
        try work.conclude()
        if arguments.has(.json) {
            try StandardStreams.write(
                json: Evaluation(
                    run: trained.run.path, recipe: experiment.recipe.name,
                    data: experiment.dataset.name, part: part.rawValue, samples: examples.count,
                    parameters: trained.model.parameterCount, metrics: metrics,
                    diagnostics: diagnostics))
        } else {
            try StandardStreams.write(
                "Means over \(Format.count(examples.count)) \(part.rawValue) samples of "
                    + "\(experiment.dataset.name):\n\(Metrics.lines(metrics))"
                    + (diagnostics.isEmpty ? "" : "Diagnostics:\n\(Metrics.lines(diagnostics))"))
        }
    }
}
