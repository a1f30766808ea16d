import KernelInterface

/// What is around an image, where it is sampled.
public enum Border: String, Sendable, CaseIterable {
    /// The outermost pixels go on.
    case clamped
    /// Pixels of zeros.
    case zero
    /// The image, mirrored at the centres of its outermost pixels, again and again.
    case reflected
}

/// Images between their pixels: interpolated linearly along both axes at real coordinates, as in
/// spatial transformers (Jaderberg et al., "Spatial Transformer Networks", arXiv:1506.02025,
/// equation 5).
///
/// A coordinate is (x, y) in pixels, x along the width and y along the height; (0, 0) is the centre of
/// the first pixel, (width − 1, height − 1) that of the last. Differentiable with respect to images
/// and coordinates; at a pixel's centre, where the slope changes, the derivative with respect to a
/// coordinate is that towards greater coordinates.
///
/// Traps if a coordinate is not finite, if images have no pixel, or shapes do not match.
///
/// - Parameters:
///   - images: `[batch, channels, height, width]`.
///   - coordinates: `[batch, …, 2]`.
///   - border: what is sampled outside of the centres of the outermost pixels.
/// - Returns: `[batch, channels, …]`.
public func bilinearlySampled(
    _ images: Tensor, at coordinates: Tensor, border: Border = .clamped
) -> Tensor {
    let operation: StaticString = "bilinearlySampled"
    guard images.rank == 4, coordinates.rank >= 2, coordinates.shape[0] == images.shape[0],
        coordinates.shape.last == 2
    else {
        trap(
            operation,
            "images of shape \(images.shape) at coordinates of shape \(coordinates.shape), not "
                + "[batch, channels, height, width] and [batch, …, 2]")
    }
    guard images.dataType == coordinates.dataType, images.dataType.isFloatingPoint else {
        trap(operation, "images of \(images.dataType) at coordinates of \(coordinates.dataType)")
    }
    let size = Size2D(height: images.shape[2], width: images.shape[3])
    guard size.height > 0, size.width > 0 else {
        trap(operation, "images of shape \(images.shape) have no pixel")
    }
    guard max(size.height, size.width) <= 1 << 30 else {
        trap(operation, "images of shape \(images.shape): sides beyond 2³⁰")
    }
    guard coordinates.allFinite else {
        let place = coordinates.firstPlaceNotFinite()
        trap(
            operation,
            "the coordinate at \(place.index) is \(place.value), of shape \(coordinates.shape)")
    }
    let points = Array(coordinates.shape.dropFirst().dropLast())
    let count = points.reduce(1, *)
    let grid = SamplingGrid(
        batch: images.shape[0], channels: images.shape[1], size: size, points: count,
        border: border)
    return sampled(images, coordinates.reshaped([grid.batch, count, 2]), grid)
        .reshaped(Array(images.shape[..<2]) + points)
}

// Three maps that are linear in images and in samples, and in which the coordinates' weights may be
// replaced by their slopes along an axis: samples of images, images of samples, and the derivative
// of ⟨samples, samples of images⟩ with respect to the coordinates. The derivatives of each are
// others of them.

/// `[batch, channels, points]`.
private func sampled(_ images: Tensor, _ coordinates: Tensor, _ grid: SamplingGrid) -> Tensor {
    differentiable("bilinearlySampled", images, coordinates) { images, coordinates in
        images.dataType == .float32
            ? grid.samples(of: images, coordinates, as: Float.self)
            : grid.samples(of: images, coordinates, as: Double.self)
    } left: { _, coordinates, _ in
        { cotangent in spread(cotangent, coordinates, grid) }
    } right: { images, coordinates, _ in
        { cotangent in slopes(cotangent, images, coordinates, grid) }
    }
}

/// `[batch, channels, height, width]`.
private func spread(_ samples: Tensor, _ coordinates: Tensor, _ grid: SamplingGrid) -> Tensor {
    differentiable("bilinearlySampled", samples, coordinates) { samples, coordinates in
        samples.dataType == .float32
            ? grid.images(of: samples, coordinates, as: Float.self)
            : grid.images(of: samples, coordinates, as: Double.self)
    } left: { _, coordinates, _ in
        { cotangent in sampled(cotangent, coordinates, grid) }
    } right: { samples, coordinates, _ in
        { cotangent in slopes(samples, cotangent, coordinates, grid) }
    }
}

/// `[batch, points, 2]`.
private func slopes(
    _ samples: Tensor, _ images: Tensor, _ coordinates: Tensor, _ grid: SamplingGrid
) -> Tensor {
    differentiable("bilinearlySampled", [samples, images, coordinates]) { operands in
        operands[0].dataType == .float32
            ? grid.slopes(operands[0], operands[1], operands[2], as: Float.self)
            : grid.slopes(operands[0], operands[1], operands[2], as: Double.self)
    } pullback: { operands, _ in
        let (samples, images, coordinates) = (operands[0], operands[1], operands[2])
        return { cotangent in
            let x = cotangent.sliced(axis: 2, 0..<1).matrixTransposed
            let y = cotangent.sliced(axis: 2, 1..<2).matrixTransposed
            let (alongX, alongY) = (grid.sloping(alongX: true), grid.sloping(alongX: false))
            return [
                x * sampled(images, coordinates, alongX) + y * sampled(images, coordinates, alongY),
                spread(x * samples, coordinates, alongX) + spread(y * samples, coordinates, alongY),
                slopes(x * samples, images, coordinates, alongX)
                    + slopes(y * samples, images, coordinates, alongY),
            ]
        }
    }
}

extension Tensor {
    /// The index and the value of the first element that is infinite or NaN.
    fileprivate func firstPlaceNotFinite() -> (index: [Int], value: Double) {
        let elements = stopGradient(self).cast(to: .float64).elements(as: Double.self)
        var rest = elements.firstIndex { !$0.isFinite } ?? 0
        let value = elements[rest]
        let index = shape.reversed().map { size in
            defer { rest /= size }
            return rest % size
        }
        return (index.reversed(), value)
    }
}
