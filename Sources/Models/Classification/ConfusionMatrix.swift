import Autograd

/// Which classes samples have, and which a classifier gave them.
public struct ConfusionMatrix: Sendable, Hashable, Codable {
    /// `counts[label][prediction]`.
    public let counts: [[Int]]

    /// - Parameters:
    ///   - labels: `int32`, `[n]`, from 0 up to `classes`.
    ///   - predictions: of the same kind.
    public init(labels: Tensor, predictions: Tensor, classes: Int) {
        guard labels.shape == predictions.shape, labels.rank == 1 else {
            programmerError(
                "ConfusionMatrix",
                "labels of shape \(labels.shape) and predictions of shape \(predictions.shape)")
        }
        var counts = [[Int]](repeating: [Int](repeating: 0, count: classes), count: classes)
        let pairs = zip(
            labels.elements(as: Int32.self), predictions.elements(as: Int32.self))
        for (label, prediction) in pairs {
            guard 0..<classes ~= Int(label), 0..<classes ~= Int(prediction) else {
                programmerError(
                    "ConfusionMatrix",
                    "label \(label), prediction \(prediction) of \(classes) classes")
            }
            counts[Int(label)][Int(prediction)] += 1
        }
        self.counts = counts
    }

    /// The number of samples.
    public var total: Int { counts.reduce(0) { $0 + $1.reduce(0, +) } }

    /// The part of the samples that were given their class, from 0 to 1.
    public var accuracy: Double {
        let hits = counts.indices.reduce(0) { $0 + counts[$1][$1] }
        return total > 0 ? Double(hits) / Double(total) : 0
    }

    /// The part of the samples that were given another class, from 0 to 1.
    public var error: Double { 1 - accuracy }
}
