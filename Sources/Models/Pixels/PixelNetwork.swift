import Autograd

/// A network that computes, for each pixel of images, numbers that depend on the pixels before it alone,
/// in row-major order.
///
/// It is written once, for whole images and for one pixel after another (``PixelPass``).
public protocol PixelNetwork: Module {
    /// What the rows above say of each row, for ``pixels(_:below:given:in:)``; by default nothing.
    ///
    /// - Parameters:
    ///   - above: features of rows, moved down by one row, `[batch, inputs, rows, width]`.
    ///   - condition: what is known of each image, `[batch, conditions]`; nil if nothing is.
    func rows(
        _ above: Tensor, given condition: Tensor?, in pass: inout some PixelPass
    ) -> [Tensor]
    /// The numbers for pixels, `[batch, outputs, …]`.
    ///
    /// - Parameters:
    ///   - features: of pixels, `[batch, inputs, …]`, to be seen by a convolution that excludes the pixel
    ///     itself.
    ///   - rows: what the rows above say.
    func pixels(
        _ features: Tensor, below rows: [Tensor], given condition: Tensor?,
        in pass: inout some PixelPass
    ) -> Tensor
}

extension PixelNetwork {
    public func rows(
        _ above: Tensor, given condition: Tensor?, in pass: inout some PixelPass
    ) -> [Tensor] { [] }

    /// The numbers for all pixels of images, `[batch, outputs, height, width]`.
    ///
    /// - Parameter features: of pixels, `[batch, inputs, height, width]`.
    public func callAsFunction(
        _ features: Tensor, given condition: Tensor? = nil, in context: inout PassContext
    ) -> Tensor {
        guard features.rank == 4, features.shape[2] > 0 else {
            programmerError(
                "PixelNetwork",
                "expected features [batch, inputs, height, width], found \(features.shape)")
        }
        let above = features.sliced(axis: 2, 0..<features.shape[2] - 1)
            .padded([(0, 0), (0, 0), (1, 0), (0, 0)])
        var pass = WholeImages(context: context)
        let rows = rows(above, given: condition, in: &pass)
        let outputs = pixels(features, below: rows, given: condition, in: &pass)
        context = pass.context
        return outputs
    }
}
