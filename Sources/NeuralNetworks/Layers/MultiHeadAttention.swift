import Autograd

/// Self-attention of a sequence with several heads (Vaswani et al., "Attention Is All You Need",
/// arXiv:1706.03762, section 3.2): `[batch, tokens, size]` to the same shape.
public struct MultiHeadAttention: Layer {
    /// To queries, keys and values, concatenated, each with its heads concatenated.
    public var projection: Dense
    /// From the concatenated heads.
    public var output: Dense
    /// The number of heads.
    public let heads: Int
    /// Whether a token attends only to itself and those before it.
    public let isCausal: Bool

    /// Traps if the size cannot be divided by the number of heads.
    ///
    /// - Parameters:
    ///   - size: of a token; divided evenly among the heads.
    ///   - initializer: of the weights; the biases start at zero.
    public init(
        _ size: Int, heads: Int, isCausal: Bool = false, hasBias: Bool = true,
        initializer: Initializer = .glorotUniform, using generator: inout RandomGenerator
    ) {
        guard heads > 0, size % heads == 0 else {
            programmerError(
                "MultiHeadAttention", "size \(size) does not split into \(heads) heads")
        }
        projection = Dense(
            size, 3 * size, hasBias: hasBias, initializer: initializer, using: &generator)
        output = Dense(
            size, size, hasBias: hasBias, initializer: initializer, using: &generator)
        (self.heads, self.isCausal) = (heads, isCausal)
    }

    public func callAsFunction(_ input: Tensor, in context: inout PassContext) -> Tensor {
        guard input.rank == 3, input.shape[2] == output.weight.shape[0] else {
            programmerError(
                "MultiHeadAttention",
                "expected an input [batch, tokens, \(output.weight.shape[0])], found "
                    + "\(input.shape)")
        }
        let attended = selfAttention(
            projection(input, in: &context), heads: heads, isCausal: isCausal)
        return output(attended, in: &context)
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("projection", &projection)
        visitor("output", &output)
    }
}
