import Autograd

/// Means of quantities over samples, batch by batch.
struct RunningMeans: Codable, Sendable {
    private var names: [String] = []
    private var sums: [Double] = []
    /// How many samples the means are over.
    private(set) var count = 0

    /// Takes in the means of a batch, always the same quantities in the same order.
    mutating func add(_ values: [(name: String, value: Double)], of samples: Int) {
        if count == 0 {
            names = values.map(\.name)
            sums = [Double](repeating: 0, count: names.count)
        }
        guard names == values.map(\.name) else {
            programmerError("RunningMeans", "\(values.map(\.name)) after \(names)")
        }
        for (index, value) in values.enumerated() { sums[index] += value.value * Double(samples) }
        count += samples
    }

    /// Whether these can be means of anything: a file may say what it likes.
    var isPossible: Bool { names.count == sums.count && 0..<1 << 48 ~= count }

    var means: [(name: String, value: Double)] {
        zip(names, sums).map { ($0, $1 / Double(count)) }
    }

    var byName: [String: Double] {
        Dictionary(means.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    }
}

/// What an epoch came to: a line of `metrics.jsonl`.
public struct EpochRecord: Codable, Hashable, Sendable {
    /// From 1; 0 for the model before its first epoch.
    public var epoch: Int
    /// How many updates the parameters have had.
    public var step: Int
    /// Of the epoch's last step; nil where there was none.
    public var learningRate: Double?
    /// Means over the epoch's samples, each under the parameters of its step: `loss` and the
    /// terms of the objective by name.
    public var training: [String: Double]
    /// Means over the held-out samples: in addition `squaredError` and, where the objective
    /// bounds it, `elbo`.
    public var heldOut: [String: Double]
    /// The time of the epoch's steps, without the evaluation, since it began or was resumed; 0
    /// where it is not known.
    public var seconds: Double
}
