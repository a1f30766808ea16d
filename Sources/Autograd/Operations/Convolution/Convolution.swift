import KernelInterface

/// Convolution of images with filters, as defined in machine learning: the filters are not flipped.
/// Subnormal elements may count as zeros.
///
/// - Parameters:
///   - x: `[batch, channels, height, width]`.
///   - filter: `[outputs, channels / groups, filter height, filter width]`.
///   - stride: the distance between neighbouring outputs in the image.
///   - padding: zeros added on each side.
///   - dilation: the distance in the image between neighbouring elements of the filter.
///   - groups: into how many groups the channels are split; each group of outputs sees one of them.
/// - Returns: `[batch, outputs, output height, output width]` with
///   `(size + 2 padding − dilation (filter size − 1) − 1) / stride + 1`, rounded down, along
///   each side.
public func convolution2D(
    _ x: Tensor, _ filter: Tensor, stride: Size2D = 1, padding: Size2D = 0, dilation: Size2D = 1,
    groups: Int = 1
) -> Tensor {
    let operation: StaticString = "convolution2D"
    checkOperands(operation, x, filter, stride, padding, dilation, groups)
    let (channels, outputs) = (x.shape[1], filter.shape[0])
    guard channels == filter.shape[1] * groups, outputs % groups == 0 else {
        trap(
            operation,
            "a filter \(filter.shape) in \(groups) groups takes \(filter.shape[1] * groups) "
                + "channels to outputs in equal parts, not x of shape \(x.shape)")
    }
    var windows = Windows(
        over: Size2D(height: x.shape[2], width: x.shape[3]),
        of: Size2D(height: filter.shape[2], width: filter.shape[3]),
        stride: stride, padding: padding, dilation: dilation)
    guard windows.fit else {
        trap(
            operation,
            "a filter \(filter.shape) spans \(windows.span) with dilation \(dilation), more than "
                + "x of shape \(x.shape) with padding \(padding)")
    }
    windows.limit(operation, batch: x.shape[0], channels: channels, outputs: outputs)
    return convolution(
        x, filter,
        Convolution(
            batch: x.shape[0], channels: channels, outputs: outputs, groups: groups,
            windows: windows))
}

/// Convolution with filters that see only what comes before the output's position in row-major
/// order: the rows above, and what is to the left in its own row (van den Oord et al., "Pixel
/// Recurrent Neural Networks", 2016, section 3.4). The output has the size of the image.
///
/// The other elements of the filter count as zeros, cost nothing and have no gradient. An output
/// does not depend, to the last bit, on what comes later in the image.
///
/// - Parameters:
///   - x: `[batch, channels, height, width]`.
///   - filter: `[outputs, channels, filter height, filter width]`, both odd.
///   - includesCenter: whether the filter also sees the output's own position.
/// - Returns: `[batch, outputs, height, width]`.
public func causalConvolution2D(
    _ x: Tensor, _ filter: Tensor, includesCenter: Bool
) -> Tensor {
    let operation: StaticString = "causalConvolution2D"
    checkOperands(operation, x, filter, 1, 0, 1, 1)
    guard x.shape[1] == filter.shape[1] else {
        trap(
            operation,
            "a filter \(filter.shape) takes \(filter.shape[1]) channels, not x of shape \(x.shape)")
    }
    let window = Size2D(height: filter.shape[2], width: filter.shape[3])
    guard window.height % 2 == 1, window.width % 2 == 1 else {
        trap(operation, "a filter of \(window) has no center: \(filter.shape)")
    }
    guard x.shape[2] > 0, x.shape[3] > 0 else {
        trap(operation, "the image is empty: x of shape \(x.shape)")
    }
    let center = window.height * window.width / 2
    var windows = Windows(
        over: Size2D(height: x.shape[2], width: x.shape[3]), of: window, stride: 1,
        padding: Size2D(height: window.height / 2, width: window.width / 2), dilation: 1)
    windows.limit(
        operation, batch: x.shape[0], channels: x.shape[1], outputs: filter.shape[0])
    return convolution(
        x, filter,
        Convolution(
            batch: x.shape[0], channels: x.shape[1], outputs: filter.shape[0], groups: 1,
            windows: windows, places: includesCenter ? center + 1 : center))
}

