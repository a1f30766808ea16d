import Autograd

/// Flattens all axes but the first: `[batch, …]` to `[batch, size of a sample]`.
public struct Flatten: Layer {
    public init() {}

    public func callAsFunction(_ input: Tensor, in context: inout PassContext) -> Tensor {
        guard input.rank > 0 else {
            programmerError("Flatten", "expected an input [batch, …], found a scalar")
        }
        return input.flattened()
    }

    public var steps: [NetworkStep]? { [.reshape(nil)] }

    public mutating func visit(_ visitor: inout ModuleVisitor) {}
}
