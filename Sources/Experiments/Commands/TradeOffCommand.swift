import FileSupport
import Foundation
import Models

/// What disentangling costs: a score of several runs against how well they reconstruct.
enum TradeOffCommand: ComparisonCommand {
    static let name = "tradeoff"
    static let summary = "Draws a score of disentanglement of several runs against a metric"
    static let score = CommandOption(
        "score", "NAME",
        "a score of tapestry disentangle, as it names them in JSON (default: mutualInformationGap)")
    static let metric = CommandOption(
        "metric", "NAME", "the held-out metric (default: negativeLogLikelihood)")
    static let options = [score, metric, chartFile]
    static let details = """
        A point for each run, coloured by recipe, and a table of the runs that have the same options but
        for the seed: the means with deviations. The runs must have been scored by tapestry disentangle.
        """
    static let file = "tradeoff.svg"

    /// What is compared of a run.
    private struct Result {
        let recipe: String
        /// The options that differ from the recipe's usual ones, without the seed.
        let options: String
        /// Of the score.
        let title: String
        let score: Double
        let metric: Double
    }

    static func comparison(
        of runs: [TrainingRun], _ arguments: Arguments, _ work: LongWork
    ) throws -> Comparison {
        let score = arguments.string(score) ?? "mutualInformationGap"
        let metric = arguments.string(metric) ?? "negativeLogLikelihood"
        let results = try runs.map { try result(of: $0, score: score, metric: metric) }
        let recipes = results.reduce(into: [String]()) { names, result in
            if !names.contains(result.recipe) { names.append(result.recipe) }
        }
        let chart = ScatterPlot(
            points: results.map { Point(x: $0.metric, y: $0.score) },
            // Sound: each recipe is among them.
            labels: results.map { recipes.firstIndex(of: $0.recipe)! }, names: recipes,
            horizontalLabel: Metrics.title(metric) + " on held-out samples",
            verticalLabel: results.first?.title ?? score, scales: .independent)
        let groups = Dictionary(grouping: results) { [$0.recipe, $0.options] }
            .sorted { $0.key.lexicographicallyPrecedes($1.key) }
        let table = CSV.Table(
            header: ["recipe", "options", "runs", score, "deviation", metric, "deviation"],
            rows: groups.map { key, results in
                let spreads = [Spread(results.map(\.score)), Spread(results.map(\.metric))]
                return key + ["\(results.count)"]
                    + spreads.flatMap { ["\($0.mean)", $0.deviation.map { "\($0)" } ?? ""] }
            })
        return Comparison(chart: chart, table: table)
    }

    private static func result(
        of run: TrainingRun, score: String, metric: String
    ) throws -> Result {
        let path = run.file(RunFile.disentanglement)
        guard
            let found = try JSON.readIfThere(
                DisentanglementResult.self, from: path, expected: "scores of disentanglement")
        else {
            throw FileError(
                path: path,
                expected: "scores of disentanglement, which tapestry disentangle writes",
                found: "no such file")
        }
        let scores = found.scores.titled
        guard let score = scores.first(where: { $0.name == score }) else {
            throw UsageError(unknown: "score", score, known: scores.map(\.name).sorted())
        }
        let recipe = try run.recipe()
        return Result(
            recipe: run.configuration.recipe, options: recipe.unusualOptions, title: score.title,
            score: score.value, metric: try run.heldOut(metric).last?.y ?? .nan)
    }
}

extension Recipe {
    /// The options that differ from the usual ones, without the seed, as they are written in a command.
    fileprivate var unusualOptions: String {
        let usual = Dictionary(Self().options.map { ($0.name, $0.text) }) { first, _ in first }
        return options.filter { $0.name != "seed" && usual[$0.name] != $0.text }
            .map { "--\($0.name) \($0.text)" }.joined(separator: " ")
    }
}
