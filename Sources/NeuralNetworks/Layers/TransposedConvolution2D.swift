import Autograd

/// The transpose of a convolution, which enlarges images: `[batch, inputs, height, width]` to
/// `[batch, outputs, output height, output width]` with
/// `(size − 1) stride − 2 padding + dilation (kernel − 1) + 1 + output padding` along each side.
///
/// With kernel 4, stride 2 and padding 1 both sides double.
public struct TransposedConvolution2D: Layer {
    /// The filters: `[inputs, outputs / groups, kernel height, kernel width]`.
    public var weight: Tensor
    /// The biases, `[outputs]`; nil without.
    public var bias: Tensor?
    /// The distance of neighbouring inputs in the output.
    public let stride: Size2D
    /// Pixels cropped from each side of the output.
    public let padding: Size2D
    /// Pixels added to the output at the bottom and at the right.
    public let outputPadding: Size2D
    /// The distance between neighbouring filter elements in the output.
    public let dilation: Size2D
    /// The number of groups of channels.
    public let groups: Int

    /// Traps if the channels cannot be divided into the groups.
    ///
    /// - Parameters:
    ///   - stride: the distance of neighbouring inputs in the output.
    ///   - padding: the number of pixels cropped from each side of the output.
    ///   - outputPadding: the number of pixels added to the output at the bottom and at the right;
    ///     less than the stride.
    ///   - dilation: the distance between neighbouring filter elements in the output.
    ///   - groups: the number of groups of channels; each group of outputs uses one group of
    ///     inputs.
    ///   - initializer: of the weight; the bias starts at zero. Its fan-in is the mean number of
    ///     products in an output, inputs · kernel area / stride area, at least 1; its fan-out the
    ///     number that use an input.
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

    public var steps: [NetworkStep]? {
        let layer = self
        func pair(_ size: Size2D) -> [Double] { [Double(size.height), Double(size.width)] }
        return [
            NetworkStep(
                "transposedConvolution",
                numbers: [
                    "stride": pair(stride), "padding": pair(padding),
                    "outputPadding": pair(outputPadding),
                    "dilation": pair(dilation), "groups": [Double(groups)],
                ], tensors: ["weight": weight, "bias": bias]
            ) { step, input in
                var changed = layer
                (changed.weight, changed.bias) = (step["weight"], step.tensors["bias"])
                return changed(input)
            }
        ]
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("weight", &weight)
        visitor("bias", &bias)
    }
}
