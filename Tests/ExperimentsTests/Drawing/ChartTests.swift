import Foundation
import Testing

@testable import Experiments

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// A surface that remembers where marks were drawn.
private struct RecordingSurface: Surface {
    struct Text {
        var string: String
        var left, right, top, bottom: Double

        func overlaps(_ other: Text) -> Bool {
            left < other.right && other.left < right && top < other.bottom && other.top < bottom
        }
    }

    var texts: [Text] = []
    var lines: [[Point]] = []
    var discs: [[Point]] = []

    func width(of text: String, size: Double) -> Double { Double(text.count) * size * 0.6 }

    mutating func draw(
        text: String, at point: Point, anchor: TextAnchor, size: Double, ink: Ink
    ) {
        let width = width(of: text, size: size)
        let left =
            switch anchor {
            case .start: point.x
            case .middle: point.x - width / 2
            case .end: point.x - width
            }
        texts.append(
            Text(
                string: text, left: left, right: left + width, top: point.y - size * 0.75,
                bottom: point.y + size * 0.25))
    }

    mutating func draw(line points: [Point], width: Double, dashed: Bool, ink: Ink) {
        if case .category = ink { lines.append(points) }
    }

    mutating func draw(discs centers: [Point], radius: Double, opacity: Double, ink: Ink) {
        discs.append(centers)
    }
}

