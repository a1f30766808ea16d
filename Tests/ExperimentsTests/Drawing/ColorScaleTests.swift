import Testing

@testable import Experiments

@Suite struct ColorScaleTests {
    /// By the published formulas: the primaries of sRGB in OKLCH.
    @Test(arguments: [
        (0.627_955, 0.257_683, 29.2339, Color(0xFF0000)),
        (0.866_44, 0.294_827, 142.4953, Color(0x00FF00)),
        (0.452_014, 0.313_214, 264.052, Color(0x0000FF)), (1, 0, 0, Color(0xFFFFFF)),
        (0, 0, 0, Color(0x000000)),
    ]) func coloursAreThoseOfOKLCH(lightness: Double, chroma: Double, hue: Double, color: Color) {
        let made = Color(lightness: lightness, chroma: chroma, hue: hue)
        for (one, other) in [
            (made.red, color.red), (made.green, color.green), (made.blue, color.blue),
        ] {
            #expect(abs(Int(one) - Int(other)) <= 2, "\(made)")
        }
    }

    /// How light a colour looks, about.
    private func luma(_ color: Color) -> Double {
        0.2126 * Double(color.red) + 0.7152 * Double(color.green) + 0.0722 * Double(color.blue)
    }

    @Test func sequentialColoursGetLighter() {
        let lumas = (0...20).map { luma(ColorScale.sequential.color(at: Double($0) / 20)) }
        #expect(zip(lumas, lumas.dropFirst()).allSatisfy { $0 < $1 })
        #expect(ColorScale.sequential.color(at: -3) == ColorScale.sequential.color(at: 0))
        #expect(ColorScale.sequential.color(at: 7) == ColorScale.sequential.color(at: 1))
    }

    @Test func cyclicColoursEndWhereTheyBegin() {
        let colors = (0...24).map { ColorScale.cyclic.color(at: Double($0) / 24) }
        #expect(colors[0] == colors[24] && Set(colors).count == 24)
        // Of no step more than a little.
        for (one, other) in zip(colors, colors.dropFirst()) {
            let steps = [
                Int(one.red) - Int(other.red), Int(one.green) - Int(other.green),
                Int(one.blue) - Int(other.blue),
            ]
            #expect(steps.allSatisfy { abs($0) < 90 })
        }
    }
}
