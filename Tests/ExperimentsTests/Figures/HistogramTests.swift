import Foundation
import Testing

@testable import Experiments

@Suite struct HistogramTests {
    @Test func everyValueIsInItsBin() {
        let values = (0..<400).map { Double($0) / 400 }
        let histogram = Histogram([("even", values), ("low", values.map { $0 / 4 })])
        #expect(histogram.edges.count == 21)
        let (even, low) = (histogram.groups[0].shares, histogram.groups[1].shares)
        // All but the two values at either end.
        #expect(abs(even.reduce(0, +) - 0.995) < 0.006)
        #expect(even.allSatisfy { abs($0 - 0.05) < 0.003 })
        #expect(low.prefix(5).allSatisfy { abs($0 - 0.2) < 0.02 })
        #expect(low.dropFirst(6).allSatisfy { $0 == 0 })
    }

    /// Bins of 0.7, say, would hold now one and now no whole number.
    @Test func wholeNumbersHaveBinsOfTheirOwn() {
        let dice = (0..<600).map { Double($0 % 6 + 1) }
        let histogram = Histogram([("dice", dice)])
        #expect(histogram.edges == [0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5])
        #expect(histogram.groups[0].shares.allSatisfy { abs($0 - 1.0 / 6) < 1e-12 })
        let years = (0..<1000).map { Double(1900 + $0 % 100) }
        let edges = Histogram([("years", years)]).edges
        #expect(edges[1] - edges[0] == 4)
    }

    @Test func outliersDoNotFlattenTheRest() {
        let values = (0..<1000).map { $0 == 0 ? 1e9 : Double($0) + 0.25 }
        let histogram = Histogram([("values", values)])
        #expect(histogram.edges.last! < 1100)
        #expect(histogram.groups[0].shares.allSatisfy { $0 > 0.02 && $0 < 0.04 })
    }

    @Test(arguments: [0.25, 3, -1e6, 0]) func oneValueIsOneBin(value: Double) {
        let histogram = Histogram([("a", [value]), ("b", [value, value])])
        #expect(histogram.groups.map { $0.shares.max() } == [1, 1])
        #expect(zip(histogram.edges, histogram.edges.dropFirst()).allSatisfy { $0 < $1 })
    }

    /// The range of some is beyond the greatest number.
    @Test(arguments: [[-1e308, 1e308], [-1.797e308, 0, 1.797e308], [0, 1.5e308, 1.7e308]])
    func hugeNumbersHaveBins(values: [Double]) {
        let histogram = Histogram([("huge", values), ("small", [0.25, 1])])
        #expect(histogram.edges.allSatisfy { $0.isFinite })
        #expect(zip(histogram.edges, histogram.edges.dropFirst()).allSatisfy { $0 < $1 })
        #expect(abs(histogram.groups[0].shares.reduce(0, +) - 1) < 1e-12)
        #expect(histogram.groups[1].shares.max() == 1)
    }

    @Test func meansAndDeviationsDoNotOverflow() {
        #expect([1e308, 1e308, 1e308, 1e308].mean == 1e308)
        #expect(abs([-1e308, 1e308].standardDeviation / 1e308 - 1) < 1e-12)
        #expect(abs([1e200, 3e200].standardDeviation / 1e200 - 1) < 1e-12)
        #expect([1.0, 3].standardDeviation == 1)
    }

    @Test func theOutlineGoesFromEdgeToEdge() {
        let chart = Histogram([("dice", [1, 2, 2, 2])])
            .chart(horizontalLabel: "eyes", verticalLabel: "throws")
        #expect(
            chart.series[0].points.map { [$0.x, $0.y] } == [
                [0.5, 0], [0.5, 25], [1.5, 25], [1.5, 75], [2.5, 75], [2.5, 0],
            ])
        #expect(chart.verticalLabel == "throws, in percent")
    }
}
