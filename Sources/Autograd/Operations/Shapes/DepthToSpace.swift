/// Rearranges channels into pixels: `[batch, channels · factor², height, width]` becomes `[batch,
/// channels, height · factor, width · factor]`. Each position becomes a square, whose rows are
/// filled one after another by `factor²` neighbouring channels.
///
/// A convolution followed by this enlarges the image: the sub-pixel convolution (Shi et al.,
/// "Real-Time Single Image and Video Super-Resolution Using an Efficient Sub-Pixel Convolutional
/// Neural Network", arXiv:1609.05158, equation 4).
public func depthToSpace(_ x: Tensor, factor: Int) -> Tensor {
    // The square of a larger factor exceeds the channels, or even overflows.
    guard x.rank == 4, factor > 0, factor <= max(x.shape[1], 1),
        x.shape[1] % (factor * factor) == 0
    else {
        trap(
            "depthToSpace",
            "the channels of x of shape \(x.shape) do not divide into squares of \(factor)")
    }
    let (batch, channels) = (x.shape[0], x.shape[1] / (factor * factor))
    let (height, width) = (x.shape[2], x.shape[3])
    return x.reshaped([batch, channels, factor, factor, height, width])
        .transposed([0, 1, 4, 2, 5, 3])
        .reshaped([batch, channels, height * factor, width * factor])
}
