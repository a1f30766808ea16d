import Autograd

/// The transpose of a convolution, which lengthens sequences: `[batch, inputs, length]` to
/// `[batch, outputs, output length]` with
/// `(length − 1) stride − 2 padding + dilation (kernel − 1) + 1 + output padding`.
///
/// With kernel 4, stride 2 and padding 1 the length doubles.
public struct TransposedConvolution1D: Layer {
    /// The filters: `[inputs, outputs / groups, kernel]`.
    public var weight: Tensor
    /// The biases, `[outputs]`; nil without.
    public var bias: Tensor?
    /// The distance of neighbouring inputs in the output.
    public let stride: Int
    /// Elements cropped from each side of the output.
    public let padding: Int
    /// Elements added to the output at its end.
    public let outputPadding: Int
    /// The distance between neighbouring filter elements in the output.
    public let dilation: Int
    /// The number of groups of channels.
    public let groups: Int

    /// Traps if the channels cannot be divided into the groups.
    ///
    /// - Parameters:
    ///   - stride: the distance of neighbouring inputs in the output.
    ///   - padding: the number of elements cropped from each side of the output.
    ///   - outputPadding: the number of elements added to the output at its end; less than the
    ///     stride.
    ///   - dilation: the distance between neighbouring filter elements in the output.
    ///   - groups: the number of groups of channels; each group of outputs uses one group of
    ///     inputs.
    ///   - initializer: of the weight; the bias starts at zero. Its fan-in is the mean number of
    ///     products in an output, inputs · kernel / stride, at least 1; its fan-out the
    ///     number that use an input.
    public init(
        _ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1, padding: Int = 0,
        outputPadding: Int = 0, dilation: Int = 1, groups: Int = 1, hasBias: Bool = true,
        initializer: Initializer = .glorotUniform, using generator: inout RandomGenerator
    ) {
        guard groups > 0, inputs % groups == 0, outputs % groups == 0 else {
            programmerError(
                "TransposedConvolution1D",
                "\(inputs) inputs and \(outputs) outputs do not split into \(groups) groups")
        }
        let reaching = inputs / groups * kernel / max(1, stride)
        weight = initializer(
            [inputs, outputs / groups, kernel],
            fanIn: max(1, reaching), fanOut: outputs / groups * kernel, using: &generator)
        bias = hasBias ? Tensor.zeros([outputs]) : nil
        (self.stride, self.padding, self.outputPadding) = (stride, padding, outputPadding)
        (self.dilation, self.groups) = (dilation, groups)
    }

    public func callAsFunction(_ input: Tensor, in context: inout PassContext) -> Tensor {
        guard input.rank == 3, input.shape[1] == weight.shape[0] else {
            programmerError(
                "TransposedConvolution1D",
                "expected an input [batch, \(weight.shape[0]), length], found "
                    + "\(input.shape)")
        }
        let output = transposedConvolution1D(
            input, weight, stride: stride, padding: padding, outputPadding: outputPadding,
            dilation: dilation, groups: groups)
        return bias.map { output + $0.reshaped([-1, 1]) } ?? output
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("weight", &weight)
        visitor("bias", &bias)
    }
}
