import Autograd

/// The numbers of samples for each pair of true and predicted class.
public struct ConfusionMatrix: Sendable, Hashable, Codable {
    /// The counts, `counts[label][prediction]`.
    public let counts: [[Int]]

    /// Traps if the shapes differ, or a label or prediction is not a class number.
    ///
    /// - Parameters:
    ///   - labels: class numbers, `int32`, `[n]`, from 0 and below `classes`.
    ///   - predictions: the predicted class numbers, of the same type and shape.
    public init(labels: Tensor, predictions: Tensor, classes: Int) {
        guard labels.shape == predictions.shape, labels.rank == 1, classes >= 0,
            labels.dataType == .int32, predictions.dataType == .int32
        else {
            programmerError(
                "ConfusionMatrix",
                "labels of \(labels.dataType) of shape \(labels.shape) and predictions of "
                    + "\(predictions.dataType) of shape \(predictions.shape), expected class "
                    + "numbers of int32 below \(classes)")
        }
        var counts = [[Int]](repeating: [Int](repeating: 0, count: classes), count: classes)
        let pairs = zip(
            labels.elements(as: Int32.self), predictions.elements(as: Int32.self))
        for (sample, (label, prediction)) in pairs.enumerated() {
            guard 0..<classes ~= Int(label), 0..<classes ~= Int(prediction) else {
                programmerError(
                    "ConfusionMatrix",
                    "sample \(sample) has label \(label) and prediction \(prediction), expected "
                        + "class numbers from 0 and below \(classes)")
            }
            counts[Int(label)][Int(prediction)] += 1
        }
        self.counts = counts
    }

    /// The number of samples.
    public var total: Int { counts.reduce(0) { $0 + $1.reduce(0, +) } }

    /// The fraction of samples classified correctly, from 0 to 1; NaN without samples.
    public var accuracy: Double {
        let hits = counts.indices.reduce(0) { $0 + counts[$1][$1] }
        return Double(hits) / Double(total)
    }

    /// The fraction of samples classified incorrectly, from 0 to 1; NaN without samples.
    public var error: Double { 1 - accuracy }
}
