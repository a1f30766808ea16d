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

    private func offset(_ column: Int, _ row: Int) -> Int {
        guard column >= 0, column < width, row >= 0, row < height else {
            programmerError("Picture", "no pixel (\(column), \(row)) in \(width) × \(height)")
        }
        return (row * width + column) * 3
    }
}