@Suite struct ChartTests {
    /// Deviations are drawn from end to end, and shortened where a logarithmic axis has no place.
    @Test(arguments: [LineChart.Scale.linear, .logarithmic])
    func deviationsAreDrawn(scale: LineChart.Scale) throws {
        let points = [Point(x: 1, y: 4), Point(x: 2, y: 8), Point(x: 3, y: .nan)]
        var surface = RecordingSurface()
        LineChart(
            verticalLabel: "loss",
            series: [
                .init(name: "a", points: points, color: 0, deviations: [5, 0, 1])
            ], scale: scale
        ).draw(on: &surface, width: 600, height: 400)
        // The mark of the legend, the curve, and the one deviation that is more than nothing.
        #expect(surface.lines.count == 3)
        let curve = try #require(
            surface.lines.first { $0.count == 2 && $0[0].x != $0[1].x && $0[0].y != $0[1].y })
        let bar = try #require(surface.lines.first { $0[0].x == $0[1].x })
        #expect(bar[0].x == curve[0].x)
        #expect(bar[0].y > curve[0].y && curve[0].y > bar[1].y)
        #expect(bar.allSatisfy { (0...400).contains($0.y) })
        // Nine is above the eight of the other point.
        #expect(bar[1].y < curve[1].y)
        let middle = (bar[0].y + bar[1].y) / 2
        #expect((abs(middle - curve[0].y) < 1e-9) == (scale == .linear))
    }

    private static let names = ["loss, training", "loss, held out", "reconstruction", "divergence"]

    private static func curves(_ values: [[Double]]) -> LineChart {
        LineChart(
            verticalLabel: "nats per image",
            series: values.enumerated().map { index, values in
                LineChart.Series(
                    name: names[index % names.count], values: values, color: index,
                    dashed: index == 1)
            })
    }

    private static let charts: [any Chart] = [
        curves([]),
        curves([[]]),
        curves([[0.25]]),
        curves([[.nan, .nan]]),
        curves([[150, 120, 110], [151, 119, 112], [140, 100, 90], [10, 20, 20]]),
        curves([[1e5, 1, 1e-5, .nan, 1e-7], [-1, 0, 1]]),
        curves([[1e5, 1, 1e-5, .nan, 1e-7]]),
        curves([[-1e308, 1e308, .infinity]]),
        curves([(1...5000).map { 1 / Double($0) }]),
        ScatterPlot(points: [], horizontalLabel: "z1", verticalLabel: "z2"),
        ScatterPlot(
            points: [Point(x: 1, y: 1)], labels: [3], horizontalLabel: "z1", verticalLabel: "z2"),
        ScatterPlot(
            points: (0..<500).map { Point(x: cos(Double($0)), y: 1e-3 * sin(Double($0))) },
            labels: (0..<500).map { $0 % 10 },
            names: ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal"],
            horizontalLabel: "first component", verticalLabel: "second component"),
        ConfusionChart(
            counts: (0..<10).map { row in (0..<10).map { row == $0 ? 980 : row * $0 % 7 } },
            names: (0..<10).map(String.init)),
        ConfusionChart(
            counts: (0..<6).map { row in (0..<6).map { row == $0 ? 60_000 : 1 } },
            names: ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "A sandal or a shoe"]),
        ScatterPlot(
            points: [Point(x: 1, y: 1), Point(x: .nan, y: 0)], labels: [0, 1],
            names: ["a name that is so long that no chart has room for all of it, wherever"],
            horizontalLabel: "principal component 1 of the codes (97 % of the variance of codes)",
            verticalLabel: "t-SNE, component 2 (trustworthiness 0.98765 with 5 neighbours)"),
        LineChart(
            horizontalLabel: "a column-with-a-name-in-one-word-"
                + String(repeating: "x", count: 90),
            verticalLabel: "mean of the held-out samples, summed over all elements of a sample",
            series: [.init(name: "loss", values: [1e-3, 1e3], color: 0)]),
        ConfusionChart(
            counts: [[1, 2], [3, 4]],
            names: ["a class of a long name, which has no room beside the others", "b"]),
        ConfusionChart(
            counts: (0..<40).map { row in (0..<40).map { row == $0 ? 3 : 0 } }, names: []),
    ]

    private static let sizes = [(360.0, 380.0), (560, 580), (900, 400)]

    @Test(arguments: charts.indices)
    func textsNeitherOverlapNorLeaveTheChart(chart index: Int) {
        for (width, height) in Self.sizes {
            var surface = RecordingSurface()
            Self.charts[index].draw(on: &surface, width: width, height: height)
            let texts = surface.texts
            #expect(texts.count > 2)
            for first in texts.indices {
                #expect(texts[first].left >= 0 && texts[first].right <= width)
                #expect(texts[first].top >= 0 && texts[first].bottom <= height)
                for second in texts.indices where first < second {
                    #expect(
                        !texts[first].overlaps(texts[second]),
                        "\(texts[first].string) and \(texts[second].string) at \(width)")
                }
            }
        }
    }

    @Test(arguments: charts.indices) func documentsAreWellFormed(chart index: Int) {
        let document = Self.charts[index].svg(width: 600, height: 400)
        #expect(XMLParser(data: Data(document.utf8)).parse())
        #expect(!document.contains("nan"))
        #expect(!document.contains("inf"))
    }

    @Test(arguments: charts.indices) func picturesHaveTheSizeAskedFor(chart index: Int) {
        let picture = Self.charts[index].picture(width: 200, height: 150, scale: 1)
        #expect(picture.width == 200)
        #expect(picture.height == 150)
        let white = Color.lightPaper
        let drawn = (0..<150).contains { row in (0..<200).contains { picture[$0, row] != white } }
        #expect(drawn)
    }

    @Test func whatIsNotFiniteLeavesAGap() {
        var surface = RecordingSurface()
        let chart = Self.curves([[5, 4, .nan, 3, .infinity, 2, 1]])
        chart.draw(on: &surface, width: 600, height: 400)
        // The first line is the legend's.
        #expect(surface.lines.dropFirst().map(\.count) == [2, 2])
        // The lone point and the end.
        #expect(surface.discs.map(\.count) == [2])
    }

    @Test func curvesStayInTheFrame() {
        for chart in Self.charts {
            var surface = RecordingSurface()
            chart.draw(on: &surface, width: 600, height: 400)
            for point in (surface.lines + surface.discs).joined() {
                // A value beyond all axes may lie one frame away, no farther.
                #expect((-600...1200).contains(point.x) && (-400...800).contains(point.y))
            }
        }
    }

    @Test func aWideRangeIsLogarithmicUnlessNotPositive() {
        func ticks(_ values: [Double], _ scale: LineChart.Scale = .automatic) -> String {
            var chart = Self.curves([values])
            chart.scale = scale
            return chart.svg(width: 600, height: 400)
        }
        #expect(ticks([1000, 1]).contains("(logarithmic)"))
        #expect(!ticks([1000, 1], .linear).contains("(logarithmic)"))
        #expect(!ticks([1000, 0]).contains("(logarithmic)"))
        #expect(!ticks([40, 1]).contains("(logarithmic)"))
        #expect(ticks([40, 1], .logarithmic).contains("(logarithmic)"))
        #expect(ticks([-1, 0], .logarithmic).contains("no data"))
        #expect(!ticks([-1, 0]).contains("no data"))
    }

    @Test func namesAreEscapedAndLongOnesShortened() {
        let name = "<b>&\"'" + String(repeating: "long ", count: 100)
        let chart = LineChart(
            verticalLabel: "nats", series: [.init(name: name, values: [1, 2], color: 0)])
        let document = chart.svg(width: 400, height: 300)
        #expect(document.contains("&lt;b&gt;&amp;&quot;&#39;long"))
        #expect(document.contains("…"))
        #expect(!document.contains("<b>"))
    }

    @Test func scatterHasOneUnitOnBothAxes() {
        let corners = [(0.0, 0.0), (4, 0), (0, 1)].map { Point(x: $0.0, y: $0.1) }
        let plot = ScatterPlot(points: corners, horizontalLabel: "z1", verticalLabel: "z2")
        var surface = RecordingSurface()
        plot.draw(on: &surface, width: 500, height: 500)
        let drawn = surface.discs.flatMap { $0 }
        #expect(drawn.count == 3)
        let (right, up) = (drawn[1].x - drawn[0].x, drawn[0].y - drawn[2].y)
        #expect(abs(right - 4 * up) < 1e-9)
        #expect(right > 300)
    }

    @Test func scatterDrawsEveryFinitePointOnce() {
        var points = (0..<1234).map { Point(x: Double($0 % 37), y: Double($0 % 53)) }
        points[7].x = .nan
        points[8].y = .infinity
        let labels = points.indices.map { $0 % 12 }
        let plot = ScatterPlot(
            points: points, labels: labels, horizontalLabel: "z1", verticalLabel: "z2")
        #expect(plot.omitted == 2)
        #expect(plot.labels == Array(labels[..<7]) + Array(labels[9...]))
        var surface = RecordingSurface()
        plot.draw(on: &surface, width: 800, height: 600)
        // The legend draws twelve.
        #expect(surface.discs.joined().count == 1232 + 12)
        #expect(surface.texts.contains { $0.string == "2 not finite" })
    }

    @Test func pointsWithoutALabelHaveNoNameInTheLegend() {
        let plot = ScatterPlot(
            points: (0..<4).map { Point(x: Double($0), y: 0) }, labels: [0, -1, -1, 1],
            names: ["left", "right"], horizontalLabel: "z1", verticalLabel: "z2")
        #expect(plot.summary.contains("4 points coloured by 2 labels"))
        var surface = RecordingSurface()
        plot.draw(on: &surface, width: 500, height: 500)
        #expect(surface.discs.joined().count == 4 + 2)
        #expect(surface.texts.contains { $0.string == "right" })
        #expect(!surface.texts.contains { $0.string == "-1" })
    }

    @Test func labelsMustFitThePoints() async {
        await #expect(processExitsWith: .failure) {
            _ = ScatterPlot(
                points: [], labels: [1], horizontalLabel: "z1", verticalLabel: "z2")
        }
    }
}
