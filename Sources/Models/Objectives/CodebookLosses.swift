import Autograd

/// The squared distance of the codes from the vectors that they replace, which are constant: it draws a
/// codebook that is learned by gradient to them (van den Oord et al., arXiv:1711.00937, equation 3). One
/// that is learned by averages has no gradient of it.
///
/// Like an error of reconstruction it is summed over the sample, that is over all numbers of its code.
public struct CodebookLoss<Output: HasQuantizedCode>: ObjectiveTerm {
    public init() {}
    public var name: String { "codebookLoss" }
    public func callAsFunction(_ pass: ForwardPass<Output>) -> Tensor {
        squaredError(pass.quantized.nearest, stopGradient(pass.quantized.encoded))
    }
}

/// The squared distance of the encoder's vectors from the codes that replace them, which are constant: it
/// keeps the encoder from running ahead of its codebook (van den Oord et al., arXiv:1711.00937, equation 3,
/// with the weight β).
///
/// Like an error of reconstruction it is summed over the sample, that is over all numbers of its code.
public struct CommitmentLoss<Output: HasQuantizedCode>: ObjectiveTerm {
    public init() {}
    public var name: String { "commitmentLoss" }
    public func callAsFunction(_ pass: ForwardPass<Output>) -> Tensor {
        squaredError(pass.quantized.encoded, stopGradient(pass.quantized.nearest))
    }
}
