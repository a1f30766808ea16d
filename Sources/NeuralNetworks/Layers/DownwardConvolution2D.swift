import Autograd

/// A convolution of images whose outputs depend on their own row and the rows above it, to both sides,
/// `[batch, inputs, height, width]` to `[batch, outputs, height, width]`: of an image moved down by a row
/// it sees all that stands above, which masks over one convolution after another do not (van den Oord et
/// al., "Conditional Image Generation with PixelCNN Decoders", arXiv:1606.05328, section 2.2).
public struct DownwardConvolution2D: Layer {
    /// The filters: `[outputs, inputs, kernel height, kernel width]`; the last row is that of the output.
    public var weight: Tensor
    /// The biases, `[outputs]`.
    public var bias: Tensor

    /// Traps if the kernel has no rows, or its width is not odd.
    ///
    /// - Parameter initializer: of the weight; the bias starts at zero.
    public init(
        _ inputs: Int, _ outputs: Int, kernel: Size2D, initializer: Initializer = .glorotUniform,
        using generator: inout RandomGenerator
    ) {
        guard kernel.height > 0, kernel.width > 0, kernel.width % 2 == 1 else {
            programmerError(
                "DownwardConvolution2D", "a kernel of \(kernel) has no middle in its last row")
        }
        let area = kernel.height * kernel.width
        weight = initializer(
            [outputs, inputs, kernel.height, kernel.width], fanIn: inputs * area,
            fanOut: outputs * area, using: &generator)
        bias = Tensor.zeros([outputs])
    }

    public func callAsFunction(_ input: Tensor, in context: inout PassContext) -> Tensor {
        let (inputs, above) = (weight.shape[1], weight.shape[2] - 1)
        guard input.rank == 4, input.shape[1] == inputs else {
            programmerError(
                "DownwardConvolution2D",
                "expected an input [batch, \(inputs), height, width], found \(input.shape)")
        }
        return inner(input.padded([(0, 0), (0, 0), (above, 0), (0, 0)]))
    }

    /// The outputs for all rows but the first, which are above others only: as many as the kernel has,
    /// less one.
    package func inner(_ input: Tensor) -> Tensor {
        let side = weight.shape[3] / 2
        return convolution2D(input, weight, padding: Size2D(height: 0, width: side))
            + bias.reshaped([-1, 1, 1])
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("weight", &weight)
        visitor("bias", &bias)
    }
}
