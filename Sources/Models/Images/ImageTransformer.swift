import Autograd

/// A model that maps images of any size to images: it slides over the image, and each result pixel
/// depends only on a neighbourhood.
///
/// As a layer it maps images `[batch, channels, height, width]` with values from 0 to 1 to
/// `[batch, result channels, height · factor, width · factor]`.
public protocol ImageTransformer: Layer {
    /// The number of channels of the input images.
    var channels: Int { get }
    /// How many times as high and wide as the input the result is.
    var factor: Int { get }
    /// The radius of the input neighbourhood on which a result pixel depends, in pixels.
    var reach: Int { get }
    /// The result without a trained model, of the same shape: the image itself, enlarged if the
    /// result is larger.
    func baseline(_ images: Tensor) -> Tensor
}

extension ImageTransformer {
    /// The result for an image of any size, computed in tiles, so that memory is needed only for
    /// the image and one tile. Equal to the result for the whole image up to rounding. Traps if the
    /// shape is not `[channels, height, width]` with at least one pixel.
    ///
    /// - Parameters:
    ///   - image: `[channels, height, width]`; pixels (`uint8`), or numbers from 0 to 1.
    ///   - tileSize: the side of a tile without the overlap, in pixels of the image.
    ///   - monitor: called after each tile; an error that it throws ends the work.
    /// - Returns: `[result channels, height · factor, width · factor]`, of the image's type and
    ///   clipped to its range.
    public func transform<Failure>(
        _ image: Tensor, tileSize: Int = 256, monitor: ProgressMonitor<Failure> = .silent
    ) throws(Failure) -> Tensor {
        try inTiles("transform", image, tileSize, monitor) { self($0) }
    }

    /// The ``baseline(_:)`` for an image of any size, computed in the same tiles, with the same
    /// shape and type as the result.
    public func transformBaseline<Failure>(
        _ image: Tensor, tileSize: Int = 256, monitor: ProgressMonitor<Failure> = .silent
    ) throws(Failure) -> Tensor {
        try inTiles("transformBaseline", image, tileSize, monitor) { baseline($0) }
    }

    private func inTiles<Failure>(
        _ operation: String, _ image: Tensor, _ tileSize: Int,
        _ monitor: ProgressMonitor<Failure>, _ transformation: (Tensor) -> Tensor
    ) throws(Failure) -> Tensor {
        guard image.rank == 3, image.shape[0] == channels, image.count > 0, tileSize > 0
        else {
            programmerError(
                operation,
                "expected an image [\(channels), height, width], found \(image.shape)")
        }
        let (height, width) = (image.shape[1], image.shape[2])
        let rows = tiles(of: height, tileSize)
        let columns = tiles(of: width, tileSize)
        var done = 0
        let strips = try rows.map { row throws(Failure) in
            let strip = image.sliced(axis: 1, row.seen)
            let parts = try columns.map { column throws(Failure) in
                let part = transformed(strip.sliced(axis: 2, column.seen), transformation)
                done += 1
                try monitor.advance(to: Double(done) / Double(rows.count * columns.count))
                return part.sliced(axis: 1, row.kept).sliced(axis: 2, column.kept)
            }
            return concatenated(parts, axis: 2)
        }
        return concatenated(strips, axis: 1)
    }

    /// The ranges into which a side is divided: the pixels that the model sees, and those of its
    /// result that are kept.
    private func tiles(of side: Int, _ size: Int) -> [(seen: Range<Int>, kept: Range<Int>)] {
        stride(from: 0, to: side, by: size).map { start in
            let end = min(start + size, side)
            let seen = max(0, start - reach)..<min(side, end + reach)
            let first = (start - seen.lowerBound) * factor
            return (seen, first..<first + (end - start) * factor)
        }
    }

    private func transformed(
        _ part: Tensor, _ transformation: (Tensor) -> Tensor
    ) -> Tensor {
        let type = tensors.first?.dataType ?? .float32
        let isBytes = part.dataType == .uint8
        let numbers = part.scaledPixels(as: type).expandingAxis(0)
        let result = clamp(transformation(numbers), from: 0, through: 1)[0]
        // Casting truncates; adding half a level rounds to the nearest.
        return isBytes ? (result * 255 + 0.5).cast(to: .uint8) : result
    }
}
