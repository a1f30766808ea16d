import Autograd

/// A convolution of sequences with learned filters: `[batch, inputs, length]` to
/// `[batch, outputs, output length]` with
/// `(length + 2 padding − dilation (kernel − 1) − 1) / stride + 1`, rounded down; if causal, with
/// `(length − 1) / stride + 1`.
public struct Convolution1D: Layer {
    /// The filters: `[outputs, inputs / groups, kernel]`.
    public var weight: Tensor
    /// The biases, `[outputs]`; nil without.
    public var bias: Tensor?
    /// The step of the filter from one output to the next.
    public let stride: Int
    /// Zeros added on each side.
    public let padding: Int
    /// The distance between neighbouring filter elements in the sequence.
    public let dilation: Int
    /// The number of groups of channels.
    public let groups: Int
    /// Whether outputs depend only on their own position and what comes before, as in
    /// ``causalConvolution1D(_:_:stride:dilation:groups:)``.
    public let isCausal: Bool

    /// Traps if the channels cannot be divided into the groups, or a causal convolution has padding.
    ///
    /// - Parameters:
    ///   - stride: the step of the filter from one output to the next.
    ///   - padding: zeros added on each side.
    ///   - dilation: the distance between neighbouring filter elements in the sequence.
    ///   - groups: the number of groups of channels; each group of outputs uses one group of
    ///     inputs.
    ///   - isCausal: whether outputs depend only on their own position and what comes before.
    ///   - initializer: of the weight; the bias starts at zero.
    public init(
        _ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1, padding: Int = 0,
        dilation: Int = 1, groups: Int = 1, isCausal: Bool = false, hasBias: Bool = true,
        initializer: Initializer = .glorotUniform, using generator: inout RandomGenerator
    ) {
        guard groups > 0, inputs % groups == 0, outputs % groups == 0 else {
            programmerError(
                "Convolution1D",
                "\(inputs) inputs and \(outputs) outputs do not split into \(groups) groups")
        }
        guard !isCausal || padding == 0 else {
            programmerError(
                "Convolution1D", "a causal convolution has no padding of \(padding) of its own")
        }
        weight = initializer(
            [outputs, inputs / groups, kernel],
            fanIn: inputs / groups * kernel, fanOut: outputs / groups * kernel, using: &generator)
        bias = hasBias ? Tensor.zeros([outputs]) : nil
        (self.stride, self.padding, self.dilation) = (stride, padding, dilation)
        (self.groups, self.isCausal) = (groups, isCausal)
    }

    public func callAsFunction(_ input: Tensor, in context: inout PassContext) -> Tensor {
        let inputs = weight.shape[1] * groups
        guard input.rank == 3, input.shape[1] == inputs else {
            programmerError(
                "Convolution1D",
                "expected an input [batch, \(inputs), length], found \(input.shape)")
        }
        let output =
            isCausal
            ? causalConvolution1D(
                input, weight, stride: stride, dilation: dilation, groups: groups)
            : convolution1D(
                input, weight, stride: stride, padding: padding, dilation: dilation,
                groups: groups)
        return bias.map { output + $0.reshaped([-1, 1]) } ?? output
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("weight", &weight)
        visitor("bias", &bias)
    }
}
