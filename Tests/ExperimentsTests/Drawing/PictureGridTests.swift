import Testing

@testable import Experiments

@Suite struct PictureGridTests {
    @Test func tilesLieInReadingOrderWithMargins() {
        let grid = PictureGrid(tileWidth: 2, tileHeight: 1, scale: 1, margin: 1)
        let picture = grid.picture(of: [[0, 1], [0.2, 0.4], [0.6, 0.8]], columns: 2)
        #expect(picture.width == 7)
        #expect(picture.height == 5)
        #expect(picture.pixels.count == 7 * 5 * 3)
        let background = PictureGrid.background
        let rows: [[Color]] = (0..<5).map { row in (0..<7).map { picture[$0, row] } }
        let empty = [Color](repeating: background, count: 7)
        let (black, white) = (Color(white: 0), Color(white: 255))
        #expect(
            rows == [
                empty,
                [
                    background, black, white, background, Color(white: 51), Color(white: 102),
                    background,
                ],
                empty,
                [
                    background, Color(white: 153), Color(white: 204), background, background,
                    background, background,
                ],
                empty,
            ])
    }

    @Test func everyValueBecomesASquare() {
        let grid = PictureGrid(tileWidth: 2, tileHeight: 2, scale: 3, margin: 0)
        let picture = grid.picture(of: [[0, 1, 1, 0]], columns: 5)
        #expect(picture.width == 6)
        #expect(picture.height == 6)
        for row in 0..<6 {
            for column in 0..<6 {
                let isWhite = (row < 3) != (column < 3)
                #expect(picture[column, row] == Color(white: isWhite ? 255 : 0))
            }
        }
    }

    @Test func valuesAreClampedAndNaNIsSeen() {
        let grid = PictureGrid(tileWidth: 5, tileHeight: 1, scale: 1, margin: 0)
        let picture = grid.picture(of: [[-1, 2, .infinity, -.infinity, .nan]], columns: 1)
        let colors = (0..<5).map { picture[$0, 0] }
        let (black, white) = (Color(white: 0), Color(white: 255))
        #expect(colors == [black, white, white, black, PictureGrid.undefinedColor])
    }

    @Test func coloursComeChannelAfterChannel() {
        let grid = PictureGrid(tileWidth: 2, tileHeight: 1, channels: 3, scale: 1, margin: 0)
        let picture = grid.picture(of: [[1, 0, 0, 1, 0.2, .nan]], columns: 1)
        #expect(picture[0, 0] == Color(0xFF0033))
        #expect(picture[1, 0] == PictureGrid.undefinedColor)
    }

    @Test func originalsLieAboveReconstructions() {
        let grid = PictureGrid(tileWidth: 1, tileHeight: 1, scale: 1, margin: 1)
        let picture = grid.picture(
            comparing: [[[0], [0.2], [0.4]], [[0.6], [0.8], [1]]], columns: 2)
        // Two pairs of rows, each row 1 high with a margin, and a gap of 2 between.
        #expect(picture.width == 5)
        #expect(picture.height == 4 * 2 + 1 + 2)
        #expect(picture[1, 1] == Color(white: 0))
        #expect(picture[1, 3] == Color(white: 153))
        #expect(picture[3, 1] == Color(white: 51))
        #expect(picture[3, 3] == Color(white: 204))
        #expect(picture[1, 7] == Color(white: 102))
        #expect(picture[1, 9] == Color(white: 255))
        #expect(picture[3, 7] == PictureGrid.background)
    }

    @Test func threeVersionsLieBelowEachOther() {
        let grid = PictureGrid(tileWidth: 1, tileHeight: 1, scale: 1, margin: 1)
        let picture = grid.picture(
            comparing: [[[0], [0.2]], [[0.4], [0.6]], [[0.8], [1]]], columns: 1)
        #expect(picture.width == 3)
        #expect(picture.height == 6 * 2 + 1 + 2)
        let levels: [UInt8] = [1, 3, 5, 9, 11, 13].map { picture[1, $0].red }
        #expect(levels == [0, 102, 204, 51, 153, 255])
    }

    @Test(arguments: [(28, 28, 2), (8, 8, 8), (64, 64, 1), (300, 200, 1)])
    func scaleSuitsTheTile(width: Int, height: Int, scale: Int) {
        #expect(PictureGrid(tileWidth: width, tileHeight: height).scale == scale)
    }

    @Test func noTilesGiveAPictureOfTheMarginAlone() {
        let grid = PictureGrid(tileWidth: 4, tileHeight: 4, scale: 1, margin: 2)
        #expect(grid.picture(of: [], columns: 3).width == 2)
        #expect(grid.picture(comparing: [[], []], columns: 3).height == 2)
    }

    @Test func aTileOfTheWrongSizeTraps() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            _ = PictureGrid(tileWidth: 2, tileHeight: 3).picture(of: [[0, 1]], columns: 1)
        }
        let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(message.contains("PictureGrid: a tile of 2 values, expected 1 × 3 × 2"))
    }
}
