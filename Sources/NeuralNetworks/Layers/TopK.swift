import Autograd

/// Keeps the largest components of each sample and sets the others to zero; gradients flow through
/// those kept (Makhzani and Frey, "k-Sparse Autoencoders", arXiv:1312.5663).
///
/// From `[batch, components]` to the same shape. Among equal components the first are kept.
public struct TopK: Layer {
    /// The number of components kept in training.
    public let count: Int
    /// The number kept in evaluation mode: in the paper a few times more gave better features.
    public let evaluationCount: Int

    /// Traps if a number is not positive.
    ///
    /// - Parameter evaluationCount: the same as in training if not given.
    public init(_ count: Int, evaluationCount: Int? = nil) {
        let evaluationCount = evaluationCount ?? count
        guard count > 0, evaluationCount > 0 else {
            programmerError("TopK", "cannot keep \(min(count, evaluationCount))")
        }
        self.count = count
        self.evaluationCount = evaluationCount
    }

    /// Traps if there are fewer components than are to be kept.
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
