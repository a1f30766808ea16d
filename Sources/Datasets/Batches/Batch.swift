import Autograd

/// Some samples, and what goes with each of them: what a model is given in one pass.
///
/// Every tensor has the samples along its first axis.
public struct Batch: Sendable {
    /// `[batch, …]`: what the model sees; tokens are `int32`.
    public var input: Tensor
    /// `[batch, …]`: what is to be found: the input itself where nothing else is given.
    public var target: Tensor
    /// `int32`, `[batch]`: the class of each.
    public var labels: Tensor?
    /// 1 where an element of the input is there and 0 where it is missing, of the input's shape.
    public var mask: Tensor?
    /// `int32`, `[batch]`: how many elements of its first axis each sequence has.
    public var lengths: Tensor?
    /// `[batch]`: by which the loss of each is multiplied.
    public var weights: Tensor?

    /// Traps unless all tensors have as many samples.
    public init(
        _ input: Tensor, target: Tensor? = nil, labels: Tensor? = nil, mask: Tensor? = nil,
        lengths: Tensor? = nil, weights: Tensor? = nil
    ) {
        let count = input.shape.first
        for (name, tensor) in [
            ("a target", target), ("labels", labels), ("a mask", mask), ("lengths", lengths),
            ("weights", weights),
        ] {
            guard let tensor, count == nil || tensor.shape.first != count else { continue }
            programmerError(
                "Batch", "an input of shape \(input.shape) with \(name) of shape \(tensor.shape)")
        }
        self.input = input
        self.target = target ?? input
        self.labels = labels
        self.mask = mask
        self.lengths = lengths
        self.weights = weights
    }

    /// The number of samples.
    public var count: Int { input.shape[0] }

    /// The samples at some positions, one after another.
    public subscript(_ range: Range<Int>) -> Batch {
        Batch(
            input[range], target: target[range], labels: labels?[range], mask: mask?[range],
            lengths: lengths?[range], weights: weights?[range])
    }
}
