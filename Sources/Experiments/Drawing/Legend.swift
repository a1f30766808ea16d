/// The legend of a chart: names with marks, in rows from the upper left corner. A row breaks if the
/// next entry does not fit.
struct Legend {
    enum Mark { case disc, line, dashedLine }

    struct Entry {
        var name: String
        var mark: Mark
        var ink: Ink
    }

    private static let size = 13.0
    private static let rowHeight = 21.0
    private static let gap = 18.0

    var entries: [Entry]

    /// Draws the legend between two margins and returns its lower end.
    func draw(
        on surface: inout some Surface, left: Double, right: Double, top: Double
    ) -> Double {
        guard !entries.isEmpty else { return top }
        var x = left
        var y = top + Self.rowHeight / 2
        for entry in entries {
            let markWidth = entry.mark == .disc ? 16.0 : 30
            let name = surface.fitted(
                entry.name, width: right - left - markWidth, size: Self.size)
            let width = markWidth + surface.width(of: name, size: Self.size)
            if x > left, x + width > right {
                x = left
                y += Self.rowHeight
            }
            draw(entry, at: Point(x: x, y: y), on: &surface)
            surface.draw(
                text: name, at: Point(x: x + markWidth, y: y + Self.size * 0.35), anchor: .start,
                size: Self.size, ink: .text)
            x += width + Self.gap
        }
        return y + Self.rowHeight / 2
    }

    private func draw(_ entry: Entry, at point: Point, on surface: inout some Surface) {
        switch entry.mark {
        case .disc:
            surface.draw(
                discs: [Point(x: point.x + 5, y: point.y)], radius: 5, opacity: 1, ink: entry.ink)
        case .line, .dashedLine:
            surface.draw(
                line: [Point(x: point.x + 1, y: point.y), Point(x: point.x + 22, y: point.y)],
                width: 2.5, dashed: entry.mark == .dashedLine, ink: entry.ink)
        }
    }
}
