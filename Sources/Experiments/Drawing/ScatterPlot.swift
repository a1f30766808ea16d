import Autograd

/// A chart of points in the plane, such as two-dimensional codes, coloured by label.
struct ScatterPlot: Chart {
    enum Scales: Sendable {
        /// Both axes have the same, so that distances are not distorted.
        case equal
        /// Each axis has its own: for quantities that are not of one kind.
        case independent
    }

    /// Points that are not finite are left out; `omitted` counts them.
    let points: [Point]
    let omitted: Int

    /// A label for every point that is kept; negative for an unlabelled point, which is drawn
    /// without a colour; empty if no point is labelled.
    let labels: [Int]

    /// The names of the labels; a label without a name shows its number.
    let names: [String]
    /// The colours of labels that have an order, from the first to the last.
    let scale: ColorScale?
    let horizontalLabel: String
    let verticalLabel: String
    let scales: Scales
    /// What the axes cover besides the points.
    let background: [Point]

    init(
        points: [Point], labels: [Int]? = nil, names: [String] = [],
        scale: ColorScale? = nil, horizontalLabel: String, verticalLabel: String,
        scales: Scales = .equal,
        covering background: [Point] = []
    ) {
        if let labels, labels.count != points.count {
            programmerError("ScatterPlot", "\(points.count) points, \(labels.count) labels")
        }
        let kept = points.indices.filter { points[$0].x.isFinite && points[$0].y.isFinite }
        self.points = kept.map { points[$0] }
        omitted = points.count - kept.count
        self.labels = labels.map { labels in kept.map { labels[$0] } } ?? []
        self.names = names
        self.scale = scale
        self.horizontalLabel = horizontalLabel
        self.verticalLabel = verticalLabel
        self.scales = scales
        self.background = background
    }

    var summary: String {
        let classes = classes.count
        let coloring = classes > 0 ? " coloured by \(classes) labels" : ""
        return "Scatter plot of \(points.count) points\(coloring); horizontal: \(horizontalLabel), "
            + "vertical: \(verticalLabel)."
    }

    func draw(on surface: inout some Surface, width: Double, height: Double) {
        let entries = classes.map {
            Legend.Entry(name: name(of: $0), mark: .disc, ink: ink(of: $0))
        }
        let margin = 16.0
        let top = Legend(entries: entries).draw(
            on: &surface, left: margin, right: width - margin, top: 10)
        let titles = PlotFrame.Titles(
            horizontal: horizontalLabel, vertical: verticalLabel, width: width - 2 * margin,
            on: surface)
        let frame = frame(
            left: margin, right: width - margin, top: top + titles.roomAbove,
            bottom: height - titles.roomBelow, on: surface)
        frame.draw(on: &surface, titles: titles, verticalGrid: true)
        if omitted > 0 {
            let note = "\(omitted) not finite"
            surface.draw(
                text: note, at: Point(x: frame.right - 4, y: frame.top + 14), anchor: .end,
                size: PlotFrame.labelSize, ink: .text)
        }
        drawDiscs(in: frame, on: &surface)
    }

    /// The labels that occur.
    private var classes: [Int] { Set(labels).filter { $0 >= 0 }.sorted() }

    private func name(of label: Int) -> String {
        names.indices.contains(label) ? names[label] : String(label)
    }

    private func ink(of label: Int) -> Ink {
        guard label >= 0 else { return .muted }
        guard let scale else { return .category(label) }
        // The ends of a circle are alike, and the lightest colour is hardly seen.
        let steps = scale == .cyclic ? names.count : names.count - 1
        let end = scale == .cyclic ? 1 : 0.9
        return .color(scale.color(at: end * Double(label) / Double(max(steps, 1))))
    }

    /// The frame between the margins; with equal scales one of the axes is extended.
    private func frame(
        left: Double, right: Double, top: Double, bottom: Double, on surface: some Surface
    ) -> PlotFrame {
        let counts = (Int((right - left) / 72), Int((bottom - top) / 56))
        let all = points + background
        let vertical = Axis(covering: all.lazy.map(\.y), count: counts.1)
        let horizontal = Axis(covering: all.lazy.map(\.x), count: counts.0)
        let left = left + PlotFrame.roomBeside(vertical, on: surface)
        guard scales == .equal else {
            return PlotFrame(
                left: left, right: right, top: top, bottom: bottom, horizontal: horizontal,
                vertical: vertical)
        }
        let unit = max(
            (horizontal.upper - horizontal.lower) / (right - left),
            (vertical.upper - vertical.lower) / (bottom - top))
        func widened(_ axis: Axis, to length: Double, count: Int) -> Axis {
            let middle = (axis.lower + axis.upper) / 2
            return Axis(
                covering: [middle - unit * length / 2, middle + unit * length / 2], count: count,
                padding: 0)
        }
        return PlotFrame(
            left: left, right: right, top: top, bottom: bottom,
            horizontal: widened(horizontal, to: right - left, count: counts.0),
            vertical: widened(vertical, to: bottom - top, count: counts.1))
    }

    /// Draws the discs in several rounds over all labels, so that no label hides another merely
    /// because it is drawn later.
    private func drawDiscs(in frame: PlotFrame, on surface: inout some Surface) {
        let radius = min(max(110 / Double(max(points.count, 1)).squareRoot(), 1.8), 5)
        let rounds = min(max(points.count / 100, 1), 8)
        for round in 0..<rounds {
            var centers: [Int: [Point]] = [:]
            for index in stride(from: round, to: points.count, by: rounds) {
                let label = labels.isEmpty ? 0 : labels[index]
                centers[label, default: []].append(frame.point(points[index].x, points[index].y))
            }
            for label in centers.keys.sorted() {
                surface.draw(
                    // Sound: the labels are the keys.
                    discs: centers[label]!, radius: radius, opacity: 0.85,
                    ink: ink(of: label))
            }
        }
    }
}
