/// A chart of curves over epochs or another quantity.
struct LineChart: Chart {
    struct Series: Sendable {
        /// The name in the legend.
        var name: String

        /// The points of the curve. A point that cannot be shown (not finite, or not positive on a
        /// logarithmic axis) leaves a gap.
        var points: [Point]

        /// The index of the category colour.
        var color: Int

        /// Whether the line is dashed, as for held-out data.
        var dashed = false

        /// How far what a point stands for is spread above and below it; empty if that is not shown.
        var deviations: [Double] = []
    }

    enum Scale: Sendable {
        case linear, logarithmic

        /// Logarithmic if all values are positive and the greatest is more than 50 times the least.
        case automatic
    }

    var horizontalLabel = "epoch"
    /// Whether the horizontal axis shows whole numbers.
    var hasWholeNumbers = true
    var verticalLabel: String
    var series: [Series]
    var scale = Scale.automatic
    var horizontalScale = Axis.Scale.linear

    var summary: String {
        guard !series.isEmpty else { return "Line chart without data." }
        let epochs = series.map(\.points.count).max() ?? 0
        return "Line chart of \(series.map(\.name).joined(separator: ", ")) over "
            + (horizontalLabel == "epoch"
                ? "\(epochs) epoch\(epochs == 1 ? "" : "s")." : "\(horizontalLabel).")
    }

    func draw(on surface: inout some Surface, width: Double, height: Double) {
        let entries = series.map {
            Legend.Entry(
                name: $0.name, mark: $0.dashed ? .dashedLine : .line, ink: .category($0.color))
        }
        let scale = verticalScale
        let margin = 16.0
        let top = Legend(entries: entries).draw(
            on: &surface, left: margin, right: width - margin, top: 10)
        let titles = PlotFrame.Titles(
            horizontal: horizontalLabel,
            vertical: scale == .logarithmic ? verticalLabel + " (logarithmic)" : verticalLabel,
            width: width - 2 * margin, on: surface)
        let bottom = height - titles.roomBelow
        let frameTop = top + titles.roomAbove
        let vertical = Axis(
            covering: values + ends, scale: scale, count: Int((bottom - frameTop) / 48))
        let left = margin + PlotFrame.roomBeside(vertical, on: surface)
        let horizontal = Axis(
            covering: series.lazy.flatMap(\.points).map(\.x), scale: horizontalScale,
            // Sound: the size of a chart.
            count: Int((width - margin - left) / 80), padding: 0.02, wholeNumbers: hasWholeNumbers)
        let frame = PlotFrame(
            left: left, right: width - margin, top: frameTop, bottom: bottom,
            horizontal: horizontal, vertical: vertical)
        frame.draw(on: &surface, titles: titles, verticalGrid: false)
        if !series.contains(where: { $0.points.contains { isVisible($0, on: scale) } }) {
            let center = Point(x: (left + width - margin) / 2, y: (frameTop + bottom) / 2)
            surface.draw(text: "no data", at: center, anchor: .middle, size: 14, ink: .muted)
        }
        for series in series.reversed() { draw(series, in: frame, on: &surface) }
    }

    /// Draws every continuous part as a line, an isolated point as a disc, and a disc at the end of
    /// the curve. Called from last to first, so that the first curve is on top.
    private func draw(
        _ series: Series, in frame: PlotFrame, on surface: inout some Surface
    ) {
        let ink = Ink.category(series.color)
        let parts = series.points.split { !isVisible($0, on: frame.vertical.scale) }.map { part in
            part.map { frame.point($0.x, $0.y) }
        }
        for part in parts where part.count > 1 {
            surface.draw(line: part, width: 2.25, dashed: series.dashed, ink: ink)
        }
        for (point, deviation) in zip(series.points, series.deviations)
        where isVisible(point, on: frame.vertical.scale) && deviation > 0 {
            // Within the chart, where a logarithmic axis has no place for the lower end.
            let ends = [
                max(point.y - deviation, frame.vertical.lower),
                min(point.y + deviation, frame.vertical.upper),
            ]
            surface.draw(
                line: ends.map { frame.point(point.x, $0) }, width: 1.25, dashed: false, ink: ink)
        }
        let alone = parts.filter { $0.count == 1 }.map { $0[0] }
        let end = parts.last?.last.map { [$0] } ?? []
        surface.draw(discs: alone + end, radius: 3.5, opacity: 1, ink: ink)
    }

    private func isVisible(_ point: Point, on scale: Axis.Scale) -> Bool {
        point.x.isFinite && point.y.isFinite
            && (scale == .linear || point.y > 0)
    }

    private var values: [Double] {
        series.flatMap(\.points).filter { $0.x.isFinite }.map(\.y).filter(\.isFinite)
    }

    /// The ends of the deviations.
    private var ends: [Double] {
        series.flatMap { series in
            zip(series.points, series.deviations).filter { $0.0.x.isFinite }.flatMap {
                [$0.0.y - $0.1, $0.0.y + $0.1]
            }
        }
    }

    private var verticalScale: Axis.Scale {
        switch scale {
        case .linear: .linear
        case .logarithmic: .logarithmic
        case .automatic:
            if let least = values.min(), let greatest = values.max(), least > 0,
                greatest > 50 * least
            {
                .logarithmic
            } else {
                .linear
            }
        }
    }
}

extension LineChart.Series {
    /// A curve through one value per epoch.
    init(
        name: String, values: some Sequence<Double>, firstEpoch: Int = 1, color: Int,
        dashed: Bool = false
    ) {
        let points = values.enumerated().map { Point(x: Double(firstEpoch + $0), y: $1) }
        self.init(name: name, points: points, color: color, dashed: dashed)
    }
}
