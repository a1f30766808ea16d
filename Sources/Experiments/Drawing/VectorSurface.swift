import Foundation

/// A surface that writes its marks as elements of an SVG document.
struct VectorSurface: Surface {
    private var elements: [String] = []

    /// An estimate, since the font depends on the viewer: slightly too large, so that texts do not
    /// overlap.
    func width(of text: String, size: Double) -> Double {
        text.reduce(0) { $0 + Self.width(of: $1) } * size
    }

    mutating func draw(
        text: String, at point: Point, anchor: TextAnchor, size: Double, ink: Ink
    ) {
        let position = "x=\"\(decimal(point.x))\" y=\"\(decimal(point.y))\""
        elements.append(
            "<text \(position) font-size=\"\(decimal(size))\" text-anchor=\"\(anchor)\" "
                + "\(paint("fill", ink))>\(escaped(text))</text>")
    }

    mutating func draw(line points: [Point], width: Double, dashed: Bool, ink: Ink) {
        guard let first = points.first else { return }
        var path = "M\(decimal(first.x)) \(decimal(first.y))"
        for point in points.dropFirst() {
            path += "L\(decimal(point.x)) \(decimal(point.y))"
        }
        let dashes =
            dashed ? " stroke-dasharray=\"\(decimal(width * 2)) \(decimal(width * 2.5))\"" : ""
        elements.append(
            "<path d=\"\(path)\" \(stroke(width, ink))\(dashes)/>")
    }

    /// One path of strokes of zero length, whose round ends are the discs: ten bytes per disc
    /// instead of forty.
    mutating func draw(discs centers: [Point], radius: Double, opacity: Double, ink: Ink) {
        guard !centers.isEmpty else { return }
        let path = centers.map { "M\(decimal($0.x)) \(decimal($0.y))h0" }.joined()
        let translucent = opacity < 1 ? " opacity=\"\(decimal(opacity))\"" : ""
        elements.append("<path d=\"\(path)\" \(stroke(2 * radius, ink))\(translucent)/>")
    }

    /// The complete document.
    func document(width: Int, height: Int, summary: String) -> String {
        """
        <svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 \(width) \(height)" \
        width="\(width)" height="\(height)" role="img" aria-label="\(escaped(summary))">
        <style>\(Self.style)</style>
        <rect class="paper" width="100%" height="100%"/>
        \(elements.joined(separator: "\n"))
        </svg>

        """
    }

    /// Classes rather than variables, so that viewers that support neither variables nor colour
    /// schemes still show the light colours.
    private static let style = """
        .chart{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;\
        font-variant-numeric:tabular-nums}\
        .chart .paper{fill:\(Color.lightPaper.css)}\
        .chart .fill-text{fill:#1d1f24}.chart .fill-muted{fill:#5d626d}\
        .chart .stroke-text{stroke:#1d1f24}.chart .stroke-muted{stroke:#8b909b}\
        .chart .stroke-grid{stroke:#e4e6ea}\
        @media (prefers-color-scheme:dark){\
        .chart .paper{fill:\(Color.darkPaper.css)}\
        .chart .fill-text{fill:#eceef2}.chart .fill-muted{fill:#a3a9b5}\
        .chart .stroke-text{stroke:#eceef2}.chart .stroke-muted{stroke:#7b818d}\
        .chart .stroke-grid{stroke:#2c3038}}
        """

    private func stroke(_ width: Double, _ ink: Ink) -> String {
        "fill=\"none\" stroke-width=\"\(decimal(width))\" stroke-linecap=\"round\" "
            + "stroke-linejoin=\"round\" \(paint("stroke", ink))"
    }

    private func paint(_ property: String, _ ink: Ink) -> String {
        switch ink {
        case .text: "class=\"\(property)-text\""
        case .muted: "class=\"\(property)-muted\""
        case .grid: "class=\"\(property)-grid\""
        case .category(let index): "\(property)=\"\(Color.category(index).css)\""
        case .color(let color): "\(property)=\"\(color.css)\""
        }
    }

    /// At most one decimal, as a tenth of a unit is finer than a screen can show.
    private func decimal(_ value: Double) -> String {
        // Clamped to keep the conversion valid; NaN becomes the upper bound.
        let tenths = (max(-1e9, min(1e9, value)) * 10).rounded()
        let whole = Int(tenths / 10)
        return tenths == Double(whole) * 10 ? "\(whole)" : "\(tenths / 10)"
    }

    /// Widths in units of the font size, measured generously on common sans-serifs.
    private static func width(of character: Character) -> Double {
        switch character {
        case "i", "j", "l", "I", ".", ",", ":", ";", "'", "|", "!": 0.3
        case " ", "f", "r", "t", "(", ")", "/", "-", "·": 0.4
        case "m", "w", "M", "W", "@", "%": 0.92
        case "A"..."Z": 0.7
        default:
            // Sound: a character has at least one scalar.
            character.isASCII ? 0.58 : character.unicodeScalars.first!.value > 0x2E80 ? 1 : 0.64
        }
    }
}
