import Foundation
import Testing

@testable import Experiments

/// Measures of colours from their definitions, independent of the code under test.
private struct LinearColor {
    var red, green, blue: Double

    init(_ color: Color) {
        func linear(_ byte: UInt8) -> Double {
            let value = Double(byte) / 255
            return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
        }
        (red, green, blue) = (linear(color.red), linear(color.green), linear(color.blue))
    }

    /// Seen through a 3 × 3 matrix, row after row.
    func seen(through matrix: [Double]) -> LinearColor {
        func row(_ index: Int) -> Double {
            let sum =
                matrix[index] * red + matrix[index + 1] * green + matrix[index + 2] * blue
            return min(max(sum, 0), 1)
        }
        var result = self
        (result.red, result.green, result.blue) = (row(0), row(3), row(6))
        return result
    }

    var luminance: Double { 0.2126 * red + 0.7152 * green + 0.0722 * blue }

    /// The contrast ratio of the Web Content Accessibility Guidelines.
    func contrast(to other: LinearColor) -> Double {
        let (lighter, darker) = (
            max(luminance, other.luminance), min(luminance, other.luminance)
        )
        return (lighter + 0.05) / (darker + 0.05)
    }

    /// Björn Ottosson's perceptual space.
    var oklab: [Double] {
        let l = cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
        let m = cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
        let s = cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
        return [
            0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
            1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
            0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s,
        ]
    }

    func distance(to other: LinearColor) -> Double {
        zip(oklab, other.oklab).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    }
}

@Suite struct ColorTests {
    /// How complete dichromats see, after Machado, Oliveira and Fernandes 2009.
    static let sights: [(name: String, matrix: [Double], leastDistance: Double)] = [
        ("full", [1, 0, 0, 0, 1, 0, 0, 0, 1], 0.16),
        (
            "protanopia",
            [
                0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882,
                -0.048116, 1.051998,
            ], 0.115
        ),
        (
            "deuteranopia",
            [
                0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820,
                0.042940, 0.968881,
            ], 0.115
        ),
        (
            "tritanopia",
            [
                1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733,
                0.691367, 0.303900,
            ], 0.115
        ),
    ]

    @Test(arguments: sights.indices)
    func categoriesStayApart(sight index: Int) {
        let sight = Self.sights[index]
        let colors = Color.categories.map { LinearColor($0).seen(through: sight.matrix) }
        for first in colors.indices {
            for second in colors.indices where first < second {
                let distance = colors[first].distance(to: colors[second])
                #expect(distance > sight.leastDistance, "\(sight.name): \(first) and \(second)")
            }
        }
    }

    @Test(arguments: Color.categories) func categoriesStandOutOnBothPapers(color: Color) {
        #expect(LinearColor(color).contrast(to: LinearColor(.lightPaper)) > 2.1)
        #expect(LinearColor(color).contrast(to: LinearColor(.darkPaper)) > 2.1)
    }

    @Test func categoriesRepeat() {
        #expect(Color.category(0) == Color.categories[0])
        #expect(Color.category(23) == Color.categories[3])
        #expect(Color.category(-1) == Color.categories[9])
    }

    @Test func hexadecimalBothWays() {
        #expect(Color(0x0A0B0C) == Color(red: 10, green: 11, blue: 12))
        #expect(Color(0x000A0B).css == "#000a0b")
        #expect(Color(white: 255).css == "#ffffff")
    }

    @Test func coveringMixes() {
        let black = Color(white: 0)
        let color = Color(0xFF8040)
        #expect(black.covered(by: color, opacity: 0) == black)
        #expect(black.covered(by: color, opacity: 1) == color)
        #expect(black.covered(by: color, opacity: 0.5) == Color(0x804020))
    }
}
