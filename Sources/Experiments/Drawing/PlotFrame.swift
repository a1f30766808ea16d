/// The rectangle in which a chart shows its data, with its two axes.
struct PlotFrame {
    var left: Double
    var right: Double
    var top: Double
    var bottom: Double
    var horizontal: Axis
    var vertical: Axis

    static let tickSize = 12.0
    static let labelSize = 12.0

    private static let lineHeight = 15.0

    /// The names of the axes in lines, each as wide as the chart between its margins at most.
    struct Titles {
        let horizontal: [String]
        let vertical: [String]

        init(horizontal: String, vertical: String, width: Double, on surface: some Surface) {
            func lines(_ title: String) -> [String] {
                surface.wrapped(title, width: width, size: PlotFrame.labelSize)
            }
            self.horizontal = lines(horizontal)
            self.vertical = lines(vertical)
        }

        /// What a frame leaves free below it, for the ticks and the name of the axis.
        var roomBelow: Double { 29 + PlotFrame.lineHeight * Double(max(1, horizontal.count)) }

        /// What it leaves free above it, for the name of the vertical axis.
        var roomAbove: Double { 21 + PlotFrame.lineHeight * Double(max(1, vertical.count)) }
    }

    /// What it leaves free at its left, for the ticks of the vertical axis.
    static func roomBeside(_ axis: Axis, on surface: some Surface) -> Double {
        (axis.ticks.map { surface.width(of: $0.label, size: tickSize) }.max() ?? 0) + 12
    }

    /// The place of a value of each axis. What lies far outside an axis (beyond
    /// what an axis can span) is kept near, so that no surface meets huge numbers.
    func point(_ x: Double, _ y: Double) -> Point {
        func near(_ position: Double) -> Double { min(max(position, -1), 2) }
        return Point(
            x: left + near(horizontal.position(of: x)) * (right - left),
            y: bottom - near(vertical.position(of: y)) * (bottom - top))
    }

    /// Draws the grid, the ticks, and the names of the axes: the horizontal one's
    /// below its middle, the vertical one's level, above the axis, where it reads
    /// without turning the head. Where they are long they move to the left.
    func draw(on surface: inout some Surface, titles: Titles, verticalGrid: Bool) {
        for tick in vertical.ticks {
            let y = bottom - vertical.position(of: tick.value) * (bottom - top)
            surface.draw(
                line: [Point(x: left, y: y), Point(x: right, y: y)], width: 1, dashed: false,
                ink: .grid)
            surface.draw(
                text: tick.label, at: Point(x: left - 8, y: y + Self.tickSize * 0.35),
                anchor: .end, size: Self.tickSize, ink: .muted)
        }
        for tick in horizontal.ticks {
            let x = left + horizontal.position(of: tick.value) * (right - left)
            surface.draw(
                line: [Point(x: x, y: verticalGrid ? top : bottom), Point(x: x, y: bottom + 4)],
                width: 1, dashed: false, ink: verticalGrid ? .grid : .muted)
            surface.draw(
                text: tick.label, at: Point(x: x, y: bottom + 18), anchor: .middle,
                size: Self.tickSize, ink: .muted)
        }
        surface.draw(
            line: [Point(x: left, y: bottom), Point(x: right, y: bottom)], width: 1,
            dashed: false, ink: .muted)
        let above = titles.vertical.count - 1
        for (line, text) in titles.horizontal.enumerated() {
            let half = surface.width(of: text, size: Self.labelSize) / 2
            surface.draw(
                text: text,
                at: Point(
                    x: min((left + right) / 2, right - half),
                    y: bottom + 38 + Self.lineHeight * Double(line)),
                anchor: .middle, size: Self.labelSize, ink: .muted)
        }
        for (line, text) in titles.vertical.enumerated() {
            let width = surface.width(of: text, size: Self.labelSize)
            surface.draw(
                text: text,
                at: Point(
                    x: min(left, right - width),
                    y: top - 12 - Self.lineHeight * Double(above - line)),
                anchor: .start, size: Self.labelSize, ink: .muted)
        }
    }
}
