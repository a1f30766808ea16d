/// An sRGB colour with eight bits per channel.
struct Color: Hashable, Sendable {
    var red: UInt8
    var green: UInt8
    var blue: UInt8

    /// The colour in CSS and SVG notation: `#4783ee`.
    var css: String {
        let digits = String(UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue), radix: 16)
        return "#" + String(repeating: "0", count: 6 - digits.count) + digits
    }

    /// This colour covered by another with the given opacity in 0...1.
    func covered(by other: Color, opacity: Double) -> Color {
        func mix(_ below: UInt8, _ above: UInt8) -> UInt8 {
            let (lower, upper) = (Double(below), Double(above))
            let mixed = lower + (upper - lower) * opacity
            return UInt8(mixed.rounded())  // Sound: between two levels.
        }
        return Color(
            red: mix(red, other.red), green: mix(green, other.green), blue: mix(blue, other.blue))
    }
}

extension Color {
    /// A grey level.
    init(white: UInt8) {
        self.init(red: white, green: white, blue: white)
    }

    /// A colour from six hexadecimal digits, as in `Color(0x4783EE)`.
    init(_ hexadecimal: UInt32) {
        self.init(
            red: UInt8(truncatingIfNeeded: hexadecimal >> 16),
            green: UInt8(truncatingIfNeeded: hexadecimal >> 8),
            blue: UInt8(truncatingIfNeeded: hexadecimal))
    }
}

extension Color {
    /// The background of charts and cards in the light and in the dark scheme.
    static let lightPaper = Color(0xFFFFFF)
    static let darkPaper = Color(0x16181D)

    /// Ten colours for categories and lines, readable on both backgrounds.
    ///
    /// They were optimised by simulated annealing: the least OKLab distance between any two, also
    /// as seen with protanopia, deuteranopia and tritanopia, was maximised while every colour keeps
    /// a contrast of at least 2.1 to both backgrounds. Tests check both.
    static let categories: [Color] = [
        Color(0x4783EE), Color(0xF39917), Color(0xE235A5), Color(0x71C09A), Color(0x840DA6),
        Color(0x917B32), Color(0x1E34F7), Color(0x9F100B), Color(0xC5A0F3), Color(0x28555C),
    ]

    /// The colour of a category; from the eleventh on they repeat.
    static func category(_ index: Int) -> Color {
        let count = categories.count
        return categories[(index % count + count) % count]
    }
}
