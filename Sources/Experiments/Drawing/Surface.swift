/// A point on a surface, in its units, from the upper left corner.
struct Point: Equatable, Sendable {
    var x: Double
    var y: Double
}

/// The purpose of a mark. The surface chooses the colour, which may depend on the light or dark
/// scheme.
enum Ink: Sendable {
    case text, muted, grid
    case category(Int)
    case color(Color)
}

enum TextAnchor: Sendable { case start, middle, end }

/// A surface to draw charts on: the same layout is used for vectors and for pixels.
protocol Surface {
    /// The width of a line of text.
    func width(of text: String, size: Double) -> Double

    /// Draws a line of text whose baseline starts, is centred or ends at a point.
    mutating func draw(
        text: String, at point: Point, anchor: TextAnchor, size: Double, ink: Ink)

    /// Draws straight strokes from point to point with round ends and joints.
    mutating func draw(line points: [Point], width: Double, dashed: Bool, ink: Ink)

    /// Draws discs of one size and colour, each on top of the previous ones.
    mutating func draw(discs centers: [Point], radius: Double, opacity: Double, ink: Ink)
}

/// A chart that can be drawn at any size.
protocol Chart: Sendable {
    /// A description of the chart in one sentence, for screen readers.
    var summary: String { get }

    func draw(on surface: inout some Surface, width: Double, height: Double)
}

extension Chart {
    /// The chart as a self-contained SVG document, which can also be embedded in HTML.
    func svg(width: Int, height: Int) -> String {
        var surface = VectorSurface()
        draw(on: &surface, width: Double(width), height: Double(height))
        return surface.document(width: width, height: height, summary: summary)
    }

    /// The chart in pixels, in the light scheme.
    ///
    /// - Parameter scale: pixels per unit of the width and the height.
    func picture(width: Int, height: Int, scale: Int = 2) -> Picture {
        var surface = RasterSurface(width: width, height: height, scale: scale)
        draw(on: &surface, width: Double(width), height: Double(height))
        return surface.picture
    }
}
