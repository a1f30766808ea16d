import Autograd
import Datasets
import FileSupport
import Foundation
import Models

/// A command that draws several runs in one chart.
protocol ComparisonCommand: Command {
    static var file: String { get }
    static func comparison(
        of runs: [TrainingRun], _ arguments: Arguments, _ work: LongWork
    ) throws -> Comparison
}

/// A chart of several runs, and its numbers.
struct Comparison {
    let chart: any Chart
    let table: CSV.Table
}

extension Comparison {
    /// A chart of curves, with a row for each horizontal coordinate and a column for each curve.
    init(_ chart: LineChart) {
        let places = Set(chart.series.flatMap { $0.points.map(\.x) }).sorted()
        let curves = chart.series.map { series in
            Dictionary(series.points.map { ($0.x, $0.y) }) { first, _ in first }
        }
        self.init(
            chart: chart,
            table: CSV.Table(
                header: [chart.horizontalLabel] + chart.series.map(\.name),
                rows: places.map { place in
                    ["\(place)"] + curves.map { $0[place].map { "\($0)" } ?? "" }
                }))
    }
}

/// The output file of the chart, which belongs to no single run.
let chartFile = CommandOption(
    "output", "PATH", "the output file, .svg or .png (default: in the current folder)")

extension ComparisonCommand {
    static var operands: [String] { ["RUN"] }
    static var repeatsLastOperand: Bool { true }
    static var details: String {
        "The output file is .svg or .png; the numbers are written next to it as a .csv table."
    }

    static func run(_ arguments: Arguments) throws {
        try arguments.applyThreads()
        let path = try arguments.outputPath(chartFile, endingIn: [".svg", ".png"]) ?? file
        _ = try arguments.operand(0, "RUN")
        let runs = try arguments.operands.map { try TrainingRun.named($0) }
        let table = String(path.dropLast(4)) + ".csv"
        var inputs = ProtectedFiles()
        for run in runs { inputs.add(run) }
        try inputs.refuse(writing: path, table)
        let work = LongWork(quiet: arguments.has(.quiet))
        defer { work.end() }
        let comparison = try comparison(of: runs, arguments, work)
        let chart = comparison.chart
        try work.conclude()
        try CSV.write(comparison.table, to: table)
        if path.hasEnding(".svg") {
            try AtomicFile.write(chart.svg(width: 800, height: 480), to: path)
        } else {
            try AtomicFile.write(chart.picture(width: 800, height: 480).png, to: path)
        }
        try StandardStreams.write("\(path)\n\(table)\n")
    }

    /// The names of the runs: the last components of their paths, or the paths if those are not
    /// unique.
    fileprivate static func names(of runs: [TrainingRun]) -> [String] {
        let last = runs.map { URL(fileURLWithPath: $0.path).lastPathComponent }
        return Set(last).count == last.count ? last : runs.map(\.path)
    }
}

extension TrainingRun {
    /// A metric by epoch. Throws if it was not measured in the last one.
    func heldOut(_ metric: String) throws(FileError) -> [Point] {
        let history = try history()
        let known = history.last?.heldOut.keys.sorted() ?? []
        guard known.contains(metric) else {
            throw FileError(
                path: metricsPath, expected: "the metric \(metric)",
                found: known.isEmpty ? "none" : known.joined(separator: ", "))
        }
        return history.compactMap { record in
            record.heldOut[metric].map { Point(x: Double(record.epoch), y: $0) }
        }
    }
}

enum CompareCommand: ComparisonCommand {
    static let name = "compare"
    static let summary = "Draws a metric of several runs by epoch in one chart"
    static let metric = CommandOption(
        "metric", "NAME", "the held-out metric to draw (default: squaredError)")
    static let options = [metric, chartFile, .threads]
    static let file = "comparison.svg"

    static func comparison(
        of runs: [TrainingRun], _ arguments: Arguments, _ work: LongWork
    ) throws -> Comparison {
        let metric = arguments.string(metric) ?? "squaredError"
        let series = try zip(runs, names(of: runs)).enumerated().map { index, pair in
            let (run, name) = pair
            return LineChart.Series(name: name, points: try run.heldOut(metric), color: index)
        }
        return Comparison(
            LineChart(
                verticalLabel: Metrics.title(metric) + " on held-out samples", series: series))
    }
}