/// The transpose of ``convolution2D(_:_:stride:padding:dilation:groups:)`` as a linear map: spreads
/// each element of `x` over the outputs that the filter covers, with a distance of `stride` between
/// neighbouring elements.
///
/// - Parameters:
///   - x: `[batch, inputs, height, width]`.
///   - filter: `[inputs, outputs / groups, filter height, filter width]`.
///   - padding: how much is cropped from each side of the result.
///   - outputPadding: how much larger the result is at the bottom and at the right than the
///     smallest size that a convolution maps to the size of `x`; less than the stride.
/// - Returns: `[batch, outputs, output height, output width]` with
///   `(size − 1) stride − 2 padding + dilation (filter size − 1) + 1 + output padding` along
///   each side.
public func transposedConvolution2D(
    _ x: Tensor, _ filter: Tensor, stride: Size2D = 1, padding: Size2D = 0,
    outputPadding: Size2D = 0, dilation: Size2D = 1, groups: Int = 1
) -> Tensor {
    let operation: StaticString = "transposedConvolution2D"
    checkOperands(operation, x, filter, stride, padding, dilation, groups)
    let inputs = x.shape[1]
    guard inputs == filter.shape[0], inputs % groups == 0 else {
        trap(
            operation,
            "a filter \(filter.shape) in \(groups) groups takes \(filter.shape[0]) channels in "
                + "equal parts, not x of shape \(x.shape)")
    }
    guard (0..<stride.height).contains(outputPadding.height),
        (0..<stride.width).contains(outputPadding.width)
    else {
        trap(operation, "output padding \(outputPadding) is not less than stride \(stride)")
    }
    var windows = Windows(
        over: 0, of: Size2D(height: filter.shape[2], width: filter.shape[3]),
        stride: stride, padding: padding, dilation: dilation)
    windows.image = Size2D(
        height: (x.shape[2] - 1) * stride.height - 2 * padding.height + windows.span.height
            + outputPadding.height,
        width: (x.shape[3] - 1) * stride.width - 2 * padding.width + windows.span.width
            + outputPadding.width)
    guard x.shape[2] > 0, x.shape[3] > 0, windows.image.height > 0, windows.image.width > 0
    else {
        trap(
            operation,
            "the result would be \(windows.image): x of shape \(x.shape), filter "
                + "\(filter.shape), stride \(stride), padding \(padding)")
    }
    windows.limit(
        operation, batch: x.shape[0], channels: filter.shape[1] * groups, outputs: inputs)
    return spread(
        x, filter,
        Convolution(
            batch: x.shape[0], channels: filter.shape[1] * groups, outputs: inputs,
            groups: groups, windows: windows))
}

// Three bilinear maps, of an image x, a filter w and an output y of a convolution: y(x, w), x(y, w)
// and w(x, y). Contracted with the third, each gives the same number, the sum of all products x · w
// · y, so that the derivatives of each are the other two.

private func convolution(_ x: Tensor, _ filter: Tensor, _ shapes: Convolution) -> Tensor {
    differentiable("convolution2D", x, filter) { x, filter in
        shapes.output(of: x, filter)
    } left: { _, filter, _ in
        .rowwise { cotangent in spread(cotangent, filter, shapes) }
    } right: { x, _, _ in
        .shared { cotangent, samples in
            filterGradient(x, cotangent, shapes, samples: samples)
        }
    } pushforward: { x, filter, _, alongX, alongFilter in
        bilinear(x, filter, alongX, alongFilter) { convolution($0, $1, shapes) }
    }
}

private func spread(_ y: Tensor, _ filter: Tensor, _ shapes: Convolution) -> Tensor {
    differentiable("transposedConvolution2D", y, filter) { y, filter in
        shapes.image(of: y, filter)
    } left: { _, filter, _ in
        .rowwise { cotangent in convolution(cotangent, filter, shapes) }
    } right: { y, _, _ in
        .shared { cotangent, samples in
            filterGradient(cotangent, y, shapes, samples: samples)
        }
    } pushforward: { y, filter, _, alongY, alongFilter in
        bilinear(y, filter, alongY, alongFilter) { spread($0, $1, shapes) }
    }
}

