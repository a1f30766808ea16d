import Datasets
import Testing

@testable import Experiments

@Suite struct PositionMapTests {
    private let micrograph = Micrograph(
        height: 96, width: 128, pixels: (0..<96 * 128).map { Float($0 % 128) / 255 })
    private let positions = [AtomPosition(y: 20, x: 30.5), AtomPosition(y: 95, x: 127)]
    private let colors = [Color(0xFF0000), Color(0x00FF00)]

    private func map(_ legend: PositionMap.Legend) -> PositionMap {
        PositionMap(
            title: "code 1", micrograph: micrograph, positions: positions, colors: colors,
            legend: legend)
    }

    @Test func discsAreAtTheirPlacesOverTheMicrograph() {
        let map = map(.scale(.sequential, from: "0", to: "1"))
        // 768 pixels of 128.
        #expect(map.scale == 6)
        let picture = map.picture
        #expect((picture.width, picture.height) == (128 * 6 + 150, 96 * 6))
        // From (y + 1 / 2, x + 1 / 2) times 6.
        #expect(picture[186, 123] == colors[0] && picture[765, 573] == colors[1])
        #expect(picture[186 - 40, 123 - 20] == colors[0])
        // Beyond 8 pixels of the micrograph, and a little more, nothing is covered.
        for column in [186 - 50, 186 + 50] {
            #expect(picture[column, 123] == Color(white: UInt8(column / 6)))
        }
        #expect(picture[186, 123 + 50] == Color(white: 31))
    }

    @Test func scalesStandBesideIt() {
        let picture = map(.scale(.cyclic, from: "0°", to: "360°")).picture
        #expect(picture[768 + 28, 44] == ColorScale.cyclic.color(at: 1))
        #expect(picture[768 + 28, 171] == ColorScale.cyclic.color(at: 0))
        #expect(picture[768 + 12, 100] == .lightPaper)
        // There is a title, and numbers.
        func hasInk(_ columns: Range<Int>, _ rows: Range<Int>) -> Bool {
            rows.contains { row in columns.contains { picture[$0, row] != .lightPaper } }
        }
        #expect(hasInk(768 + 16..<768 + 140, 14..<28))
        #expect(hasInk(768 + 46..<768 + 140, 44..<56) && hasInk(768 + 46..<768 + 140, 160..<174))
    }

    @Test func groupsStandBesideIt() {
        let groups = (0..<30).map { ("kind \($0)", Color.category($0)) }
        let picture = map(.groups(groups)).picture
        #expect(picture.height == 24 * 30 + 60)
        #expect(picture[768 + 24, 52] == .category(0))
        #expect(picture[768 + 24, 52 + 24 * 29] == .category(29))
    }

    @Test func largeMicrographsAreNotEnlarged() {
        let large = Micrograph(
            height: 10, width: 900, pixels: [Float](repeating: 0, count: 9000))
        let map = PositionMap(
            title: "", micrograph: large, positions: [], colors: [],
            legend: .scale(.cyclic, from: "", to: ""))
        #expect(map.scale == 1 && map.picture.width == 1050 && map.picture.height == 200)
    }
}
