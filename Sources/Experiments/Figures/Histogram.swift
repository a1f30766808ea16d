import Foundation

/// The distributions of several groups of values over common bins.
struct Histogram {
    struct Group {
        let name: String
        /// The fraction of its values in each bin. Values beyond the outermost bins are not
        /// counted.
        let shares: [Double]
    }

    /// The edges of the bins, one more than there are bins.
    let edges: [Double]
    let groups: [Group]

    /// - Parameter groups: each with at least one value; all values must be finite. The bins span
    ///   the quantiles 0.005 to 0.995 of all groups; for whole numbers each holds equally many of
    ///   them.
    init(_ groups: [(name: String, values: [Double])]) {
        let sorted = groups.map { $0.values.sorted() }
        var lower = sorted.map { $0.quantile(0.005) }.min() ?? 0
        let upper = sorted.map { $0.quantile(0.995) }.max() ?? 1
        // With fewer values, fewer bins have enough of them.
        let fewest = groups.map(\.values.count).min() ?? 0
        // Sound: the root of a count.
        let bins = min(max(Int(Double(fewest).squareRoot()), 6), 30)
        // Halved, as the whole range may overflow.
        func distance(_ value: Double, inUnitsOf unit: Double) -> Double {
            (value / 2 - lower / 2) / (unit / 2)
        }
        var width = distance(upper, inUnitsOf: Double(bins))
        if groups.allSatisfy({ $0.values.allSatisfy { $0 == $0.rounded() } }) {
            width = max(1, width.rounded(.up))
            lower -= 0.5
        } else if width <= abs(lower) * 1e-9 {
            width = max(abs(lower) * 0.1, 0.1)
            lower -= width / 2
        }
        // Half of the smallest positive width is 0, which makes the distance infinite.
        let wanted = distance(upper, inUnitsOf: width).rounded(.up)
        // Sound: at most one more than the bins, and not NaN, as min and max return their first
        // operand.
        let count = Int(min(max(1, wanted), Double(bins + 1)))
        edges = (0...count).map { index in
            min(2 * (lower / 2 + Double(index) * (width / 2)), .greatestFiniteMagnitude)
        }
        self.groups = groups.map { name, values in
            var counts = [Int](repeating: 0, count: count)
            for value in values {
                // A value that rounding puts beyond the last edge belongs to the last bin.
                let bin = distance(value, inUnitsOf: width).rounded(.down)
                if value == upper || 0..<Double(count) ~= bin {
                    // Sound: between the first and the last bin.
                    counts[Int(min(max(0, bin), Double(count - 1)))] += 1
                }
            }
            return Group(name: name, shares: counts.map { Double($0) / Double(values.count) })
        }
    }

    /// The outlines of the groups' histograms.
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
                    points: [Point(x: edges[0], y: 0)] + steps + [
                        Point(x: edges[edges.count - 1], y: 0)
                    ],
                    color: index)
            }, scale: .linear)
    }
}
