// A sequence is an image of height 1.

/// Convolution of sequences with filters, as defined in machine learning: the filters are not
/// flipped.
///
/// - Parameters:
///   - x: `[batch, channels, length]`.
///   - filter: `[outputs, channels / groups, filter length]`.
///   - stride: the distance between neighbouring outputs in the sequence.
///   - padding: zeros added on each side.
///   - dilation: the distance in the sequence between neighbouring elements of the filter.
///   - groups: into how many groups the channels are split; each group of outputs sees one of them.
/// - Returns: `[batch, outputs, output length]` with
///   `(length + 2 padding − dilation (filter length − 1) − 1) / stride + 1`, rounded down.
public func convolution1D(
    _ x: Tensor, _ filter: Tensor, stride: Int = 1, padding: Int = 0, dilation: Int = 1,
    groups: Int = 1
) -> Tensor {
    let sliding = SlidingFilter(
        "convolution1D", x, filter, stride: [stride], padding: [padding], dilation: [dilation],
        groups: groups)
    _ = sliding.outputs()
    return convolution2D(
        x.expandingAxis(2), filter.expandingAxis(2), stride: Size2D(height: 1, width: stride),
        padding: Size2D(height: 0, width: padding), dilation: Size2D(height: 1, width: dilation),
        groups: groups
    ).squeezed(axes: [2])
}

/// Convolution of sequences with filters that see only the output's own position, by their last
/// element, and what comes before, with zeros before the beginning (van den Oord et al., "WaveNet: A
/// Generative Model for Raw Audio", arXiv:1609.03499, section 2.1).
///
/// - Parameters:
///   - x: `[batch, channels, length]`, not empty along its length.
///   - filter: `[outputs, channels / groups, filter length]`.
///   - stride: the distance between neighbouring outputs in the sequence; the first output is at its
///     beginning.
///   - dilation: the distance in the sequence between neighbouring elements of the filter.
///   - groups: into how many groups the channels are split; each group of outputs sees one of them.
/// - Returns: `[batch, outputs, output length]` with `(length − 1) / stride + 1`, rounded down.
public func causalConvolution1D(
    _ x: Tensor, _ filter: Tensor, stride: Int = 1, dilation: Int = 1, groups: Int = 1
) -> Tensor {
    let operation: StaticString = "causalConvolution1D"
    let sliding = SlidingFilter(
        operation, x, filter, stride: [stride], padding: [0], dilation: [dilation], groups: groups)
    guard x.shape[2] > 0 else { trap(operation, "the sequence is empty: x of shape \(x.shape)") }
    let reach = dilation * (filter.shape[2] - 1)
    _ = Shape.count([x.shape[0], x.shape[1], x.shape[2] + reach], in: operation)
    sliding.checkChannels()
    return convolution1D(
        x.padded([(0, 0), (0, 0), (reach, 0)]), filter, stride: stride, dilation: dilation,
        groups: groups)
}

/// The transpose of ``convolution1D(_:_:stride:padding:dilation:groups:)`` as a linear map: spreads
/// each element of `x` over the outputs that the filter covers, with a distance of `stride` between
/// neighbouring elements.
///
/// - Parameters:
///   - x: `[batch, inputs, length]`.
///   - filter: `[inputs, outputs / groups, filter length]`.
///   - padding: how much is cropped from each side of the result.
///   - outputPadding: how much longer the result is at its end than the smallest size that a
///     convolution maps to the size of `x`; less than the stride.
/// - Returns: `[batch, outputs, output length]` with
///   `(length − 1) stride − 2 padding + dilation (filter length − 1) + 1 + output padding`.
public func transposedConvolution1D(
    _ x: Tensor, _ filter: Tensor, stride: Int = 1, padding: Int = 0, outputPadding: Int = 0,
    dilation: Int = 1, groups: Int = 1
) -> Tensor {
    let sliding = SlidingFilter(
        "transposedConvolution1D", x, filter, stride: [stride], padding: [padding],
        dilation: [dilation], groups: groups)
    _ = sliding.transposedOutputs(outputPadding: [outputPadding])
    return transposedConvolution2D(
        x.expandingAxis(2), filter.expandingAxis(2), stride: Size2D(height: 1, width: stride),
        padding: Size2D(height: 0, width: padding),
        outputPadding: Size2D(height: 0, width: outputPadding),
        dilation: Size2D(height: 1, width: dilation), groups: groups
    ).squeezed(axes: [2])
}
