/// How the pixels of a resized image are made of the old ones.
public enum Interpolation: String, Sendable, CaseIterable {
    /// The nearest pixel.
    case nearest
    /// Linear along both axes.
    case bilinear
    /// By cubic convolution along both axes (Keys, "Cubic Convolution Interpolation for Digital Image
    /// Processing", 1981). Quadratic polynomials are enlarged exactly, except next to the edge.
    case bicubic
    /// The mean of all old pixels that a new one covers, each as far as it is covered.
    case area
}

/// Images in another size, `[…, height, width]`: by cubic convolution the baseline for enlarging
/// images without a trained model.
///
/// Pixels are squares, so that both images cover the same area. If a side becomes smaller, the kernels
/// of bilinear and bicubic interpolation are widened accordingly, which prevents aliasing. Beyond the
/// edge the outermost pixels are repeated. Traps if a size is not positive or the images are not
/// floating-point.
public func resized(
    _ images: Tensor, to size: Size2D, by interpolation: Interpolation = .bicubic
) -> Tensor {
    guard images.rank >= 2, images.dataType.isFloatingPoint,
        images.shape.suffix(2).allSatisfy({ $0 > 0 }), size.height > 0, size.width > 0
    else {
        trap("resized", "\(images.dataType) images of shape \(images.shape) to \(size)")
    }
    let (height, width) = (images.shape[images.rank - 2], images.shape[images.rank - 1])
    func matrix(_ old: Int, _ count: Int) -> Tensor {
        Tensor(interpolation.weights(from: old, to: count), shape: [count, old])
            .cast(to: images.dataType)
    }
    var result = images
    if height != size.height { result = matmul(matrix(height, size.height), result) }
    if width != size.width {
        result = matmul(result, matrix(width, size.width), transposingRight: true)
    }
    return result
}

extension Interpolation {
    /// The weight of each old pixel in each of `count` new ones of a row, `[count, old]`.
    fileprivate func weights(from old: Int, to count: Int) -> [Double] {
        let step = Double(old) / Double(count)
        var weights = [Double](repeating: 0, count: count * old)
        for index in 0..<count {
            for (place, weight) in terms(of: index, step) {
                weights[index * old + min(max(place, 0), old - 1)] += weight
            }
        }
        return weights
    }

    /// The places of the old pixels that a new one is made of, `step` of them wide, and their weights.
    private func terms(of index: Int, _ step: Double) -> [(place: Int, weight: Double)] {
        let centre = (Double(index) + 0.5) * step - 0.5
        switch self {
        case .nearest:
            // Sound: a place in the image.
            return [(Int((centre + 0.5).rounded(.down)), 1)]
        case .bilinear: return kernelTerms(around: centre, step, radius: 1) { max(0, 1 - abs($0)) }
        case .bicubic: return kernelTerms(around: centre, step, radius: 2, cubicKernel)
        case .area:
            let (start, end) = (Double(index) * step, Double(index + 1) * step)
            // Sound: places in the image.
            return (Int(start.rounded(.down))..<Int(end.rounded(.up))).map { place in
                let covered = min(end, Double(place + 1)) - max(start, Double(place))
                return (place, max(0, covered) / step)
            }
        }
    }

    private func kernelTerms(
        around centre: Double, _ step: Double, radius: Double, _ kernel: (Double) -> Double
    ) -> [(place: Int, weight: Double)] {
        let spread = max(1, step)
        // Sound: both values are at most a few sides away.
        let first = Int((centre - radius * spread).rounded(.up))
        let last = Int((centre + radius * spread).rounded(.down))
        let values = (first...last).map { kernel((Double($0) - centre) / spread) }
        let sum = values.reduce(0, +)
        return zip(first...last, values).map { ($0, $1 / sum) }
    }
}

/// The kernel of third order (Keys, 1981, equation 15).
private func cubicKernel(_ x: Double) -> Double {
    let x = abs(x)
    if x < 1 { return (1.5 * x - 2.5) * x * x + 1 }
    return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0
}
