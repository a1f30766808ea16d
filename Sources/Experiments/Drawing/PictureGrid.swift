import Autograd

/// Arranges many tiles of one size in one picture.
///
/// A tile has `channels * height * width` values, channel by channel, row-major, with 0 as black
/// and 1 as full intensity. Values outside this range are clamped; NaN is drawn in
/// `undefinedColor`, never as black.
struct PictureGrid: Sendable {
    /// Magenta does not occur in grey tiles and stands out in coloured ones.
    static let undefinedColor = Color(0xFF00AA)

    /// Charcoal separates dark tiles and suits light and dark pages.
    static let background = Color(0x2B2E36)

    let tileWidth: Int
    let tileHeight: Int
    let channels: Int
    let scale: Int
    let margin: Int

    /// - Parameters:
    ///   - channels: 1 (grey) or 3 (red, green, blue).
    ///   - scale: the side, in pixels, of the square that shows one value; by default the largest
    ///     that keeps a tile within 64 pixels.
    ///   - margin: pixels between tiles and around them; 0 joins the tiles, as for the manifold of
    ///     a latent space.
    init(
        tileWidth: Int, tileHeight: Int, channels: Int = 1, scale: Int? = nil, margin: Int = 4
    ) {
        guard tileWidth > 0, tileHeight > 0, channels == 1 || channels == 3 else {
            programmerError(
                "PictureGrid",
                "tiles of \(tileWidth) × \(tileHeight) with \(channels) channels; "
                    + "sizes must be positive and channels 1 or 3")
        }
        let scale = scale ?? max(1, 64 / max(tileWidth, tileHeight))
        guard scale > 0, margin >= 0 else {
            programmerError(
                "PictureGrid",
                "scale \(scale) must be positive, margin \(margin) not negative")
        }
        self.tileWidth = tileWidth
        self.tileHeight = tileHeight
        self.channels = channels
        self.scale = scale
        self.margin = margin
    }

    /// The tiles in reading order; the last row may be incomplete.
    func picture(of tiles: [[Float]], columns: Int) -> Picture {
        guard columns > 0 else {
            programmerError("PictureGrid", "columns \(columns) must be positive")
        }
        let rows = (tiles.count + columns - 1) / columns
        var picture = blank(columns: min(columns, tiles.count), rows: rows)
        for (index, tile) in tiles.enumerated() {
            let origin = origin(column: index % columns, row: index / columns)
            draw(tile, at: origin, on: &picture)
        }
        return picture
    }

    /// Several versions of the same samples, such as originals and reconstructions, each directly
    /// below the previous one. A wider gap separates the groups of rows.
    func picture(comparing versions: [[[Float]]], columns: Int) -> Picture {
        let count = versions.first?.count ?? 0
        guard versions.allSatisfy({ $0.count == count }) else {
            programmerError(
                "PictureGrid",
                "versions of \(versions.map(\.count)) tiles, expected equally many")
        }
        guard columns > 0 else {
            programmerError("PictureGrid", "columns \(columns) must be positive")
        }
        let groups = (count + columns - 1) / columns
        let gap = 2 * margin
        var picture = blank(
            columns: min(columns, count), rows: versions.count * groups,
            extraHeight: max(0, groups - 1) * gap)
        for (version, tiles) in versions.enumerated() {
            for (index, tile) in tiles.enumerated() {
                let group = index / columns
                var origin = origin(
                    column: index % columns, row: versions.count * group + version)
                origin.row += group * gap
                draw(tile, at: origin, on: &picture)
            }
        }
        return picture
    }

    private typealias Position = (column: Int, row: Int)

    private func blank(columns: Int, rows: Int, extraHeight: Int = 0) -> Picture {
        Picture(
            width: columns * (tileWidth * scale + margin) + margin,
            height: rows * (tileHeight * scale + margin) + margin + extraHeight,
            background: Self.background)
    }

    private func origin(column: Int, row: Int) -> Position {
        (
            margin + column * (tileWidth * scale + margin),
            margin + row * (tileHeight * scale + margin)
        )
    }

    private func draw(_ tile: [Float], at origin: Position, on picture: inout Picture) {
        let area = tileWidth * tileHeight
        guard tile.count == channels * area else {
            programmerError(
                "PictureGrid",
                "a tile of \(tile.count) values, expected "
                    + "\(channels) × \(tileHeight) × \(tileWidth)")
        }
        for row in 0..<tileHeight {
            for column in 0..<tileWidth {
                let index = row * tileWidth + column
                let color = color(of: (0..<channels).map { tile[$0 * area + index] })
                let left = origin.column + column * scale
                let top = origin.row + row * scale
                picture.fill(
                    columns: left..<left + scale, rows: top..<top + scale, with: color)
            }
        }
    }

    private func color(of values: [Float]) -> Color {
        guard !values.contains(where: \.isNaN) else { return Self.undefinedColor }
        // Sound: not NaN, and between 0 and 255.
        let levels = values.map { UInt8((min(max($0, 0), 1) * 255).rounded()) }
        return channels == 3
            ? Color(red: levels[0], green: levels[1], blue: levels[2]) : Color(white: levels[0])
    }
}
