import Datasets

/// A micrograph with a coloured disc at each of some positions, and a legend beside it.
struct PositionMap {
    enum Legend {
        /// The colours from one number to another.
        case scale(ColorScale, from: String, to: String)
        /// A colour of each group.
        case groups([(name: String, color: Color)])
    }

    let title: String
    let micrograph: Micrograph
    let positions: [AtomPosition]
    /// Of each position.
    let colors: [Color]
    let legend: Legend

    private static let legendWidth = 150
    private static let leastSide = 768

    /// How many pixels of the picture are a pixel of the micrograph.
    var scale: Int { max(1, Self.leastSide / max(micrograph.height, micrograph.width)) }

    /// Where a position is on the picture.
    func point(of position: AtomPosition) -> Point {
        Point(x: (position.x + 0.5) * Double(scale), y: (position.y + 0.5) * Double(scale))
    }

    /// Discs do not touch if positions lie evenly.
    private var radius: Double {
        let area = Double(micrograph.height * micrograph.width) / Double(max(positions.count, 1))
        return Double(scale) * min(max(0.28 * area.squareRoot(), 2), 8)
    }

    var picture: Picture {
        let (width, height) = (micrograph.width * scale, micrograph.height * scale)
        var picture = Picture(
            width: width + Self.legendWidth, height: max(height, 24 * groupCount + 60, 200),
            background: .lightPaper)
        for (index, level) in micrograph.bytes().enumerated() {
            let (row, column) = (
                scale * (index / micrograph.width), scale * (index % micrograph.width)
            )
            picture.fill(
                columns: column..<column + scale, rows: row..<row + scale, with: Color(white: level)
            )
        }
        let left = Double(width)
        if case .scale(let colors, _, _) = legend {
            for row in Self.barRows {
                let place =
                    1 - Double(row - Self.barRows.lowerBound) / Double(Self.barRows.count - 1)
                picture.fill(
                    columns: width + 16..<width + 40, rows: row..<row + 1,
                    with: colors.color(at: place))
            }
        }
        var surface = RasterSurface(on: picture)
        for (position, color) in zip(positions, colors) {
            let center = point(of: position)
            surface.draw(discAt: center, radius: radius + 1, opacity: 0.6, color: Color(white: 0))
            surface.draw(discAt: center, radius: radius, color: color)
        }
        draw(legend, left: left, on: &surface)
        return surface.picture
    }

    private static let barRows = 44..<172

    private var groupCount: Int {
        if case .groups(let groups) = legend { groups.count } else { 0 }
    }

    private func draw(_ legend: Legend, left: Double, on surface: inout RasterSurface) {
        func write(_ text: String, x: Double, y: Double, size: Double = 13) {
            let room = Double(Self.legendWidth) - x - 4
            surface.draw(
                text: surface.fitted(text, width: room, size: size),
                at: Point(x: left + x, y: y), anchor: .start, size: size, ink: .text)
        }
        write(title, x: 16, y: 26)
        switch legend {
        case .scale(_, let from, let to):
            write(to, x: 46, y: Double(Self.barRows.lowerBound) + 9)
            write(from, x: 46, y: Double(Self.barRows.upperBound))
        case .groups(let groups):
            for (index, group) in groups.enumerated() {
                let y = 52 + 24 * Double(index)
                surface.draw(discAt: Point(x: left + 24, y: y), radius: 7, color: group.color)
                write(group.name, x: 40, y: y + 5)
            }
        }
    }
}
