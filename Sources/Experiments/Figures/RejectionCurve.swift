import Datasets

/// The accuracy of a classifier on the samples that are left if those with the lowest scores are rejected.
struct RejectionCurve {
    /// By the share that is rejected, from 0, in hundredths.
    let points: [Point]

    /// - Parameters:
    ///   - scores: low for what is to be rejected first.
    ///   - isRight: whether each sample is classified rightly.
    init(scores: [Double], isRight: [Bool]) {
        let order = scores.indices.sorted { (scores[$0], $0) < (scores[$1], $1) }
        // The right ones from each place of the order on.
        var right = [0]
        for index in order.reversed() { right.append((right.last ?? 0) + (isRight[index] ? 1 : 0)) }
        right.reverse()
        points = (0..<100).map { hundredths in
            let rejected = hundredths * order.count / 100
            return Point(
                x: Double(hundredths) / 100,
                y: Double(right[rejected]) / Double(max(1, order.count - rejected)))
        }
    }

    /// Several curves of the same samples.
    static func chart(_ curves: [(name: String, curve: RejectionCurve)]) -> LineChart {
        LineChart(
            horizontalLabel: "share rejected", hasWholeNumbers: false,
            verticalLabel: "accuracy on the rest",
            series: curves.enumerated().map { index, part in
                LineChart.Series(name: part.name, points: part.curve.points, color: index)
            }, scale: .linear)
    }

    /// The same as a table.
    static func table(_ curves: [(name: String, curve: RejectionCurve)]) -> CSV.Table {
        let rows = curves.first?.curve.points ?? []
        return CSV.Table(
            header: ["rejected"] + curves.map(\.name),
            rows: rows.indices.map { row in
                ["\(rows[row].x)"] + curves.map { "\($0.curve.points[row].y)" }
            })
    }
}
