import Autograd
import Distributions

/// An encoder whose code is the output of a layer.
///
/// Special codes are part of the body: a sigmoid, or a layer that keeps the k largest components.
public struct DeterministicEncoder<Body: Layer>: EncoderNetwork {
    /// From samples, `[batch, …]`, to codes.
    public var body: Body

    /// An encoder with the given body.
    public init(_ body: Body) { self.body = body }

    public func callAsFunction(_ input: Tensor, in context: inout PassContext) -> PointMass {
        PointMass(body(input, in: &context))
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) { visitor("body", &body) }
}
