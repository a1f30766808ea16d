import Testing

@testable import Experiments

@Suite struct RasterSurfaceTests {
    /// How much ink there is on a picture: the sum over the pixels of how far each
    /// is from white paper to a full colour.
    private func ink(_ picture: Picture, _ color: Color) -> Double {
        var sum = 0.0
        for row in 0..<picture.height {
            for column in 0..<picture.width {
                sum += Double(255 - picture[column, row].red) / Double(255 - color.red)
            }
        }
        return sum
    }

    @Test(arguments: [0.8, 2, 3.5, 7.25]) func aDiscHasItsArea(radius: Double) {
        var surface = RasterSurface(width: 20, height: 20, scale: 1)
        surface.draw(
            discs: [Point(x: 10.3, y: 9.6)], radius: radius, opacity: 1, ink: .category(0))
        let area = Double.pi * radius * radius
        // Coverage by distance is exact for straight edges only.
        #expect(abs(ink(surface.picture, .category(0)) - area) < 0.05 * area + 0.3)
    }

    @Test func aLineHasItsLengthTimesItsWidth() {
        var surface = RasterSurface(width: 40, height: 20, scale: 2)
        let points = [Point(x: 5, y: 5), Point(x: 20, y: 5), Point(x: 35, y: 15)]
        surface.draw(line: points, width: 2, dashed: false, ink: .category(0))
        let length = 15 + Double(15 * 15 + 10 * 10).squareRoot()
        let area = 4 * (2 * length + .pi)
        #expect(abs(ink(surface.picture, .category(0)) - area) < 0.03 * area)
    }

    @Test func dashesLeaveGapsAndEndWithTheLine() {
        var surface = RasterSurface(width: 100, height: 10, scale: 1)
        surface.draw(
            line: [Point(x: 5, y: 5), Point(x: 50, y: 5), Point(x: 95, y: 5)], width: 2,
            dashed: true, ink: .category(0))
        let row = (0..<100).map { surface.picture[$0, 5] != .lightPaper }
        #expect(row[5..<95].contains(true) && row[5..<95].contains(false))
        // Dashes of 4 and gaps of 5, on 90.
        let starts = (1..<100).filter { row[$0] && !row[$0 - 1] }
        #expect(starts.count == 10)
    }

    @Test func whatLiesOutsideIsCutOff() {
        var surface = RasterSurface(width: 10, height: 10, scale: 1)
        surface.draw(
            discs: [Point(x: -100, y: 5), Point(x: 1e9, y: -1e9)], radius: 3, opacity: 1,
            ink: .text)
        #expect(ink(surface.picture, .category(0)) == 0)
        surface.draw(
            line: [Point(x: -50, y: 5), Point(x: 50, y: 5)], width: 1, dashed: false, ink: .text)
        #expect((0..<10).allSatisfy { surface.picture[$0, 5] != .lightPaper })
    }

    @Test func everySignOfTheFontDiffersFromTheBox() {
        let signs = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ.,:'-+=_/()%·"
        let origin = Point(x: 0, y: 0)
        let box = StrokeFont.strokes(of: "漢", at: origin, size: 10)
        #expect(box.count == 1)
        var seen: [[[Point]]] = [box]
        for sign in signs where sign != "O" {
            let strokes = StrokeFont.strokes(of: String(sign), at: origin, size: 10)
            #expect(!strokes.isEmpty && !seen.contains(strokes), "\(sign)")
            seen.append(strokes)
        }
    }

    @Test func textHasTheWidthOfItsStrokes() {
        let strokes = StrokeFont.strokes(
            of: "Height − 2é", at: Point(x: 3, y: 20), size: 12)
        let right = strokes.joined().map(\.x).max() ?? 0
        #expect(abs(right - 3 - StrokeFont.width(of: "Height − 2é", size: 12)) < 1e-9)
        #expect(strokes.joined().allSatisfy { $0.y <= 20 && $0.y >= 20 - 0.71 * 12 })
        #expect(StrokeFont.width(of: "", size: 12) == 0)
        #expect(
            StrokeFont.strokes(of: "é", at: Point(x: 0, y: 0), size: 9)
                == StrokeFont.strokes(of: "E", at: Point(x: 0, y: 0), size: 9))
    }
}
