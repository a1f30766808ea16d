import Foundation

/// Colours for numbers.
enum ColorScale: Sendable {
    /// From dark violet over green to light yellow, evenly lighter.
    case sequential
    /// Once around all hues, all equally light: the ends are the same.
    case cyclic

    /// The colour at a place between 0 and 1, which the nearest end stands for beyond these.
    func color(at place: Double) -> Color {
        let place = min(max(place, 0), 1)
        switch self {
        case .sequential:
            return Color(lightness: 0.36 + 0.57 * place, chroma: 0.15, hue: 305 - 200 * place)
        case .cyclic: return Color(lightness: 0.74, chroma: 0.16, hue: 30 + 360 * place)
        }
    }
}

extension Color {
    /// A colour of OKLCH (Ottosson, "A perceptual color space for image processing", 2020), with as much
    /// less chroma as sRGB has not.
    ///
    /// - Parameters:
    ///   - lightness: from 0 to 1.
    ///   - hue: in degrees.
    init(lightness: Double, chroma: Double, hue: Double) {
        var chroma = chroma
        var linear = Self.linear(lightness, chroma, hue)
        while chroma > 0.001, !linear.allSatisfy({ -1e-4...1.0001 ~= $0 }) {
            chroma *= 0.97
            linear = Self.linear(lightness, chroma, hue)
        }
        let levels = linear.map { value in
            let value = min(max(value, 0), 1)
            let encoded = value <= 0.003_130_8 ? 12.92 * value : 1.055 * pow(value, 1 / 2.4) - 0.055
            return UInt8((255 * encoded).rounded())  // Sound: from 0 to 255.
        }
        self.init(red: levels[0], green: levels[1], blue: levels[2])
    }

    private static func linear(_ lightness: Double, _ chroma: Double, _ hue: Double) -> [Double] {
        let (a, b) = (chroma * cos(hue * .pi / 180), chroma * sin(hue * .pi / 180))
        let cones = [
            lightness + 0.3963377774 * a + 0.2158037573 * b,
            lightness - 0.1055613458 * a - 0.0638541728 * b,
            lightness - 0.0894841775 * a - 1.2914855480 * b,
        ].map { $0 * $0 * $0 }
        return [
            4.0767416621 * cones[0] - 3.3077115913 * cones[1] + 0.2309699292 * cones[2],
            -1.2684380046 * cones[0] + 2.6097574011 * cones[1] - 0.3413193965 * cones[2],
            -0.0041960863 * cones[0] - 0.7034186147 * cones[1] + 1.7076147010 * cones[2],
        ]
    }
}
