import Autograd

/// A convolution of images with learned filters: `[batch, inputs, height, width]` to
/// `[batch, outputs, output height, output width]` with
/// `(size + 2 padding − dilation (kernel − 1) − 1) / stride + 1`, rounded down, along each side.
public struct Convolution2D: Layer {
    /// The filters: `[outputs, inputs / groups, kernel height, kernel width]`.
    public var weight: Tensor
    /// The biases, `[outputs]`; nil without.
    public var bias: Tensor?
    /// The step of the filter from one output to the next.
    public let stride: Size2D
    /// Zeros added on each side.
    public let padding: Size2D
    /// The distance between neighbouring filter elements in the image.
    public let dilation: Size2D
    /// The number of groups of channels.
    public let groups: Int

    /// Traps if the channels cannot be divided into the groups.
    ///
    /// - Parameters:
    ///   - stride: the step of the filter from one output to the next.
    ///   - padding: zeros added on each side.
    ///   - dilation: the distance between neighbouring filter elements in the image.
    ///   - groups: the number of groups of channels; each group of outputs uses one group of
    ///     inputs.
    ///   - initializer: of the weight; the bias starts at zero.
    public init(
        _ inputs: Int, _ outputs: Int, kernel: Size2D, stride: Size2D = 1, padding: Size2D = 0,
        dilation: Size2D = 1, groups: Int = 1, hasBias: Bool = true,
        initializer: Initializer = .glorotUniform, using generator: inout RandomGenerator
    ) {
        guard groups > 0, inputs % groups == 0, outputs % groups == 0 else {
            programmerError(
                "Convolution2D",
                "\(inputs) inputs and \(outputs) outputs do not split into \(groups) groups")
        }
        let area = kernel.height * kernel.width
        weight = initializer(
            [outputs, inputs / groups, kernel.height, kernel.width],
            fanIn: inputs / groups * area, fanOut: outputs / groups * area, using: &generator)
        bias = hasBias ? Tensor.zeros([outputs]) : nil
        (self.stride, self.padding) = (stride, padding)
        (self.dilation, self.groups) = (dilation, groups)
    }

    public func callAsFunction(_ input: Tensor, in context: inout PassContext) -> Tensor {
        let inputs = weight.shape[1] * groups
        guard input.rank == 4, input.shape[1] == inputs else {
            programmerError(
                "Convolution2D",
                "expected an input [batch, \(inputs), height, width], found \(input.shape)")
        }
        let output = convolution2D(
            input, weight, stride: stride, padding: padding, dilation: dilation, groups: groups)
        return bias.map { output + $0.reshaped([-1, 1, 1]) } ?? output
    }

    public var steps: [NetworkStep]? {
        let layer = self
        func pair(_ size: Size2D) -> [Double] { [Double(size.height), Double(size.width)] }
        return [
            NetworkStep(
                "convolution",
                numbers: [
                    "stride": pair(stride), "padding": pair(padding),
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
