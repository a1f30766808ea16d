import Foundation
import Models

/// The chart of a sweep: the kept metric by the values of a numeric option, with a curve for each
/// combination of the others; or by epochs, if no option is numeric.
struct SweepChart {
    /// As many as there are colours.
    private static let mostCurves = Color.categories.count

    let chart: LineChart
    let title: String
    let caption: String

    /// Nil if there is nothing to draw.
    init?(_ result: SweepResult, of sweep: Sweep) throws {
        guard let metric = result.metric else { return nil }
        let name = Metrics.title(metric)
        let spread =
            result.repetitions > 1
            ? ", with standard deviations over \(result.repetitions) seeds" : ""
        let numeric = result.swept.filter { !$0.isSeed && $0.numbers != nil }
        // The one with most values: the chart has fewer curves, with more points.
        if let option = numeric.max(by: { $0.values.count < $1.values.count }) {
            let words = option.name.replacing("-", with: " ")
            let curves = Self.curves(result, metric, along: option)
            let numbers = option.numbers ?? []
            let (least, greatest) = (numbers.min() ?? 0, numbers.max() ?? 0)
            let isLogarithmic = least > 0 && greatest > 50 * least
            title = "\(name) by \(words)"
            caption = "Means over the test samples\(spread)." + Self.remark(curves.count)
            chart = LineChart(
                horizontalLabel: words,
                hasWholeNumbers: numbers.allSatisfy { $0 == $0.rounded() },
                verticalLabel: name, series: Self.lowest(curves),
                horizontalScale: isLogarithmic ? .logarithmic : .linear)
        } else {
            let curves = try Self.histories(result, metric, of: sweep)
            let averaged = result.combinations.count > 1 && result.repetitions > 1
            title = "\(name) by epoch"
            caption =
                "Means over the test samples after each epoch"
                + (averaged ? ", and over \(result.repetitions) seeds." : ".")
                + Self.remark(curves.count)
            chart = LineChart(verticalLabel: name, series: Self.lowest(curves))
        }
    }

    /// A curve for each combination of the options other than one and the seed.
    private static func curves(
        _ result: SweepResult, _ metric: String, along option: SweptOption
    ) -> [LineChart.Series] {
        let points = result.combinations.map { $0.point.without(option.name) }
        return distinct(points).map { point in
            let ordered = result.combinations.filter { $0.point.without(option.name) == point }
                .compactMap { combination -> (place: Double, spread: Spread)? in
                    guard let place = combination.point[option.name].flatMap(Double.init),
                        let spread = combination.test[metric]
                    else { return nil }
                    return (place, spread)
                }
                .sorted { $0.place < $1.place }
            return LineChart.Series(
                name: point.settings.isEmpty ? Metrics.title(metric) : point.title,
                points: ordered.map { Point(x: $0.place, y: $0.spread.mean) }, color: 0,
                deviations: ordered.map { $0.spread.deviation ?? 0 })
        }
    }

    /// A curve for each combination of the options other than the seed, or else for each seed.
    private static func histories(
        _ result: SweepResult, _ metric: String, of sweep: Sweep
    ) throws -> [LineChart.Series] {
        func title(_ point: GridPoint) -> GridPoint {
            result.combinations.count > 1 ? point.without(SweptOption.seed) : point
        }
        let runs = result.runs.filter { $0.failure == nil }
        return try distinct(runs.map { title($0.point) }).map { point in
            let histories = try runs.filter { title($0.point) == point }.map { run in
                try TrainingRun.open(at: sweep.file(run.folder)).history()
            }
            let first = histories.first ?? []
            // Runs may stop early: means are taken while all of them go on.
            let points = first.indices.compactMap { index -> Point? in
                let values = histories.compactMap {
                    $0.indices.contains(index) ? $0[index].heldOut[metric] : nil
                }
                guard values.count == histories.count else { return nil }
                return Point(x: Double(first[index].epoch), y: values.mean)
            }
            return LineChart.Series(name: point.title, points: points, color: 0)
        }
    }

    /// The curves that come lowest, in colours of their own.
    static func lowest(_ curves: [LineChart.Series]) -> [LineChart.Series] {
        func least(_ curve: LineChart.Series) -> Double {
            curve.points.map(\.y).filter(\.isFinite).min() ?? .infinity
        }
        var chosen = curves
        if curves.count > mostCurves {
            let lowest = curves.indices.sorted { least(curves[$0]) < least(curves[$1]) }
            chosen = lowest.prefix(mostCurves).sorted().map { curves[$0] }
        }
        for index in chosen.indices { chosen[index].color = index }
        return chosen
    }

    private static func remark(_ count: Int) -> String {
        count > mostCurves ? " The \(mostCurves) curves of \(count) that come lowest." : ""
    }

    private static func distinct(_ points: [GridPoint]) -> [GridPoint] {
        var known: Set<GridPoint> = []
        return points.filter { known.insert($0).inserted }
    }
}
