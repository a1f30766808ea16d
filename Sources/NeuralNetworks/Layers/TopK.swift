import Autograd

/// Keeps the greatest components of every sample and sets the others to zero; gradients flow
/// through those kept (Makhzani and Frey, "k-Sparse Autoencoders", arXiv:1312.5663).
///
/// From `[batch, components]` to the same shape. Of equal components the first are kept.
public struct TopK: Layer {
    /// How many in training.
    public let count: Int
    /// How many in evaluation: the paper found a few times more to make better features.
    public let evaluationCount: Int

    /// - Parameter evaluationCount: as many as in training where not given.
    public init(_ count: Int, evaluationCount: Int? = nil) {
        let evaluationCount = evaluationCount ?? count
        guard count > 0, evaluationCount > 0 else {
            programmerError("TopK", "cannot keep \(min(count, evaluationCount))")
        }
        self.count = count
        self.evaluationCount = evaluationCount
    }

    /// Traps where there are fewer components than are to be kept.
    public func callAsFunction(_ input: Tensor, in context: inout PassContext) -> Tensor {
        let count = context.isTraining ? count : evaluationCount
        guard input.rank == 2, count <= input.shape[1] else {
            programmerError(
                "TopK", "cannot keep \(count) components of shape \(input.shape)")
        }
        let kept = stopGradient(input).topIndices(count)
        let ones = Tensor.ones(kept.shape, dataType: input.dataType)
        return input * ones.scatterAddedAlong(axis: -1, at: kept, size: input.shape[1])
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {}
}
