/// A surface of pixels in the light scheme, with antialiasing.
struct RasterSurface: Surface {
    private(set) var picture: Picture
    private let scale: Double

    /// - Parameter scale: pixels per unit.
    init(width: Int, height: Int, scale: Int) {
        picture = Picture(
            width: width * scale, height: height * scale, background: .lightPaper)
        self.scale = Double(scale)
    }

    /// Draws on a picture, of which a pixel is a unit.
    init(on picture: Picture) { (self.picture, scale) = (picture, 1) }

    func width(of text: String, size: Double) -> Double {
        StrokeFont.width(of: text, size: size)
    }

    mutating func draw(
        text: String, at point: Point, anchor: TextAnchor, size: Double, ink: Ink
    ) {
        var start = point
        switch anchor {
        case .start: break
        case .middle: start.x -= width(of: text, size: size) / 2
        case .end: start.x -= width(of: text, size: size)
        }
        for stroke in StrokeFont.strokes(of: text, at: start, size: size) {
            draw(line: stroke, width: size * 0.1, dashed: false, ink: ink)
        }
    }

    mutating func draw(line points: [Point], width: Double, dashed: Bool, ink: Ink) {
        let color = color(of: ink)
        let lines = dashed ? dashes(of: points, on: width * 2, off: width * 2.5) : [points]
        for line in lines {
            stroke(line.map(scaled), radius: width * scale / 2, opacity: 1, color: color)
        }
    }

    mutating func draw(discs centers: [Point], radius: Double, opacity: Double, ink: Ink) {
        let color = color(of: ink)
        for center in centers {
            draw(discAt: center, radius: radius, opacity: opacity, color: color)
        }
    }

    mutating func draw(discAt center: Point, radius: Double, opacity: Double = 1, color: Color) {
        stroke([scaled(center)], radius: radius * scale, opacity: opacity, color: color)
    }

    private func scaled(_ point: Point) -> Point {
        Point(x: point.x * scale, y: point.y * scale)
    }

    private func color(of ink: Ink) -> Color {
        switch ink {
        case .text: Color(0x1D1F24)
        case .muted: Color(0x5D626D)
        case .grid: Color(0xE4E6EA)
        case .category(let index): .category(index)
        case .color(let color): color
        }
    }

    /// Covers every pixel according to the distance of its centre from the stroke. The coverage of
    /// the whole line is computed first, so that joints and crossings are not painted twice.
    private mutating func stroke(
        _ points: [Point], radius: Double, opacity: Double, color: Color
    ) {
        let reach = radius + 1
        let columns = pixels(points.map(\.x), reach: reach, limit: picture.width)
        let rows = pixels(points.map(\.y), reach: reach, limit: picture.height)
        guard !columns.isEmpty, !rows.isEmpty else { return }
        var coverage = [Double](repeating: 0, count: columns.count * rows.count)
        for (start, end) in zip(points, points.count > 1 ? points.dropFirst() : points[...]) {
            for row in pixels([start.y, end.y], reach: reach, limit: picture.height) {
                for column in pixels([start.x, end.x], reach: reach, limit: picture.width) {
                    let center = Point(x: Double(column) + 0.5, y: Double(row) + 0.5)
                    let inside = radius + 0.5 - distance(from: center, to: (start, end))
                    let index =
                        (row - rows.lowerBound) * columns.count + column - columns.lowerBound
                    coverage[index] = max(coverage[index], min(inside, 1))
                }
            }
        }
        for row in rows {
            for column in columns {
                let index = (row - rows.lowerBound) * columns.count + column - columns.lowerBound
                guard coverage[index] > 0 else { continue }
                picture[column, row] = picture[column, row].covered(
                    by: color, opacity: coverage[index] * opacity)
            }
        }
    }

    /// The pixels that strokes through these coordinates may touch.
    private func pixels(_ coordinates: [Double], reach: Double, limit: Int) -> Range<Int> {
        guard let least = coordinates.min(), let greatest = coordinates.max(), least <= greatest
        else { return 0..<0 }
        let bounds = 0...Double(limit)
        let first = min(max(least - reach, bounds.lowerBound), bounds.upperBound)
        let last = min(max(greatest + reach, bounds.lowerBound), bounds.upperBound)
        // Sound: between 0 and the limit, as neither is NaN.
        return Int(first.rounded(.down))..<Int(last.rounded(.up))
    }

    private func distance(from point: Point, to segment: (start: Point, end: Point)) -> Double {
        let (dx, dy) = (segment.end.x - segment.start.x, segment.end.y - segment.start.y)
        let (px, py) = (point.x - segment.start.x, point.y - segment.start.y)
        let squaredLength = dx * dx + dy * dy
        let along = squaredLength > 0 ? min(max((px * dx + py * dy) / squaredLength, 0), 1) : 0
        let (ex, ey) = (px - along * dx, py - along * dy)
        return (ex * ex + ey * ey).squareRoot()
    }

    /// A line split into dashes; a dash that passes a joint keeps the joint.
    private func dashes(of points: [Point], on: Double, off: Double) -> [[Point]] {
        guard var last = points.first else { return [] }
        var result = [[last]]
        var drawing = true
        var left = on
        for point in points.dropFirst() {
            var length = hypotenuse(point.x - last.x, point.y - last.y)
            while length > left {
                let share = left / length
                last = Point(
                    x: last.x + (point.x - last.x) * share, y: last.y + (point.y - last.y) * share)
                length -= left
                if drawing { result[result.count - 1].append(last) } else { result.append([last]) }
                drawing.toggle()
                left = drawing ? on : off
            }
            left -= length
            last = point
            if drawing { result[result.count - 1].append(point) }
        }
        return result
    }

    private func hypotenuse(_ x: Double, _ y: Double) -> Double { (x * x + y * y).squareRoot() }
}
