/// The rectangle of a chart's data, with its two axes.
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

    /// The titles of the axes, wrapped to the width of the chart between its margins.
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

        /// The room below the frame for the ticks and the title of the horizontal axis.
        var roomBelow: Double { 29 + PlotFrame.lineHeight * Double(max(1, horizontal.count)) }

        /// The room above the frame for the title of the vertical axis.
        var roomAbove: Double { 21 + PlotFrame.lineHeight * Double(max(1, vertical.count)) }
    }

    /// The room to the left of the frame for the ticks of the vertical axis.
    static func roomBeside(_ axis: Axis, on surface: some Surface) -> Double {
        (axis.ticks.map { surface.width(of: $0.label, size: tickSize) }.max() ?? 0) + 12
    }

    /// The point of a value on each axis. Values far outside an axis are clamped nearby, so that
    /// surfaces do not receive huge coordinates.
    func point(_ x: Double, _ y: Double) -> Point {
        func near(_ position: Double) -> Double { min(max(position, -1), 2) }
        return Point(
            x: left + near(horizontal.position(of: x)) * (right - left),
            y: bottom - near(vertical.position(of: y)) * (bottom - top))
    }

    /// Draws the grid, the ticks and the titles of the axes: the horizontal title below the middle
    /// of its axis, the vertical title above its axis and not rotated. Long titles move to the
    /// left.
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
