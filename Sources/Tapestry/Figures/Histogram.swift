import Foundation

/// How often the values of several groups lie where, over bins that all groups share.
struct Histogram {
    struct Group {
        let name: String
        /// The part of its values in each bin. Those beyond the outermost bins are in none.
        let shares: [Double]
    }

    /// One more than there are bins.
    let edges: [Double]
    let groups: [Group]

    /// - Parameter groups: with one value each, at least. The bins cover what is between the
    ///   quantiles 0.005 and 0.995 of any; of whole numbers each holds equally many.
    init(_ groups: [(name: String, values: [Double])]) {
        let sorted = groups.map { $0.values.sorted() }
        var lower = sorted.map { $0.quantile(0.005) }.min()!
        let upper = sorted.map { $0.quantile(0.995) }.max()!
        // The fewer values, the fewer bins have enough of them.
        let fewest = groups.map(\.values.count).min()!
        let bins = min(max(Int(Double(fewest).squareRoot()), 6), 30)
        var width = (upper - lower) / Double(bins)
        if groups.allSatisfy({ $0.values.allSatisfy { $0 == $0.rounded() } }) {
            width = max(1, width.rounded(.up))
            lower -= 0.5
        } else if width <= abs(lower) * 1e-9 {
            width = max(abs(lower) * 0.1, 0.1)
            lower -= width / 2
        }
        let count = max(1, Int(((upper - lower) / width).rounded(.up)))
        edges = (0...count).map { lower + Double($0) * width }
        self.groups = groups.map { name, values in
            var counts = [Int](repeating: 0, count: count)
            for value in values {
                // What is rounded beyond the last edge belongs before it.
                let bin = ((value - lower) / width).rounded(.down)
                if value == upper || 0..<Double(count) ~= bin {
                    counts[min(max(Int(bin), 0), count - 1)] += 1
                }
            }
            return Group(name: name, shares: counts.map { Double($0) / Double(values.count) })
        }
    }

    /// The outlines of the groups.
    func chart(horizontalLabel: String, verticalLabel: String) -> LineChart {
        LineChart(
            horizontalLabel: horizontalLabel, hasWholeNumbers: false,
            verticalLabel: "\(verticalLabel), in percent",
            series: groups.enumerated().map { index, group in
                let steps = group.shares.enumerated().flatMap { bin, share in
                    [edges[bin], edges[bin + 1]].map { Point(x: $0, y: 100 * share) }
                }
                return LineChart.Series(
                    name: group.name,
                    points: [Point(x: edges[0], y: 0)] + steps + [Point(x: edges.last!, y: 0)],
                    color: index)
            }, scale: .linear)
    }
}
