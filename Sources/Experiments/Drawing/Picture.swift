import Autograd

/// A colour picture: rows from the top, three bytes (red, green, blue) per pixel.
struct Picture: Equatable, Sendable {
    let width: Int
    let height: Int

    /// `width * height * 3` bytes, row-major, channels last.
    private(set) var pixels: [UInt8]

    init(width: Int, height: Int, background: Color) {
        guard width >= 0, height >= 0 else {
            programmerError("Picture", "negative size: \(width) × \(height)")
        }
        self.width = width
        self.height = height
        pixels = []
        pixels.reserveCapacity(width * height * 3)
        for _ in 0..<width * height {
            pixels.append(background.red)
            pixels.append(background.green)
            pixels.append(background.blue)
        }
    }

    subscript(column: Int, row: Int) -> Color {
        get {
            let start = offset(column, row)
            return Color(red: pixels[start], green: pixels[start + 1], blue: pixels[start + 2])
        }
        set {
            let start = offset(column, row)
            pixels[start] = newValue.red
            pixels[start + 1] = newValue.green
            pixels[start + 2] = newValue.blue
        }
    }

    /// Fills the part of a rectangle that lies inside the picture.
    mutating func fill(columns: Range<Int>, rows: Range<Int>, with color: Color) {
        for row in rows.clamped(to: 0..<height) {
            for column in columns.clamped(to: 0..<width) {
                self[column, row] = color
            }
        }
    }

    /// Pictures in reading order, in columns and rows that are as large as the largest of them.
    init(joining pictures: [Picture], columns: Int, margin: Int, background: Color) {
        let (width, height) = (
            pictures.map(\.width).max() ?? 0, pictures.map(\.height).max() ?? 0
        )
        let rows = (pictures.count + columns - 1) / max(1, columns)
        self.init(
            width: min(columns, pictures.count) * (width + margin) + margin,
            height: rows * (height + margin) + margin, background: background)
        for (index, picture) in pictures.enumerated() {
            let left = margin + index % columns * (width + margin)
            let top = margin + index / columns * (height + margin)
            for row in 0..<picture.height {
                let start = 3 * row * picture.width
                let target = offset(left, top + row)
                pixels.replaceSubrange(
                    target..<target + 3 * picture.width,
                    with: picture.pixels[start..<start + 3 * picture.width])
            }
        }
    }

    private func offset(_ column: Int, _ row: Int) -> Int {
        guard column >= 0, column < width, row >= 0, row < height else {
            programmerError("Picture", "no pixel (\(column), \(row)) in \(width) × \(height)")
        }
        return (row * width + column) * 3
    }
}
