import Foundation

/// A small stroke font for text in pictures: capitals, digits and the signs of names and numbers.
/// Lower-case letters are drawn as capitals, accents are dropped, anything else is a box.
///
/// A glyph is a list of strokes on a grid 12 units high, with the baseline at 12. A stroke is a
/// list of points, two hexadecimal digits (x, y) each: `-` joins them by straight lines, `~` makes
/// those between the first and the last the control points of a quadratic B-spline, which turns a
/// rectangle's corners into an oval.
struct StrokeFont: Sendable {
    private struct Glyph: Sendable {
        var strokes: [[Point]]
        var width: Double
    }

    /// Units between glyphs, from stroke to stroke.
    private static let spacing = 3.6

    /// The height of a capital as a fraction of the font size.
    private static let capHeight = 0.7

    /// The width of a line of text.
    static func width(of text: String, size: Double) -> Double {
        let units = folded(text).reduce(-spacing) { $0 + glyph($1).width + spacing }
        return max(0, units) * unit(size)
    }

    /// The strokes of a line of text whose baseline starts at a point.
    static func strokes(of text: String, at start: Point, size: Double) -> [[Point]] {
        let unit = unit(size)
        var left = start.x
        var result: [[Point]] = []
        for character in folded(text) {
            let glyph = glyph(character)
            for stroke in glyph.strokes {
                result.append(
                    stroke.map { Point(x: left + $0.x * unit, y: start.y + ($0.y - 12) * unit) })
            }
            left += (glyph.width + spacing) * unit
        }
        return result
    }

    private static func unit(_ size: Double) -> Double { capHeight * size / 12 }

    private static func folded(_ text: String) -> String {
        text.folding(options: .diacriticInsensitive, locale: nil).uppercased()
            .replacingOccurrences(of: "\u{2212}", with: "-")
    }

    private static func glyph(_ character: Character) -> Glyph {
        glyphs[character] ?? missing
    }

    private static let missing = parse("-00 70 7c 0c 00")
    private static let glyphs: [Character: Glyph] = descriptions.mapValues(parse)

    private static func parse(_ description: String) -> Glyph {
        if description.isEmpty { return Glyph(strokes: [], width: 2) }
        var strokes: [[Point]] = []
        var smooth = false
        for word in description.split(separator: " ") {
            var digits = word
            if let sign = word.first, sign == "-" || sign == "~" {
                if smooth { strokes[strokes.count - 1] = spline(strokes[strokes.count - 1]) }
                smooth = sign == "~"
                strokes.append([])
                digits = word.dropFirst()
            }
            // Sound: the strokes are literals in this file.
            let position = Int(digits, radix: 16)!
            strokes[strokes.count - 1].append(
                Point(x: Double(position / 16), y: Double(position % 16)))
        }
        if smooth { strokes[strokes.count - 1] = spline(strokes[strokes.count - 1]) }
        return Glyph(strokes: strokes, width: strokes.joined().map(\.x).max() ?? 0)
    }

    private static func spline(_ control: [Point]) -> [Point] {
        var result = [control[0]]
        for index in 1..<control.count - 1 {
            let (start, bend, next) = (result[result.count - 1], control[index], control[index + 1])
            let end =
                index == control.count - 2
                ? next : Point(x: (bend.x + next.x) / 2, y: (bend.y + next.y) / 2)
            for part in 1...6 {
                let t = Double(part) / 6
                let (a, b, c) = ((1 - t) * (1 - t), 2 * t * (1 - t), t * t)
                result.append(
                    Point(
                        x: a * start.x + b * bend.x + c * end.x,
                        y: a * start.y + b * bend.y + c * end.y))
            }
        }
        return result
    }

    private static let descriptions: [Character: String] = [
        "0": "~40 80 8c 0c 00 40",
        "1": "-03 30 3c",
        "2": "~03 00 80 86 0c -0c 8c",
        "3": "~02 00 80 86 36 ~36 86 8c 0c 0a",
        "4": "-6c 60 08 88",
        "5": "-70 00 05 ~05 04 84 8c 0c 0a",
        "6": "~70 00 08 ~08 04 84 8c 0c 08",
        "7": "-00 80 3c",
        "8": "~40 70 75 15 10 40 ~45 85 8c 0c 05 45",
        "9": "~1c 8c 84 ~84 88 08 00 80 84",
        "A": "-0c 40 8c -18 78",
        "B": "-40 00 0c 4c -06 46 ~40 70 76 46 ~46 86 8c 4c",
        "C": "~83 80 00 0c 8c 89",
        "D": "-30 00 0c 3c ~30 80 8c 3c",
        "E": "-70 00 0c 7c -06 56",
        "F": "-70 00 0c -06 56",
        "G": "~83 80 00 0c 8c 87 -87 57",
        "H": "-00 0c -80 8c -06 86",
        "I": "-00 0c",
        "J": "-60 68 ~68 6c 0c 09",
        "K": "-00 0c -70 07 -34 8c",
        "L": "-00 0c 7c",
        "M": "-0c 00 59 a0 ac",
        "N": "-0c 00 8c 80",
        "O": "~40 80 8c 0c 00 40",
        "P": "-0c 00 40 ~40 80 87 47 -47 07",
        "Q": "~40 80 8c 0c 00 40 -59 8c",
        "R": "-0c 00 40 ~40 80 87 47 -47 07 -47 8c",
        "S": "~82 80 00 06 86 8c 0c 0a",
        "T": "-00 80 -40 4c",
        "U": "-00 08 ~08 0c 8c 88 -88 80",
        "V": "-00 4c 80",
        "W": "-00 2c 52 8c a0",
        "X": "-00 8c -80 0c",
        "Y": "-00 46 80 -46 4c",
        "Z": "-00 80 0c 8c",
        " ": "",
        ".": "-0b 0c",
        ",": "-1b 0e",
        ":": "-04 05 -0b 0c",
        "'": "-00 02",
        "-": "-07 57",
        "+": "-07 67 -34 3a",
        "=": "-05 65 -09 69",
        "_": "-0d 7d",
        "/": "-60 0c",
        "(": "~30 06 3c",
        ")": "~00 36 0c",
        "%": "-71 1b ~20 40 44 04 00 20 ~68 88 8c 4c 48 68",
        "·": "-06 07",
    ]
}
