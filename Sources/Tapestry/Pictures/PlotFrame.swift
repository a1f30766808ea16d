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

    /// What a frame leaves free below it, for the ticks and the name of the axis.
    static let roomBelow = 44.0

    /// What it leaves free above it, for the name of the vertical axis.
    static let roomAbove = 36.0

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
    /// without turning the head.
    func draw(
        on surface: inout some Surface, horizontalLabel: String, verticalLabel: String,
        verticalGrid: Bool
    ) {
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
        surface.draw(
            text: horizontalLabel, at: Point(x: (left + right) / 2, y: bottom + 38),
            anchor: .middle, size: Self.labelSize, ink: .muted)
        surface.draw(
            text: verticalLabel, at: Point(x: left, y: top - 12), anchor: .start,
            size: Self.labelSize, ink: .muted)
    }
}
