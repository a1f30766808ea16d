import Autograd

/// The transpose of a convolution, which enlarges volumes: `[batch, inputs, depth, height, width]`
/// to `[batch, outputs, output depth, output height, output width]` with
/// `(size − 1) stride − 2 padding + dilation (kernel − 1) + 1 + output padding` along each side.
///
/// With kernel 4, stride 2 and padding 1 all sides double.
public struct TransposedConvolution3D: Layer {
    /// The filters: `[inputs, outputs / groups, kernel depth, kernel height, kernel width]`.
    public var weight: Tensor
    /// The biases, `[outputs]`; nil without.
    public var bias: Tensor?
    /// The distance of neighbouring inputs in the output.
    public let stride: Size3D
    /// Elements cropped from each side of the output.
    public let padding: Size3D
    /// Elements added to the output at its far ends.
    public let outputPadding: Size3D
    /// The distance between neighbouring filter elements in the output.
    public let dilation: Size3D
    /// The number of groups of channels.
    public let groups: Int

    /// Traps if the channels cannot be divided into the groups.
    ///
    /// - Parameters:
    ///   - stride: the distance of neighbouring inputs in the output.
    ///   - padding: the number of elements cropped from each side of the output.
    ///   - outputPadding: the number of elements added to the output at its far ends; less than
    ///     the stride.
    ///   - dilation: the distance between neighbouring filter elements in the output.
    ///   - groups: the number of groups of channels; each group of outputs uses one group of
    ///     inputs.
    ///   - initializer: of the weight; the bias starts at zero. Its fan-in is the mean number of
    ///     products in an output, inputs · kernel volume / stride volume, at least 1; its fan-out the
    ///     number that use an input.
    public init(
        _ inputs: Int, _ outputs: Int, kernel: Size3D, stride: Size3D = 1, padding: Size3D = 0,
        outputPadding: Size3D = 0, dilation: Size3D = 1, groups: Int = 1, hasBias: Bool = true,
        initializer: Initializer = .glorotUniform, using generator: inout RandomGenerator
    ) {
        guard groups > 0, inputs % groups == 0, outputs % groups == 0 else {
            programmerError(
                "TransposedConvolution3D",
                "\(inputs) inputs and \(outputs) outputs do not split into \(groups) groups")
        }
        let volume = kernel.depth * kernel.height * kernel.width
        let reaching =
            inputs / groups * volume / max(1, stride.depth * stride.height * stride.width)
        weight = initializer(
            [inputs, outputs / groups, kernel.depth, kernel.height, kernel.width],
            fanIn: max(1, reaching), fanOut: outputs / groups * volume, using: &generator)
        bias = hasBias ? Tensor.zeros([outputs]) : nil
        (self.stride, self.padding, self.outputPadding) = (stride, padding, outputPadding)
        (self.dilation, self.groups) = (dilation, groups)
    }

    public func callAsFunction(_ input: Tensor, in context: inout PassContext) -> Tensor {
        guard input.rank == 5, input.shape[1] == weight.shape[0] else {
            programmerError(
                "TransposedConvolution3D",
                "expected an input [batch, \(weight.shape[0]), depth, height, width], found "
                    + "\(input.shape)")
        }
        let output = transposedConvolution3D(
            input, weight, stride: stride, padding: padding, outputPadding: outputPadding,
            dilation: dilation, groups: groups)
        return bias.map { output + $0.reshaped([-1, 1, 1, 1]) } ?? output
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("weight", &weight)
        visitor("bias", &bias)
    }
}
