/// A place on a surface, in its units, from the upper left corner.
struct Point: Equatable, Sendable {
    var x: Double
    var y: Double
}

/// What a mark is for. A surface knows the colour, which may depend on whether
/// the reader prefers light or dark.
enum Ink: Sendable {
    case text, muted, grid
    case category(Int)
}

enum TextAnchor: Sendable { case start, middle, end }

/// Something that charts can be drawn on: they are laid out once and appear
/// alike as vectors and as pixels.
protocol Surface {
    /// The width of a line of text.
    func width(of text: String, size: Double) -> Double

    /// A line of text whose baseline starts, is centred or ends at a point.
    mutating func draw(
        text: String, at point: Point, anchor: TextAnchor, size: Double, ink: Ink)

    /// Straight strokes from point to point with round ends and joints.
    mutating func draw(line points: [Point], width: Double, dashed: Bool, ink: Ink)

    /// Discs of one size and colour, each on top of those before it.
    mutating func draw(discs centers: [Point], radius: Double, opacity: Double, ink: Ink)
}

/// A chart: it draws itself at any size.
protocol Chart: Sendable {
    /// What the chart shows in one sentence, for those who cannot see it.
    var summary: String { get }

    func draw(on surface: inout some Surface, width: Double, height: Double)
}

extension Chart {
    /// The chart as a self-contained SVG document, which can also stand in HTML.
    func svg(width: Int, height: Int) -> String {
        var surface = VectorSurface()
        draw(on: &surface, width: Double(width), height: Double(height))
        return surface.document(width: width, height: height, summary: summary)
    }

    /// The chart in pixels, in light colours.
    ///
    /// - Parameter scale: pixels per unit of the width and the height.
    func picture(width: Int, height: Int, scale: Int = 2) -> Picture {
        var surface = RasterSurface(width: width, height: height, scale: scale)
        draw(on: &surface, width: Double(width), height: Double(height))
        return surface.picture
    }
}
