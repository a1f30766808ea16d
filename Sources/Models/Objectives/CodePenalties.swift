import Autograd

/// The sum of the absolute values of the code's components, which drives most of them close to
/// zero.
public struct L1OfCodes<Output: HasCode>: ObjectiveTerm {
    public init() {}
    public var name: String { "l1OfCodes" }
    public func callAsFunction(_ pass: ForwardPass<Output>) -> Tensor {
        abs(pass.code).summedOverSample()
    }
}

/// The sum of the squares of the code's components, which keeps codes near the origin.
public struct L2OfCodes<Output: HasCode>: ObjectiveTerm {
    public init() {}
    public var name: String { "l2OfCodes" }
    public func callAsFunction(_ pass: ForwardPass<Output>) -> Tensor {
        square(pass.code).summedOverSample()
    }
}
