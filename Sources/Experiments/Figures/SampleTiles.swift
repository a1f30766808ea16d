import Autograd
import Datasets

/// Samples as tiles of a picture.
///
/// Images, `[height, width]` or `[1 or 3, height, width]`, are shown as they are, and so are
/// flattened images: vectors of numbers from 0 to 1 whose count is the square of 8 or more. Other
/// vectors are drawn as lines. The numbers of anything else are laid out line by line in a square.
struct SampleTiles {
    let grid: PictureGrid
    /// Draws vectors of plain numbers; nil for other samples.
    private let curves: SampleCurves?
    private let size: Int
    /// The numbers that are drawn black and white, if others than 0 and 1.
    let range: ClosedRange<Double>?

    /// - Parameters:
    ///   - examples: determine the shape and the scale of the samples.
    ///   - side: pixels that images are enlarged to at most.
    init(_ examples: Examples, margin: Int = 4, side: Int = 64) {
        let shape = examples.shape
        size = shape.reduce(1, *)
        guard shape.count != 1 || Self.areFlattenedImages(examples) else {
            range = nil
            curves = SampleCurves(examples)
            grid = PictureGrid(
                tileWidth: SampleCurves.tileWidth, tileHeight: SampleCurves.tileHeight, channels: 3,
                scale: 1, margin: margin)
            return
        }
        let (channels, height, width) =
            switch shape.count {
            case 2: (1, shape[0], shape[1])
            case 3 where shape[0] == 1 || shape[0] == 3: (shape[0], shape[1], shape[2])
            default: Self.square(for: size)
            }
        curves = nil
        range = Self.range(of: examples)
        grid = PictureGrid(
            tileWidth: width, tileHeight: height, channels: channels,
            scale: max(1, side / max(width, height)), margin: margin)
    }

    private static func areFlattenedImages(_ examples: Examples) -> Bool {
        let count = examples.shape.reduce(1, *)
        // Sound: the root of a count.
        let side = Int(Double(count).squareRoot())
        guard side >= 8, side * side == count else { return false }
        let numbers = examples.scaled()
        return numbers.min().scalar >= 0 && numbers.max().scalar <= 1
    }

    /// The least and the greatest number, unless all are from 0 to 1.
    private static func range(of examples: Examples) -> ClosedRange<Double>? {
        guard examples.inputs.dataType != .uint8, examples.inputs.count > 0 else { return nil }
        let (least, greatest) = (
            examples.inputs.min().scalar, examples.inputs.max().scalar
        )
        guard least < 0 || greatest > 1, least < greatest, greatest - least < .infinity else {
            return nil
        }
        return least...greatest
    }

    private static func square(for count: Int) -> (channels: Int, height: Int, width: Int) {
        // Sound: the root of a count.
        let side = Int(Double(count).squareRoot().rounded(.up))
        return (1, max(1, (count + side - 1) / max(side, 1)), max(1, side))
    }

    /// Whether samples are shown as images, each number as a grey value or a channel of a colour.
    var areImages: Bool { curves == nil }

    /// A tile for each sample of `[n, …]`; unused pixels of a square stay black.
    func tiles(_ samples: Tensor) -> [[Float]] {
        let shown =
            range.map { (samples - $0.lowerBound) / ($0.upperBound - $0.lowerBound) } ?? samples
        let numbers = shown.cast(to: .float32).elements(as: Float.self)
        let area = grid.channels * grid.tileHeight * grid.tileWidth
        return (0..<samples.shape[0]).map { index in
            let sample = numbers[index * size..<(index + 1) * size]
            if let curves { return curves.tile(sample) }
            return sample + [Float](repeating: 0, count: area - size)
        }
    }

    func picture(of samples: Tensor, columns: Int) -> Picture {
        grid.picture(of: tiles(samples), columns: columns)
    }

    /// Several versions of the same samples, each below the previous one.
    func picture(comparing versions: [Tensor], columns: Int) -> Picture {
        grid.picture(comparing: versions.map(tiles), columns: columns)
    }
}

extension Picture {
    /// The bytes of the picture as a PNG file.
    var png: [UInt8] { PNG.encode(image) }

    /// The picture as a PNG file has it.
    var image: PNG.Image { PNG.Image(width: width, height: height, channels: 3, pixels: pixels) }
}
