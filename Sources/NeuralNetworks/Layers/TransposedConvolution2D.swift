import Autograd

/// The transpose of a convolution, which makes images larger:
/// `[batch, inputs, height, width]` to `[batch, outputs, output height, output width]` with
/// `(size − 1) stride − 2 padding + dilation (kernel − 1) + 1 + output padding` along each side.
///
/// With kernel 4, stride 2 and padding 1 both sides double.
public struct TransposedConvolution2D: Layer {
    /// The filters: `[inputs, outputs / groups, kernel height, kernel width]`.
    public var weight: Tensor
    /// `[outputs]`.
    public var bias: Tensor?
    public let stride: Size2D
    public let padding: Size2D
    public let outputPadding: Size2D
    public let dilation: Size2D
    public let groups: Int

    /// - Parameters:
    ///   - stride: how far apart neighbours of the input are in the output.
    ///   - padding: how much is cut from each side of the output.
    ///   - outputPadding: how much larger the output is at the bottom and at the right than the
    ///     smallest that a convolution takes to the input's size; less than the stride.
    ///   - dilation: how far neighbours in the filter lie apart in the output.
    ///   - groups: how many parts the channels are split into; each part of the outputs sees one.
    ///   - initializer: of the weight; the bias starts at zero. Its fan-in is what reaches an
    ///     output on average: inputs · kernel area / stride area, at least 1; its fan-out what
    ///     an input reaches.
    public init(
        _ inputs: Int, _ outputs: Int, kernel: Size2D, stride: Size2D = 1, padding: Size2D = 0,
        outputPadding: Size2D = 0, dilation: Size2D = 1, groups: Int = 1, hasBias: Bool = true,
        initializer: Initializer = .glorotUniform, using generator: inout RandomGenerator
    ) {
        guard groups > 0, inputs % groups == 0, outputs % groups == 0 else {
            programmerError(
                "TransposedConvolution2D",
                "\(inputs) inputs and \(outputs) outputs do not split into \(groups) groups")
        }
        let area = kernel.height * kernel.width
        let reaching = inputs / groups * area / max(1, stride.height * stride.width)
        weight = initializer(
            [inputs, outputs / groups, kernel.height, kernel.width],
            fanIn: max(1, reaching), fanOut: outputs / groups * area, using: &generator)
        bias = hasBias ? Tensor.zeros([outputs]) : nil
        (self.stride, self.padding, self.outputPadding) = (stride, padding, outputPadding)
        (self.dilation, self.groups) = (dilation, groups)
    }

    public func callAsFunction(_ input: Tensor, in context: inout PassContext) -> Tensor {
        guard input.rank == 4, input.shape[1] == weight.shape[0] else {
            programmerError(
                "TransposedConvolution2D",
                "expected an input [batch, \(weight.shape[0]), height, width], found "
                    + "\(input.shape)")
        }
        let output = transposedConvolution2D(
            input, weight, stride: stride, padding: padding, outputPadding: outputPadding,
            dilation: dilation, groups: groups)
        return bias.map { output + $0.reshaped([-1, 1, 1]) } ?? output
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("weight", &weight)
        visitor("bias", &bias)
    }
}
