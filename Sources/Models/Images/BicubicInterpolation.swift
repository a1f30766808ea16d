import Autograd

/// Images resized by cubic convolution, `[…, height, width]` (Keys, "Cubic Convolution
/// Interpolation for Digital Image Processing", 1981): the baseline for enlarging images without
/// a trained model.
///
/// Pixels are squares, so that both images cover the same area. If a side becomes smaller, the
/// kernel is widened accordingly, which prevents aliasing. Beyond the edge the outermost pixels
/// are repeated. Quadratic polynomials are enlarged exactly, except next to the edge. Traps if
/// a size is not positive or the images are not floating-point.
public func bicubicInterpolation(_ images: Tensor, to size: Size2D) -> Tensor {
    guard images.rank >= 2, images.dataType.isFloatingPoint,
        images.shape.suffix(2).allSatisfy({ $0 > 0 }), size.height > 0, size.width > 0
    else {
        programmerError(
            "bicubicInterpolation",
            "\(images.dataType) images of shape \(images.shape) to \(size)")
    }
    let (height, width) = (images.shape[images.rank - 2], images.shape[images.rank - 1])
    var result = images
    if height != size.height {
        result = matmul(weights(from: height, to: size.height, result.dataType), result)
    }
    if width != size.width {
        result = matmul(
            result, weights(from: width, to: size.width, result.dataType), transposingRight: true)
    }
    return result
}

/// The weight of each old pixel in each of `count` new ones of a row, `[count, old]`.
private func weights(from old: Int, to count: Int, _ dataType: DataType) -> Tensor {
    let step = Double(old) / Double(count)
    let spread = max(1, step)
    var weights = [Double](repeating: 0, count: count * old)
    for index in 0..<count {
        let centre = (Double(index) + 0.5) * step - 0.5
        // Sound: both values are at most a few sides away.
        let first = Int((centre - 2 * spread).rounded(.up))
        let last = Int((centre + 2 * spread).rounded(.down))
        let values = (first...last).map { cubicKernel((Double($0) - centre) / spread) }
        let sum = values.reduce(0, +)
        for (place, value) in zip(first...last, values) {
            weights[index * old + min(max(place, 0), old - 1)] += value / sum
        }
    }
    return Tensor(weights, shape: [count, old]).cast(to: dataType)
}

/// The kernel of third order (Keys, 1981, equation 15).
private func cubicKernel(_ x: Double) -> Double {
    let x = abs(x)
    if x < 1 { return (1.5 * x - 2.5) * x * x + 1 }
    return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0
}
