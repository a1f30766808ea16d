import Autograd

/// A convolution of images whose outputs depend only on earlier pixels, in row-major order (van den
/// Oord et al., "Pixel Recurrent Neural Networks", 2016, section 3.4): the building block of
/// autoregressive models of images. `[batch, inputs, height, width]` to
/// `[batch, outputs, height, width]`.
///
/// The channels of a pixel are not ordered: all come before those of the next pixel.
public struct MaskedConvolution2D: Layer {
    /// Which pixels an output depends on. The first layer of a model must exclude the pixel that is
    /// predicted; later layers may include it, as their input does not depend on it.
    public enum Kind: String, Sendable, Codable, CaseIterable {
        /// Only earlier pixels; mask A in the paper.
        case excludingCenter
        /// Earlier pixels and its own; mask B in the paper.
        case includingCenter
    }

    /// The filters: `[outputs, inputs, kernel height, kernel width]`. Masked elements are
    /// initialised with zeros and have no effect and no gradient.
    public var weight: Tensor
    /// The biases, `[outputs]`; nil without.
    public var bias: Tensor?
    /// Which pixels an output depends on.
    public let kind: Kind

    /// Traps if a side of the kernel is not odd.
    ///
    /// - Parameters:
    ///   - kernel: the size of the filter, odd along both sides.
    ///   - initializer: of the weight, with the fans of the unmasked elements; the bias starts at
    ///     zero.
    public init(
        _ inputs: Int, _ outputs: Int, kernel: Size2D, kind: Kind, hasBias: Bool = true,
        initializer: Initializer = .glorotUniform, using generator: inout RandomGenerator
    ) {
        guard kernel.height > 0, kernel.width > 0, kernel.height % 2 == 1, kernel.width % 2 == 1
        else {
            programmerError("MaskedConvolution2D", "a kernel of \(kernel) has no center")
        }
        let area = kernel.height * kernel.width
        let seen = kind == .includingCenter ? area / 2 + 1 : area / 2
        let mask = Tensor(
            (0..<area).map { $0 < seen ? 1 : 0 as Float }, shape: [kernel.height, kernel.width])
        weight =
            initializer(
                [outputs, inputs, kernel.height, kernel.width],
                fanIn: max(1, inputs * seen), fanOut: max(1, outputs * seen), using: &generator)
            * mask
        bias = hasBias ? Tensor.zeros([outputs]) : nil
        self.kind = kind
    }

    public func callAsFunction(_ input: Tensor, in context: inout PassContext) -> Tensor {
        guard input.rank == 4, input.shape[1] == weight.shape[1] else {
            programmerError(
                "MaskedConvolution2D",
                "expected an input [batch, \(weight.shape[1]), height, width], found "
                    + "\(input.shape)")
        }
        let output = causalConvolution2D(
            input, weight, includesCenter: kind == .includingCenter)
        return bias.map { output + $0.reshaped([-1, 1, 1]) } ?? output
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("weight", &weight)
        visitor("bias", &bias)
    }
}
