/// A confusion matrix: each cell shows its number of samples, if there is room, and a disc whose
/// area is their fraction of the label's samples. The discs of errors are scaled so that the
/// largest fills a cell.
struct ConfusionChart: Chart {
    /// `counts[label][prediction]`.
    let counts: [[Int]]
    /// The names of the classes; a class without a name shows its number.
    let names: [String]

    var summary: String {
        let total = counts.reduce(0) { $0 + $1.reduce(0, +) }
        let hits = counts.indices.reduce(0) { $0 + counts[$1][$1] }
        return "Confusion matrix of \(counts.count) classes: \(hits) of \(total) samples were "
            + "classified correctly."
    }

    func draw(on surface: inout some Surface, width: Double, height: Double) {
        let classes = counts.count
        let size = 12.0
        let titles = counts.indices.map { index in
            surface.fitted(
                names.indices.contains(index) ? names[index] : "\(index)", width: width / 3,
                size: size)
        }
        let widest = titles.map { surface.width(of: $0, size: size) }.max() ?? 0
        let left = 16 + widest + 10
        let (top, bottom) = (58.0, height - 44)
        let cell = min((width - 16 - left) / Double(classes), (bottom - top) / Double(classes))
        func center(_ row: Int, _ column: Int) -> Point {
            Point(x: left + (Double(column) + 0.5) * cell, y: top + (Double(row) + 0.5) * cell)
        }
        surface.draw(
            text: "rows: label, columns: predicted class", at: Point(x: 16, y: 24),
            anchor: .start, size: size, ink: .muted)
        // As many names as fit.
        // Sound: a ratio of sizes within a chart, whose cells are not empty.
        let tallest = max(1, Int((size * 1.2 / cell).rounded(.up)))
        let broadest = max(1, Int(((widest + 6) / cell).rounded(.up)))
        for index in counts.indices {
            if index.isMultiple(of: tallest) {
                let place = center(index, 0)
                surface.draw(
                    text: titles[index], at: Point(x: left - 8, y: place.y + size * 0.35),
                    anchor: .end, size: size, ink: .text)
            }
            let x = center(0, index).x
            let half = surface.width(of: titles[index], size: size) / 2
            if index.isMultiple(of: broadest), x >= half, x + half <= width {
                surface.draw(
                    text: titles[index], at: Point(x: x, y: top - 10), anchor: .middle,
                    size: size, ink: .text)
            }
        }
        for line in 0...classes {
            let offset = Double(line) * cell
            let end = Double(classes) * cell
            surface.draw(
                line: [Point(x: left, y: top + offset), Point(x: left + end, y: top + offset)],
                width: 1, dashed: false, ink: .grid)
            surface.draw(
                line: [Point(x: left + offset, y: top), Point(x: left + offset, y: top + end)],
                width: 1, dashed: false, ink: .grid)
        }
        let shares = counts.map { line in
            line.map { Double($0) / Double(max(1, line.reduce(0, +))) }
        }
        let greatestError = counts.indices.reduce(0.0) { greatest, row in
            counts.indices.reduce(greatest) { $1 == row ? $0 : max($0, shares[row][$1]) }
        }
        for (row, line) in counts.enumerated() {
            for (column, count) in line.enumerated() where count > 0 {
                let place = center(row, column)
                let part = shares[row][column] / (row == column ? 1 : greatestError)
                surface.draw(
                    discs: [place], radius: cell * 0.48 * part.squareRoot(), opacity: 0.45,
                    ink: .category(row == column ? 0 : 1))
                let text = "\(count)"
                let letters = min(size, cell * 0.4)
                guard letters >= 7, surface.width(of: text, size: letters) < cell else { continue }
                surface.draw(
                    text: text, at: Point(x: place.x, y: place.y + letters * 0.35),
                    anchor: .middle, size: letters, ink: .text)
            }
        }
    }
}
