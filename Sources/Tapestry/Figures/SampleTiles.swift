import Autograd
import Datasets

/// Samples as tiles of a picture.
///
/// Images, `[height, width]` or `[1 or 3, height, width]`, are shown as they are. Of anything
/// else the numbers are laid out line by line in a square, as flattened images are made whole by.
struct SampleTiles {
    let grid: PictureGrid
    private let size: Int

    init(shape: [Int], margin: Int = 4) {
        size = shape.reduce(1, *)
        let (channels, height, width) =
            switch shape.count {
            case 2: (1, shape[0], shape[1])
            case 3 where shape[0] == 1 || shape[0] == 3: (shape[0], shape[1], shape[2])
            default: Self.square(for: size)
            }
        grid = PictureGrid(
            tileWidth: width, tileHeight: height, channels: channels, margin: margin)
    }

    private static func square(for count: Int) -> (channels: Int, height: Int, width: Int) {
        let side = Int(Double(count).squareRoot().rounded(.up))
        return (1, max(1, (count + side - 1) / max(side, 1)), max(1, side))
    }

    /// A tile for each sample of `[n, …]`; what a square has too many stays black.
    func tiles(_ samples: Tensor) -> [[Float]] {
        let numbers = samples.cast(to: .float32).elements(as: Float.self)
        let area = grid.channels * grid.tileHeight * grid.tileWidth
        return (0..<samples.shape[0]).map { index in
            numbers[index * size..<(index + 1) * size]
                + [Float](repeating: 0, count: area - size)
        }.map(Array.init)
    }

    func picture(of samples: Tensor, columns: Int) -> Picture {
        grid.picture(of: tiles(samples), columns: columns)
    }

    /// The same samples in several versions, each below the one before.
    func picture(comparing versions: [Tensor], columns: Int) -> Picture {
        grid.picture(comparing: versions.map(tiles), columns: columns)
    }
}

extension Picture {
    /// The bytes of the picture as a PNG file.
    var png: [UInt8] {
        PNG.encode(Image(width: width, height: height, channels: 3, pixels: pixels))
    }
}
