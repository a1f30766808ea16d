import Autograd

/// Some samples, and what goes with each of them: the input of a model for one pass.
///
/// Every tensor has the samples along its first axis.
public struct Batch: Sendable {
    /// `[batch, …]`: what the model sees; tokens are `int32`.
    public var input: Tensor
    /// `[batch, …]`: what the model should return; by default the input itself.
    public var target: Tensor
    /// `int32`, `[batch]`: the class of each sample.
    public var labels: Tensor?
    /// `[batch]`: a number that is known of each sample.
    public var condition: Tensor?
    /// 1 where an element of the input is present and 0 where it is missing, of the input's shape.
    public var mask: Tensor?
    /// `[batch, height, width]`: 1 where an image shows what a model is to learn, and 0 where it does not;
    /// nil if that is not known.
    public var region: Tensor?
    /// `int32`, `[batch]`: the length of each sequence along its first axis.
    public var lengths: Tensor?
    /// `[batch]`: the factor of each sample's loss.
    public var weights: Tensor?
    /// How many values, evenly from 0 to 1, the elements of the target had before noise was put
    /// between them (``Dequantization``); nil if none was.
    public var levels: Int?

    /// Traps unless all tensors have equally many samples.
    public init(
        _ input: Tensor, target: Tensor? = nil, labels: Tensor? = nil, mask: Tensor? = nil,
        lengths: Tensor? = nil, weights: Tensor? = nil, condition: Tensor? = nil
    ) {
        let count = input.shape.first
        for (name, tensor) in [
            ("a target", target), ("labels", labels), ("a mask", mask), ("lengths", lengths),
            ("weights", weights), ("a condition", condition),
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
        self.condition = condition
    }

    /// The number of samples.
    public var count: Int { input.shape[0] }

    /// The samples at some positions, one after another.
    public subscript(_ range: Range<Int>) -> Batch {
        var part = Batch(
            input[range], target: target[range], labels: labels?[range], mask: mask?[range],
            lengths: lengths?[range], weights: weights?[range], condition: condition?[range])
        part.levels = levels
        part.region = region?[range]
        return part
    }
}
