import Autograd

/// Gives each sample another shape with the same number of elements: `[batch, …]` to
/// `[batch] + shape`.
public struct Reshape: Layer {
    /// The new shape of a sample.
    public let shape: [Int]

    /// Traps if a size is negative.
    ///
    /// - Parameter shape: of a sample.
    public init(_ shape: [Int]) {
        guard shape.allSatisfy({ $0 >= 0 }) else {
            programmerError("Reshape", "\(shape) is not the shape of a sample")
        }
        self.shape = shape
    }

    public func callAsFunction(_ input: Tensor, in context: inout PassContext) -> Tensor {
        let elements = shape.reduce(1, *)
        guard input.rank > 0, input.shape.dropFirst().reduce(1, *) == elements else {
            programmerError(
                "Reshape", "samples of an input of shape \(input.shape) do not become \(shape)")
        }
        return input.reshaped([input.shape[0]] + shape)
    }

    public var steps: [NetworkStep]? { [.reshape(shape)] }

    public mutating func visit(_ visitor: inout ModuleVisitor) {}
}
