import Autograd

/// A learned vector for each index: `int32` indices `[…]` to `[…, size]`.
///
/// Traps if an index is outside of `0..<count`.
public struct Embedding: Layer {
    /// The vectors, `[count, size]`.
    public var weight: Tensor

    /// - Parameters:
    ///   - count: the number of vectors.
    ///   - initializer: of the vectors; standard normal if not given.
    public init(
        _ count: Int, _ size: Int, initializer: Initializer = .normal(standardDeviation: 1),
        using generator: inout RandomGenerator
    ) {
        weight = initializer([count, size], fanIn: count, fanOut: size, using: &generator)
    }

    public func callAsFunction(_ input: Tensor, in context: inout PassContext) -> Tensor {
        guard input.dataType == .int32 else {
            programmerError(
                "Embedding",
                "expected indices of int32, found \(input.dataType) of shape \(input.shape)")
        }
        return weight.gathered(at: input)
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("weight", &weight)
    }
}
