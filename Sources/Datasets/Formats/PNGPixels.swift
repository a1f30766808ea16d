import Autograd
import FileSupport

/// The chunk IHDR of a PNG file, and how to decode the pixels it describes.
struct PNGHeader {
    /// More than anyone looks at; a file that claims more is refused.
    private static let maximumPixelCount = 1 << 28

    private let width: Int
    private let height: Int
    private let depth: Int
    private let colourType: ColourType

    private enum ColourType: UInt8 {
        case grey = 0
        case colour = 2
        case palette = 3
        case greyAlpha = 4
        case colourAlpha = 6

        var samples: Int {
            switch self {
            case .grey, .palette: 1
            case .greyAlpha: 2
            case .colour: 3
            case .colourAlpha: 4
            }
        }

        var depths: [Int] {
            switch self {
            case .grey: [1, 2, 4, 8, 16]
            case .palette: [1, 2, 4, 8]
            default: [8, 16]
            }
        }
    }

    init(_ content: [UInt8], path: String) throws(FileError) {
        guard content.count == 13 else {
            throw FileError(
                path: path, expected: "13 bytes in the chunk IHDR", found: "\(content.count)")
        }
        let size = words(content, from: 0, count: 2, bigEndian: true, as: UInt32.self).map(Int.init)
        guard size.allSatisfy({ $0 > 0 }), size[0] <= Self.maximumPixelCount / size[1] else {
            throw FileError(
                path: path, expected: "1 to \(Self.maximumPixelCount) pixels",
                found: "\(size[0]) × \(size[1])")
        }
        guard let colourType = ColourType(rawValue: content[9]),
            colourType.depths.contains(Int(content[8]))
        else {
            throw FileError(
                path: path, expected: "a PNG colour type with a depth it can have",
                found: "type \(content[9]) of \(content[8]) bits")
        }
        guard content[10] == 0, content[11] == 0, content[12] == 0 else {
            throw FileError(
                path: path, expected: "a PNG file that is not interlaced",
                found: "compression \(content[10]), filter \(content[11]), "
                    + "interlacing \(content[12])")
        }
        (width, height) = (size[0], size[1])
        depth = Int(content[8])
        self.colourType = colourType
    }

    /// The image in the contents of the IDAT chunks.
    func image(
        from compressed: [UInt8], palette: [UInt8]?, path: String
    ) throws(FileError) -> PNG.Image {
        let rowSize = (width * colourType.samples * depth + 7) / 8
        let size = (rowSize + 1) * height
        // A byte of DEFLATE stands for at most 1032 bytes.
        guard size / 1032 <= compressed.count else {
            throw FileError(
                path: path, expected: "the data of \(width) × \(height) pixels",
                found: "\(compressed.count) compressed bytes")
        }
        let filtered = try Zlib.decompress(compressed, path: path, limit: size)
        guard filtered.count == size else {
            throw FileError(
                path: path, expected: "\(size) bytes for \(width) × \(height) pixels",
                found: "\(filtered.count)")
        }
        let samples = try PNGFilter.unfiltered(
            filtered, rowSize: rowSize, step: max(1, colourType.samples * depth / 8), path: path)

        if colourType == .palette {
            guard let palette else {
                throw FileError(path: path, expected: "a palette", found: "none")
            }
            return try coloured(samples, rowSize: rowSize, by: palette, path: path)
        }
        let channels = colourType.samples >= 3 ? 3 : 1
        var pixels: [UInt8] = []
        pixels.reserveCapacity(width * height * channels)
        for row in 0..<height {
            for column in 0..<width {
                for channel in 0..<channels {
                    let index = column * colourType.samples + channel
                    pixels.append(
                        eightBits(sample(samples, start: row * rowSize, index: index)))
                }
            }
        }
        return PNG.Image(width: width, height: height, channels: channels, pixels: pixels)
    }

