import KernelInterface

/// The greatest element under a window that slides over each channel.
///
/// - Parameters:
///   - x: `[batch, channels, height, width]`.
///   - window: the size of the window.
///   - stride: the distance between neighbouring windows; by default the size of the window.
///   - padding: positions added on each side, which are never the greatest; less than the window.
/// - Returns: `[batch, channels, output height, output width]` with
///   `(size + 2 padding − window) / stride + 1`, rounded down, along each side. Equal greatest
///   elements of a window share the derivative equally.
public func maxPooling2D(
    _ x: Tensor, window: Size2D, stride: Size2D? = nil, padding: Size2D = 0
) -> Tensor {
    maxima(of: x, poolingWindows("maxPooling2D", x, window, stride, padding))
}

/// The greatest element under a window that slides over each channel of sequences.
///
/// - Parameters:
///   - x: `[batch, channels, length]`.
///   - window: the size of the window.
///   - stride: the distance between neighbouring windows; by default the size of the window.
///   - padding: positions added on each side, which are never the greatest; less than the window.
/// - Returns: `[batch, channels, output length]` with `(length + 2 padding − window) / stride + 1`,
///   rounded down. Equal greatest elements of a window share the derivative equally.
public func maxPooling1D(
    _ x: Tensor, window: Int, stride: Int? = nil, padding: Int = 0
) -> Tensor {
    let (x, windows) = poolingWindows("maxPooling1D", x, window, stride, padding)
    return maxima(of: x, windows).squeezed(axes: [2])
}

private func maxima(of x: Tensor, _ windows: Windows) -> Tensor {
    unfolded(x, windows, fill: -.infinity)
        .max(axes: [2])
        .reshaped([x.shape[0], x.shape[1], windows.stops.height, windows.stops.width])
}

/// The mean of the elements under a window that slides over each channel.
///
/// - Parameters:
///   - x: `[batch, channels, height, width]`.
///   - window: the size of the window.
///   - stride: the distance between neighbouring windows; by default the size of the window.
///   - padding: zeros added on each side; less than the window.
///   - countingPadding: whether these zeros count as elements. If not, the mean is of the
///     elements of the image alone.
/// - Returns: `[batch, channels, output height, output width]` with
///   `(size + 2 padding − window) / stride + 1`, rounded down, along each side.
public func averagePooling2D(
    _ x: Tensor, window: Size2D, stride: Size2D? = nil, padding: Size2D = 0,
    countingPadding: Bool = true
) -> Tensor {
    let windows = poolingWindows("averagePooling2D", x, window, stride, padding)
    return means(of: x, windows, countingPadding)
}

/// The mean of the elements under a window that slides over each channel of sequences.
///
/// - Parameters:
///   - x: `[batch, channels, length]`.
///   - window: the size of the window.
///   - stride: the distance between neighbouring windows; by default the size of the window.
///   - padding: zeros added on each side; less than the window.
///   - countingPadding: whether these zeros count as elements. If not, the mean is of the
///     elements of the sequence alone.
/// - Returns: `[batch, channels, output length]` with `(length + 2 padding − window) / stride + 1`,
///   rounded down.
public func averagePooling1D(
    _ x: Tensor, window: Int, stride: Int? = nil, padding: Int = 0, countingPadding: Bool = true
) -> Tensor {
    let (x, windows) = poolingWindows("averagePooling1D", x, window, stride, padding)
    return means(of: x, windows, countingPadding).squeezed(axes: [2])
}

private func means(of x: Tensor, _ windows: Windows, _ countingPadding: Bool) -> Tensor {
    let (window, padding) = (windows.window, windows.padding)
    var sums = unfolded(x, windows, fill: 0).sum(axes: [2])
    if countingPadding || padding == 0 {
        sums = sums / Double(window.height * window.width)
    } else {
        let ones = Tensor.ones([1, 1, x.shape[2], x.shape[3]], dataType: x.dataType)
        sums = sums / unfolded(ones, windows, fill: 0).sum(axes: [2])
    }
    return sums.reshaped([x.shape[0], x.shape[1], windows.stops.height, windows.stops.width])
}

