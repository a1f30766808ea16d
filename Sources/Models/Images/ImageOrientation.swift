import Autograd

/// The orientations of things by the moments of images: that of the axis along which they are longest,
/// towards the side on which they taper. What a method that learns has to be better than.
///
/// How much a pixel counts is how far it is from the mean of the image's border.
///
/// - Parameter images: `[batch, height, width]`, or with channels before these, which are added up. Traps
///   unless they are images of floating-point numbers.
/// - Returns: angles in radians, anticlockwise from the right, `[batch]`.
public func orientationsByMoments(of images: Tensor) -> Tensor {
    guard 3...4 ~= images.rank, images.dataType.isFloatingPoint else {
        programmerError(
            "orientationsByMoments", "images of shape \(images.shape) of \(images.dataType)")
    }
    let channels = images.rank == 4 ? images : images.expandingAxis(1)
    let (height, width) = (channels.shape[2], channels.shape[3])
    let sides = [
        channels.sliced(axis: 2, 0..<1), channels.sliced(axis: 2, height - 1..<height),
        channels.sliced(axis: 3, 0..<1).transposed([0, 1, 3, 2]),
        channels.sliced(axis: 3, width - 1..<width).transposed([0, 1, 3, 2]),
    ]
    let background = concatenated(sides, axis: 3).mean(axes: [3], keepingAxes: true)
    let weights = abs(channels - background).sum(axes: [1]).reshaped([-1, height * width])
    let total = weights.sum(axes: [1], keepingAxes: true)
    let shares = select(total .> 0, weights / total, Tensor.zeros(like: weights))

    // In pixels, upwards.
    let points = pixelCoordinates(height: height, width: width, dataType: images.dataType)
    func fromMiddle(_ places: Tensor) -> Tensor {
        places.transposed() - (shares * places.transposed()).sum(axes: [1], keepingAxes: true)
    }
    func mean(_ values: Tensor) -> Tensor {
        (shares * values).sum(axes: [1], keepingAxes: true)
    }
    let x = fromMiddle(points[.all, 0..<1] * (Double(width - 1) / 2))
    let y = fromMiddle(points[.all, 1..<2] * (-Double(height - 1) / 2))
    let axis = 0.5 * atan2(2 * mean(x * y), mean(square(x)) - mean(square(y)))
    let along = x * cos(axis) + y * sin(axis)
    let skewness = mean(along * square(along))
    return select(skewness .< 0, axis + Double.pi, axis).squeezed(axes: [1])
}
