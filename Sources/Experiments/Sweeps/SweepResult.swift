import FileSupport
import Foundation
import Models

/// What came of a sweep: the output of `--json`.
struct SweepResult: Encodable {
    /// The metrics of a run.
    struct Run: Encodable {
        let point: GridPoint
        /// The name of its folder in that of the sweep.
        let folder: String
        /// The means over the test samples; empty if the run failed.
        let test: [String: Double]
        /// Why the run came to no result.
        let failure: String?

        private enum Key: CodingKey { case options, folder, test, failure }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(point.texts, forKey: .options)
            try container.encode(folder, forKey: .folder)
            try container.encode(test, forKey: .test)
            try container.encodeIfPresent(failure, forKey: .failure)
        }
    }

    /// The metrics of the runs that differ only in the seed and did not fail.
    struct Combination: Encodable {
        let point: GridPoint
        let runs: Int
        /// Of the metrics that all these runs have.
        let test: [String: Spread]

        private enum Key: CodingKey { case options, runs, test }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(point.texts, forKey: .options)
            try container.encode(runs, forKey: .runs)
            try container.encode(test, forKey: .test)
        }
    }

    /// The path of the folder.
    let sweep: String
    let recipe: String
    let data: String
    let testSamples: Int
    let swept: [SweptOption]
    let runs: [Run]
    let combinations: [Combination]

    /// Reads the results of a sweep.
    ///
    /// - Parameter failures: why runs came to no result, by their folders; the others are finished.
    init(of sweep: Sweep, failures: [String: String] = [:]) throws(FileError) {
        var runs: [Run] = []
        var samples = 0
        for member in sweep.members {
            if let failure = failures[member.folder] {
                runs.append(
                    Run(point: member.point, folder: member.folder, test: [:], failure: failure))
                continue
            }
            let summary = try JSON.read(
                RunSummary.self, from: "\(sweep.path(of: member))/\(RunFile.summary)",
                expected: "the summary of a run")
            samples = summary.testSamples
            runs.append(
                Run(point: member.point, folder: member.folder, test: summary.test, failure: nil))
        }
        self.sweep = sweep.path
        recipe = sweep.recipe.name
        data = sweep.configuration.data.name
        testSamples = samples
        swept = sweep.grid.swept
        self.runs = runs
        let alike = Dictionary(grouping: runs.filter { $0.failure == nil }) {
            $0.point.without(SweptOption.seed)
        }
        combinations = sweep.grid.combinations.map { point in
            let runs = alike[point] ?? []
            let names = runs.dropFirst().reduce(Set(runs.first?.test.keys.map(\.self) ?? [])) {
                $0.intersection($1.test.keys)
            }
            return Combination(
                point: point, runs: runs.count,
                test: Dictionary(
                    names.map { name in (name, Spread(runs.compactMap { $0.test[name] })) }
                ) { first, _ in first })
        }
    }

    /// The names of all metrics, in order.
    var metrics: [String] { Metrics.ordered(runs.flatMap(\.test.keys)) }

    /// The metric that is drawn and told first: the loss.
    var metric: String? { metrics.first }

    /// The number of seeds.
    var repetitions: Int { swept.first { $0.isSeed }?.values.count ?? 1 }

    /// The combination with the lowest mean loss; nil if there is only one, or no loss.
    var best: Combination? {
        let known = combinations.filter { $0.test["loss"]?.mean.isFinite == true }
        guard combinations.count > 1 else { return nil }
        return known.min { ($0.test["loss"]?.mean ?? 0) < ($1.test["loss"]?.mean ?? 0) }
    }

    /// A row for each run: its folder, the swept options, and the metrics.
    var table: CSV.Table {
        CSV.Table(
            header: ["run"] + swept.map(\.name) + metrics,
            rows: runs.map { run in
                [run.folder] + swept.map { run.point[$0.name] ?? "" }
                    + metrics.map { name in run.test[name].map { "\($0)" } ?? "" }
            })
    }

    /// The output without `--json`.
    var text: String {
        let seeds = repetitions > 1 ? " and \(repetitions) seeds" : ""
        let entries = combinations.map { combination in
            let spread = metric.flatMap { combination.test[$0] }
            let numbers = [spread?.mean, spread?.deviation].compactMap { $0 }
            return (
                name: combination.point.settings.isEmpty ? "all runs" : combination.point.title,
                text: numbers.isEmpty
                    ? "failed" : Format.column(numbers).joined(separator: " ± ")
            )
        }
        return """

            \(metric.map(Metrics.title) ?? "Metrics"), mean over \
            \(Format.count(testSamples, "test sample"))\(seeds):
            \(columns(entries))
            The \(runs.count) runs are in \(sweep), their metrics in \(sweep)/\(Sweep.table); \
            open \(sweep)/\(Sweep.report) in a browser.

            """
    }
}
