// The places of the filter along the depth are channels: of a convolution of images, one for each
// stop along the depth.

/// Convolution of volumes with filters, as defined in machine learning: the filters are not flipped.
///
/// The volumes that the filter sees at each stop along the depth are laid out side by side: this
/// takes the memory of `x` as many times as the filter is deep, divided by the stride.
///
/// - Parameters:
///   - x: `[batch, channels, depth, height, width]`.
///   - filter: `[outputs, channels / groups, filter depth, filter height, filter width]`.
///   - stride: the distance between neighbouring outputs in the volume.
///   - padding: zeros added on each side.
///   - dilation: the distance in the volume between neighbouring elements of the filter.
///   - groups: into how many groups the channels are split; each group of outputs sees one of them.
/// - Returns: `[batch, outputs, output depth, output height, output width]` with
///   `(size + 2 padding − dilation (filter size − 1) − 1) / stride + 1`, rounded down, along
///   each side.
public func convolution3D(
    _ x: Tensor, _ filter: Tensor, stride: Size3D = 1, padding: Size3D = 0, dilation: Size3D = 1,
    groups: Int = 1
) -> Tensor {
    let sliding = SlidingFilter(
        "convolution3D", x, filter, stride: stride.sides, padding: padding.sides,
        dilation: dilation.sides, groups: groups)
    let sizes = sliding.outputs()
    let (batch, channels, plane) = (x.shape[0], x.shape[1], Array(x.shape[3...]))
    let (outputs, places) = (filter.shape[0], filter.shape[2])
    let (before, none) = (padding.depth, (before: 0, after: 0))
    var stacks = x.swappingAxes(1, 2)
        .padded([none, (before, before), none, none, none])
        .gathered(at: depths(sizes[0], places, stride, dilation), axis: 1)
    if groups > 1 {
        stacks = stacks.reshaped([batch, sizes[0], places, groups, channels / groups] + plane)
            .swappingAxes(2, 3)
    }
    let images = convolution2D(
        stacks.reshaped([batch * sizes[0], places * channels] + plane), filter.placesAsChannels(),
        stride: stride.plane, padding: padding.plane, dilation: dilation.plane, groups: groups)
    return images.reshaped([batch, sizes[0], outputs] + sizes[1...]).swappingAxes(1, 2)
}

/// The transpose of ``convolution3D(_:_:stride:padding:dilation:groups:)`` as a linear map: spreads
/// each element of `x` over the outputs that the filter covers, with a distance of `stride` between
/// neighbouring elements.
///
/// - Parameters:
///   - x: `[batch, inputs, depth, height, width]`.
///   - filter: `[inputs, outputs / groups, filter depth, filter height, filter width]`.
///   - padding: how much is cropped from each side of the result.
///   - outputPadding: how much larger the result is at the far ends than the smallest size that a
///     convolution maps to the size of `x`; less than the stride.
/// - Returns: `[batch, outputs, output depth, output height, output width]` with
///   `(size − 1) stride − 2 padding + dilation (filter size − 1) + 1 + output padding` along
///   each side.
public func transposedConvolution3D(
    _ x: Tensor, _ filter: Tensor, stride: Size3D = 1, padding: Size3D = 0,
    outputPadding: Size3D = 0, dilation: Size3D = 1, groups: Int = 1
) -> Tensor {
    let sliding = SlidingFilter(
        "transposedConvolution3D", x, filter, stride: stride.sides, padding: padding.sides,
        dilation: dilation.sides, groups: groups)
    let sizes = sliding.transposedOutputs(outputPadding: outputPadding.sides)
    let (batch, depth) = (x.shape[0], x.shape[2])
    let (outputs, places) = (filter.shape[1], filter.shape[2])
    let images = transposedConvolution2D(
        x.swappingAxes(1, 2).reshaped([batch * depth, x.shape[1]] + x.shape[3...]),
        filter.placesAsChannels(), stride: stride.plane, padding: padding.plane,
        outputPadding: outputPadding.plane, dilation: dilation.plane, groups: groups)
    var stacks = images
    if groups > 1 {
        stacks = stacks.reshaped([batch, depth, groups, places, outputs] + sizes[1...])
            .swappingAxes(2, 3)
    }
    return stacks.reshaped([batch, depth, places, groups * outputs] + sizes[1...])
        .scatterAdded(
            at: depths(depth, places, stride, dilation), axis: 1,
            size: sizes[0] + 2 * padding.depth
        )
        .sliced(axis: 1, padding.depth..<padding.depth + sizes[0])
        .swappingAxes(1, 2)
}

/// The positions along the depth of the filter's places at each stop, `[stops, places]`.
private func depths(_ stops: Int, _ places: Int, _ stride: Size3D, _ dilation: Size3D) -> Tensor {
    let positions = (0..<stops).flatMap { stop in
        (0..<places).map { Int32(stop * stride.depth + $0 * dilation.depth) }
    }
    return Tensor(positions, shape: [stops, places])
}

extension Tensor {
    /// A filter `[a, b, depth, height, width]` as one of images, `[a, depth · b, height, width]`.
    fileprivate func placesAsChannels() -> Tensor {
        swappingAxes(1, 2).reshaped([shape[0], shape[1] * shape[2], shape[3], shape[4]])
    }
}