/// The elements under a sliding window, `[batch, channels, places of the window, stops]` from
/// `[batch, channels, height, width]`, with `fill` outside of the image.
func unfolded(_ x: Tensor, _ windows: Windows, fill: Double) -> Tensor {
    differentiable("unfolded", x) { x in
        let type = x.dataType
        let places = windows.window.height * windows.window.width
        let stops = windows.stops.height * windows.stops.width
        let size = windows.image.height * windows.image.width
        return Tensor(type, [x.shape[0], x.shape[1], places, stops]) { output in
            let images = x.shape[0] * x.shape[1]
            inParallel(images, grain: max(1, elementwiseGrain / (places * stops))) { range in
                kernels.unfold(
                    type, windows, range.count, 0..<windows.stops.height, fill,
                    x.storage.pointer + range.lowerBound * size * type.size,
                    output.pointer + range.lowerBound * places * stops * type.size, stops)
            }
        }
    } pullback: { _, _ in
        .rowwise { cotangent in folded(cotangent, windows) }
    } pushforward: { _, _, tangent in
        unfolded(tangent, windows, fill: 0)
    }
}

/// The transpose of `unfolded`: adds each element to the one it was taken from.
func folded(_ y: Tensor, _ windows: Windows) -> Tensor {
    differentiable("folded", y) { y in
        let type = y.dataType
        let (height, width) = (windows.image.height, windows.image.width)
        let (places, stops) = (y.shape[2], y.shape[3])
        let output = Tensor.zeros([y.shape[0], y.shape[1], height, width], dataType: type)
        let target = output.storage.pointer
        let images = y.shape[0] * y.shape[1]
        inParallel(images, grain: max(1, elementwiseGrain / (places * stops))) { range in
            kernels.fold(
                type, windows, range.count, 0..<windows.stops.height,
                y.storage.pointer + range.lowerBound * places * stops * type.size, stops,
                target + range.lowerBound * height * width * type.size)
        }
        return output
    } pullback: { _, _ in
        .rowwise { cotangent in unfolded(cotangent, windows, fill: 0) }
    } pushforward: { _, _, tangent in
        folded(tangent, windows)
    }
}

/// A sequence as an image of height 1, and the windows that slide over it.
private func poolingWindows(
    _ operation: StaticString, _ x: Tensor, _ window: Int, _ stride: Int?, _ padding: Int
) -> (x: Tensor, windows: Windows) {
    guard x.rank == 3 else {
        trap(operation, "expected three axes of floating point, found \(x.dataType) \(x.shape)")
    }
    guard padding >= 0 else { trap(operation, "padding \(padding) is negative") }
    let image = x.expandingAxis(2)
    let windows = poolingWindows(
        operation, image, Size2D(height: 1, width: window),
        Size2D(height: 1, width: stride ?? window), Size2D(height: 0, width: padding))
    return (image, windows)
}

private func poolingWindows(
    _ operation: StaticString, _ x: Tensor, _ window: Size2D, _ stride: Size2D?,
    _ padding: Size2D
) -> Windows {
    guard x.rank == 4, x.dataType.isFloatingPoint else {
        trap(operation, "expected four axes of floating point, found \(x.dataType) \(x.shape)")
    }
    guard min(window.height, window.width) > 0 else {
        trap(operation, "window \(window) is empty")
    }
    checkSteps(operation, x, [window.height, window.width], stride ?? window, padding, 1)
    guard padding.height < window.height, padding.width < window.width else {
        trap(operation, "padding \(padding) is not less than window \(window)")
    }
    var windows = Windows(
        over: Size2D(height: x.shape[2], width: x.shape[3]), of: window,
        stride: stride ?? window, padding: padding, dilation: 1)
    guard windows.image.height > 0, windows.image.width > 0, windows.fit else {
        trap(
            operation,
            "window \(window) is larger than x of shape \(x.shape) with padding \(padding)")
    }
    windows.limit(operation, batch: x.shape[0], channels: x.shape[1], outputs: x.shape[1])
    let unfolded = [window.height, window.width, windows.stops.height, windows.stops.width]
    _ = Shape.count(x.shape[..<2] + unfolded, in: operation)
    return windows
}
