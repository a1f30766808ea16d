import Autograd

/// A dense layer in which an output depends only on inputs that come before it, `[batch, …, inputs]` to
/// `[batch, …, outputs]`: the building block of autoregressive models of vectors (Germain et al.,
/// "MADE: Masked Autoencoder for Distribution Estimation", arXiv:1502.03509, section 4).
///
/// Each input and each output has a place in an order.
public struct MaskedDense: Layer {
    /// The weights, `[outputs, inputs]`. Masked elements are initialised with zeros and have no effect
    /// and no gradient.
    public var weight: Tensor
    /// The biases, `[outputs]`.
    public var bias: Tensor

    private let inputPlaces: [Int]
    private let outputPlaces: [Int]
    private let includesEqual: Bool

    /// - Parameters:
    ///   - inputPlaces: of each input.
    ///   - outputPlaces: of each output.
    ///   - includesEqual: whether an output depends also on inputs at its own place.
    ///   - initializer: of the weight; the bias starts at zero.
    public init(
        inputPlaces: [Int], outputPlaces: [Int], includesEqual: Bool,
        initializer: Initializer = .glorotUniform, using generator: inout RandomGenerator
    ) {
        (self.inputPlaces, self.outputPlaces) = (inputPlaces, outputPlaces)
        self.includesEqual = includesEqual
        let (inputs, outputs) = (inputPlaces.count, outputPlaces.count)
        weight = initializer([outputs, inputs], fanIn: inputs, fanOut: outputs, using: &generator)
        bias = Tensor.zeros([outputs])
        weight = weight * mask
    }

    /// 1 where an output depends on an input, `[outputs, inputs]`.
    private var mask: Tensor {
        let inputs = Tensor(inputPlaces.map { Int32($0) }).expandingAxis(0)
        let outputs = Tensor(outputPlaces.map { Int32($0) }).expandingAxis(1)
        return (includesEqual ? outputs .>= inputs : outputs .> inputs).cast(to: weight.dataType)
    }

    public func callAsFunction(_ input: Tensor, in context: inout PassContext) -> Tensor {
        guard input.rank >= 2, input.shape.last == inputPlaces.count else {
            programmerError(
                "MaskedDense",
                "expected an input [batch, …, \(inputPlaces.count)], found \(input.shape)")
        }
        return matmul(input, weight * mask, transposingRight: true) + bias
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("weight", &weight)
        visitor("bias", &bias)
    }
}