enum SpectrumCommand: ComparisonCommand {
    static let name = "spectrum"
    static let summary = "Draws the singular values of the encoder Jacobians of several runs"
    static let samples = CommandOption(
        "samples", "N", "number of test samples to average over (default: 50)")
    static let count = CommandOption("count", "N", "number of singular values (default: 50)")
    static let options = [samples, count, chartFile, .threads, .quiet]
    static let file = "spectrum.svg"

    static func comparison(
        of runs: [TrainingRun], _ arguments: Arguments, _ work: LongWork
    ) throws -> Comparison {
        let sampleCount = try arguments.integer(samples, in: 1...100_000) ?? 50
        let count = try arguments.integer(count, in: 1...10_000) ?? 50
        let series = try zip(runs, names(of: runs)).enumerated().map { index, pair in
            let (run, name) = pair
            let trained = try TrainedRun(run)
            let encoder = try trained.encoder(for: self.name)
            let test = trained.experiment.dataset.test
            let chosen = test.batch(0..<min(sampleCount, test.count), as: encoder.dataType)
            let size = encoder.encode(chosen[0..<1]).count
            work.begin(name)
            let values = try encoder.jacobianSpectrum(
                at: chosen, count: min(count, size, chosen.input[0].count), monitor: work.monitor)
            return LineChart.Series(
                name: name,
                points: values.enumerated().map { Point(x: Double($0 + 1), y: $1) }, color: index)
        }
        return Comparison(
            LineChart(
                horizontalLabel: "singular value, by rank", verticalLabel: "mean over samples",
                series: series))
    }
}

enum EstimatesCommand: ComparisonCommand {
    static let name = "estimates"
    static let summary =
        "Draws how estimates of log p(x) of several runs rise with the number of codes"
    static let draws = CommandOption(
        "draws", "N", "the greatest number of codes of a sample (default: 100000)")
    static let count = CommandOption(
        "count", "N", "number of test samples, the first ones (default: 20)")
    static let options = [draws, count, chartFile, .threads, .quiet]
    static let details = """
        The mean over samples of log 1/K Σ wₖ with K = 1, 3, 10, 30, … codes: drawn by the encoder, with the
        weights p(x, z) / q(z | x), and from the prior, with p(x | z), which is the naive estimate. All of
        them are too low on average, and the less so the more codes there are.
        """
    static let file = "estimates.svg"

    static func comparison(
        of runs: [TrainingRun], _ arguments: Arguments, _ work: LongWork
    ) throws -> Comparison {
        let draws = try arguments.integer(draws, in: 1...100_000_000) ?? 100_000
        let count = try arguments.integer(count, in: 1...Int.max) ?? 20
        let series = try zip(runs, names(of: runs)).enumerated().flatMap { index, pair in
            let trained = try TrainedRun(pair.0)
            guard let model = trained.model as? any HasJointDensity & EstimatesLikelihood else {
                throw trained.unfit("codes with a prior, and likelihoods", for: name)
            }
            try trained.requireFixedDeviation(for: name)
            let chosen = Selection(first: count, of: trained.experiment.dataset.test)
            let seed = trained.seed
            work.begin(pair.1)
            let curves = try [
                LikelihoodCurve(
                    of: chosen, byEncoderOf: model, draws: draws, seed: seed,
                    monitor: work.monitor.part(0...0.5)),
                LikelihoodCurve(
                    of: chosen, byPriorOf: model, draws: draws, seed: seed,
                    monitor: work.monitor.part(0.5...1)),
            ]
            return zip(curves, ["encoder", "prior"]).map { curve, origin in
                LineChart.Series(
                    name: "\(pair.1), codes from the \(origin)",
                    points: zip(curve.draws, curve.values).map { Point(x: Double($0), y: $1) },
                    color: index, dashed: origin == "prior")
            }
        }
        return Comparison(
            LineChart(
                horizontalLabel: "codes of a sample",
                verticalLabel: "estimate of log p(x) in nats", series: series, scale: .linear,
                horizontalScale: .logarithmic))
    }
}
