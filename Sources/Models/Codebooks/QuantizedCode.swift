import Autograd

/// What a ``Quantizer`` makes of a code.
public struct QuantizedCode: Sendable {
    /// The vectors that codes replaced: the code of the encoder, or more of them, where one after another
    /// takes a part of it.
    public let encoded: Tensor
    /// The codes of the codebook that are nearest to these vectors, in the same shape; with gradients to the
    /// codebook, if it is learned by them.
    public let nearest: Tensor
    /// The same with gradients to the encoder: what is decoded.
    public let passed: Tensor
    /// The positions of the codes in the codebook, `int32` `[batch, height, width]` or `[batch, places]`, or
    /// with an axis of the codes that are added up after the batch.
    public let indices: Tensor
    /// The number of codes in the codebook.
    public let codebookSize: Int
}

/// An output with codes of a codebook.
public protocol HasQuantizedCode: HasCode {
    /// The codes, and what they replace.
    var quantized: QuantizedCode { get }
}

extension HasQuantizedCode {
    public var code: Tensor { quantized.passed }
}
