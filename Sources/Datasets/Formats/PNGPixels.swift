import Autograd
import FileSupport

/// The chunk IHDR of a PNG file, and how to decode the pixels it describes.
struct PNGHeader {
    private let width: Int
    private let height: Int
    private let depth: Int
    private let colourType: ColourType
    private let passes: [Pass]

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
        guard size.allSatisfy({ $0 > 0 }), size[0] <= ImageFile.maximumPixelCount / size[1] else {
            throw FileError(
                path: path, expected: "1 to \(ImageFile.maximumPixelCount) pixels",
                found: "\(size[0]) × \(size[1])")
        }
        guard let colourType = ColourType(rawValue: content[9]),
            colourType.depths.contains(Int(content[8]))
        else {
            throw FileError(
                path: path, expected: "a PNG colour type with a depth it can have",
                found: "type \(content[9]) of \(content[8]) bits")
        }
        guard content[10] == 0, content[11] == 0, content[12] <= 1 else {
            throw FileError(
                path: path, expected: "compression 0, filter 0 and interlacing 0 or 1",
                found: "compression \(content[10]), filter \(content[11]), "
                    + "interlacing \(content[12])")
        }
        (width, height) = (size[0], size[1])
        depth = Int(content[8])
        self.colourType = colourType
        passes = (content[12] == 0 ? Pass.whole : Pass.interlaced).filter {
            $0.start.column < size[0] && $0.start.row < size[1]
        }
    }

    /// The image in the contents of the IDAT chunks.
    func image(
        from compressed: [UInt8], palette: [UInt8]?, path: String
    ) throws(FileError) -> PNG.Image {
        let pixels: [UInt8] = try levels(from: compressed, palette: palette, path: path)
        return PNG.Image(width: width, height: height, channels: channels, pixels: pixels)
    }

    /// Its pixels with 16 bits per channel, also where the file has fewer.
    func deepImage(
        from compressed: [UInt8], palette: [UInt8]?, path: String
    ) throws(FileError) -> PNG.DeepImage {
        try PNG.DeepImage(
            width: width, height: height, channels: channels,
            pixels: levels(from: compressed, palette: palette, path: path))
    }

    /// 1 for grey, 3 for red, green, blue.
    private var channels: Int { colourType == .palette || colourType.samples >= 3 ? 3 : 1 }

    private func levels<Level: FixedWidthInteger & UnsignedInteger>(
        from compressed: [UInt8], palette: [UInt8]?, path: String
    ) throws(FileError) -> [Level] {
        let passSizes = passes.map { pass in
            (rowSize(of: pass) + 1) * pass.size(width, height).rows
        }
        let size = passSizes.reduce(0, +)
        // A byte of DEFLATE stands for at most 1032 bytes.
        guard size / 1032 <= compressed.count else {
            throw FileError(
                path: path, expected: "the data of \(width) × \(height) pixels",
                found: "\(compressed.count) compressed bytes")
        }
        if colourType == .palette && palette == nil {
            throw FileError(path: path, expected: "a palette", found: "none")
        }
        let filtered = try Zlib.decompress(compressed, path: path, limit: size)
        guard filtered.count == size else {
            throw FileError(
                path: path, expected: "\(size) bytes for \(width) × \(height) pixels",
                found: "\(filtered.count)")
        }
        var pixels = [Level](repeating: 0, count: width * height * channels)
        var start = 0
        for (pass, size) in zip(passes, passSizes) {
            let samples = try PNGFilter.unfiltered(
                filtered[start..<start + size], rowSize: rowSize(of: pass),
                step: max(1, colourType.samples * depth / 8), path: path)
            try write(samples, of: pass, palette: palette, to: &pixels, path: path)
            start += size
        }
        return pixels
    }

    /// The bytes of a row of the pass.
    private func rowSize(of pass: Pass) -> Int {
        (pass.size(width, height).columns * colourType.samples * depth + 7) / 8
    }

    /// Writes the pixels of a pass to their places.
    private func write<Level: FixedWidthInteger & UnsignedInteger>(
        _ samples: [UInt8], of pass: Pass, palette: [UInt8]?, to pixels: inout [Level],
        path: String
    ) throws(FileError) {
        let size = pass.size(width, height)
        let rowSize = rowSize(of: pass)
        for row in 0..<size.rows {
            let start = row * rowSize
            var place =
                channels * ((pass.start.row + row * pass.step.rows) * width + pass.start.column)
            for column in 0..<size.columns {
                if colourType == .palette, let palette {
                    let index = sample(samples, start: start, index: column)
                    guard 3 * index < palette.count else {
                        throw FileError(
                            path: path, expected: "a palette of more than \(index) colours",
                            found: "one of \(palette.count / 3)")
                    }
                    for channel in 0..<3 {
                        pixels[place + channel] = level(Int(palette[3 * index + channel]), of: 255)
                    }
                } else {
                    for channel in 0..<channels {
                        let index = column * colourType.samples + channel
                        pixels[place + channel] = level(
                            sample(samples, start: start, index: index), of: (1 << depth) - 1)
                    }
                }
                place += channels * pass.step.columns
            }
        }
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

    /// A sample, of which `brightest` is the greatest, scaled to all levels and rounded to nearest.
    private func level<Level: FixedWidthInteger & UnsignedInteger>(
        _ sample: Int, of brightest: Int
    ) -> Level {
        Level((sample * Int(Level.max) + brightest / 2) / brightest)
    }
}

extension PNGHeader {
    /// Some of the pixels, which are a smaller image in the file. An interlaced file has seven, the
    /// first of which show the whole image coarsely (Adam7).
    private struct Pass {
        let start: (column: Int, row: Int)
        let step: (columns: Int, rows: Int)

        static let whole = [Pass(start: (0, 0), step: (1, 1))]
        static let interlaced = [
            Pass(start: (0, 0), step: (8, 8)), Pass(start: (4, 0), step: (8, 8)),
            Pass(start: (0, 4), step: (4, 8)), Pass(start: (2, 0), step: (4, 4)),
            Pass(start: (0, 2), step: (2, 4)), Pass(start: (1, 0), step: (2, 2)),
            Pass(start: (0, 1), step: (1, 2)),
        ]

        /// Its size in an image of this size, in which it has at least one pixel.
        func size(_ width: Int, _ height: Int) -> (columns: Int, rows: Int) {
            (
                (width - start.column + step.columns - 1) / step.columns,
                (height - start.row + step.rows - 1) / step.rows
            )
        }
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
        _ filtered: ArraySlice<UInt8>, rowSize: Int, step: Int, path: String
    ) throws(FileError) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(filtered.count)
        let starts = stride(from: filtered.startIndex, to: filtered.endIndex, by: rowSize + 1)
        for (row, start) in starts.enumerated() {
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