    private func coloured(
        _ samples: [UInt8], rowSize: Int, by palette: [UInt8], path: String
    ) throws(FileError) -> PNG.Image {
        var pixels: [UInt8] = []
        pixels.reserveCapacity(3 * width * height)
        for row in 0..<height {
            for column in 0..<width {
                let index = sample(samples, start: row * rowSize, index: column)
                guard 3 * index < palette.count else {
                    throw FileError(
                        path: path, expected: "a palette of more than \(index) colours",
                        found: "one of \(palette.count / 3)")
                }
                pixels += palette[3 * index..<3 * index + 3]
            }
        }
        return PNG.Image(width: width, height: height, channels: 3, pixels: pixels)
    }

    /// The sample at an index of the row that starts at `start`.
    private func sample(_ samples: [UInt8], start: Int, index: Int) -> Int {
        switch depth {
        case 16:
            return Int(samples[start + 2 * index]) << 8 | Int(samples[start + 2 * index + 1])
        case 8: return Int(samples[start + index])
        default:
            let bit = index * depth
            let byte = Int(samples[start + bit / 8])
            return byte >> (8 - depth - bit % 8) & ((1 << depth) - 1)
        }
    }

    /// A sample scaled to 0…255, rounded to nearest.
    private func eightBits(_ sample: Int) -> UInt8 {
        let brightest = (1 << depth) - 1
        return UInt8((sample * 255 + brightest / 2) / brightest)
    }
}

/// The filters of PNG, each of which writes a row as differences from neighbours.
enum PNGFilter: UInt8, CaseIterable {
    case none, left, up, average, paeth

    /// What is subtracted from a byte, given those to its left, above it, and above the left one.
    private func prediction(_ left: Int, _ up: Int, _ upLeft: Int) -> UInt8 {
        switch self {
        case .none: return 0
        case .left: return UInt8(left)
        case .up: return UInt8(up)
        case .average: return UInt8((left + up) / 2)
        case .paeth:
            let estimate = left + up - upLeft
            let distances = (
                abs(estimate - left), abs(estimate - up), abs(estimate - upLeft)
            )
            if distances.0 <= distances.1 && distances.0 <= distances.2 { return UInt8(left) }
            return UInt8(distances.1 <= distances.2 ? up : upLeft)
        }
    }

    /// The rows of an image, each preceded by its filter: the one with the least sum of absolute
    /// differences.
    static func filtered(_ image: PNG.Image) -> [UInt8] {
        let (rowSize, step) = (image.width * image.channels, image.channels)
        var result: [UInt8] = []
        result.reserveCapacity((rowSize + 1) * image.height)
        var above = [UInt8](repeating: 0, count: rowSize)
        for start in stride(from: 0, to: image.pixels.count, by: rowSize) {
            let row = Array(image.pixels[start..<start + rowSize])
            var best = (sum: Int.max, filter: PNGFilter.none, bytes: [UInt8]())
            for filter in allCases {
                let bytes = row.indices.map { index in
                    let hasLeft = index >= step
                    return row[index]
                        &- filter.prediction(
                            hasLeft ? Int(row[index - step]) : 0, Int(above[index]),
                            hasLeft ? Int(above[index - step]) : 0)
                }
                let sum = bytes.reduce(0) { $0 + Int(Int8(bitPattern: $1).magnitude) }
                if sum < best.sum { best = (sum, filter, bytes) }
            }
            result.append(best.filter.rawValue)
            result += best.bytes
            above = row
        }
        return result
    }

    /// The rows as they were before filtering. `step` is the number of bytes per pixel.
    static func unfiltered(
        _ filtered: [UInt8], rowSize: Int, step: Int, path: String
    ) throws(FileError) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(filtered.count)
        for (row, start) in stride(from: 0, to: filtered.count, by: rowSize + 1).enumerated() {
            guard let filter = PNGFilter(rawValue: filtered[start]) else {
                throw FileError(
                    path: path, expected: "a filter of 0 to 4 in row \(row)",
                    found: "\(filtered[start])")
            }
            for column in 0..<rowSize {
                let place = result.count
                let hasLeft = column >= step
                result.append(
                    filtered[start + 1 + column]
                        &+ filter.prediction(
                            hasLeft ? Int(result[place - step]) : 0,
                            row > 0 ? Int(result[place - rowSize]) : 0,
                            hasLeft && row > 0 ? Int(result[place - rowSize - step]) : 0))
            }
        }
        return result
    }
}