private func filterGradient(_ x: Tensor, _ y: Tensor, _ shapes: Convolution) -> Tensor {
    differentiable("convolution2D", x, y) { x, y in
        shapes.filter(of: x, y)
    } left: { _, y, _ in
        .function { cotangent in spread(y, cotangent, shapes) }
    } right: { x, _, _ in
        .function { cotangent in convolution(x, cotangent, shapes) }
    } pushforward: { x, y, _, alongX, alongY in
        bilinear(x, y, alongX, alongY) { filterGradient($0, $1, shapes) }
    }
}

/// The gradients of the filter by equal parts of the batch, stacked, if a number of samples is
/// given.
private func filterGradient(
    _ x: Tensor, _ y: Tensor, _ shapes: Convolution, samples: Int?
) -> Tensor {
    guard let samples else { return filterGradient(x, y, shapes) }
    let images = shapes.batch / samples
    let part = Convolution(
        batch: images, channels: shapes.channels, outputs: shapes.outputs, groups: shapes.groups,
        windows: shapes.windows, places: shapes.places)
    return stacked(
        (0..<samples).map { sample in
            let range = sample * images..<(sample + 1) * images
            return filterGradient(x[range], y[range], part)
        })
}

private func checkOperands(
    _ operation: StaticString, _ x: Tensor, _ filter: Tensor, _ stride: Size2D,
    _ padding: Size2D, _ dilation: Size2D, _ groups: Int
) {
    guard x.rank == 4, filter.rank == 4, filter.shape[2] > 0, filter.shape[3] > 0 else {
        trap(
            operation,
            "expected x of four axes and a filter of four, not empty: \(x.shape) and "
                + "\(filter.shape)")
    }
    guard x.dataType == filter.dataType, x.dataType.isFloatingPoint else {
        trap(operation, "not defined for \(x.dataType) and a filter of \(filter.dataType)")
    }
    checkSteps(operation, x, filter.shape, stride, padding, dilation)
    guard groups > 0 else { trap(operation, "\(groups) groups: there must be one or more") }
    guard groups <= max(1, x.shape[1]) else {
        trap(operation, "\(groups) groups are more than the channels of x of shape \(x.shape)")
    }
}

/// Traps if a stride or dilation is not positive, a padding is negative, or sizes (of `x`, of the
/// filter or window, of the steps) are so large that a product of two of them could overflow.
func checkSteps(
    _ operation: StaticString, _ x: Tensor, _ filter: [Int], _ stride: Size2D, _ padding: Size2D,
    _ dilation: Size2D
) {
    guard min(stride.height, stride.width, dilation.height, dilation.width) > 0 else {
        trap(operation, "stride \(stride) and dilation \(dilation) must be positive")
    }
    guard min(padding.height, padding.width) >= 0 else {
        trap(operation, "padding \(padding) is negative")
    }
    let steps = [stride, padding, dilation].flatMap { [$0.height, $0.width] }
    guard (x.shape + filter + steps).allSatisfy({ $0 <= 1 << 30 }) else {
        trap(
            operation,
            "sizes beyond 2³⁰: x of shape \(x.shape), filter \(filter), stride \(stride), "
                + "padding \(padding), dilation \(dilation)")
    }
}

extension Windows {
    /// Whether the window fits the padded image.
    var fit: Bool {
        span.height <= image.height + 2 * padding.height
            && span.width <= image.width + 2 * padding.width
    }

    /// Traps if the padded images, or the unfolded windows, would have more elements than a tensor
    /// can have. A stride that leads out of the image is reduced to the shortest that does.
    mutating func limit(
        _ operation: StaticString, batch: Int, channels: Int, outputs: Int
    ) {
        let padded = Size2D(
            height: image.height + 2 * padding.height, width: image.width + 2 * padding.width)
        _ = Shape.count([batch, channels, padded.height, padded.width], in: operation)
        stride = Size2D(
            height: min(stride.height, padded.height - span.height + 1),
            width: min(stride.width, padded.width - span.width + 1))
        _ = Shape.count([batch, outputs, stops.height, stops.width], in: operation)
    }
}
