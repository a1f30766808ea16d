/// How far an epoch has come.
public struct TrainingProgress: Sendable {
    /// The epoch under way, from 1, of how many.
    public let epoch: Int
    public let epochs: Int
    /// The batches that are done, of how many.
    public let batch: Int
    public let batches: Int
    /// The samples that are done, of how many.
    public let samples: Int
    public let samplesPerEpoch: Int
    /// The means so far of `loss` and the objective's terms, in its order.
    public let means: [(name: String, value: Double)]
    /// Since the epoch began, or was resumed.
    public let samplesPerSecond: Double

    public init(
        epoch: Int, epochs: Int, batch: Int, batches: Int, samples: Int, samplesPerEpoch: Int,
        means: [(name: String, value: Double)], samplesPerSecond: Double
    ) {
        self.epoch = epoch
        self.epochs = epochs
        self.batch = batch
        self.batches = batches
        self.samples = samples
        self.samplesPerEpoch = samplesPerEpoch
        self.means = means
        self.samplesPerSecond = samplesPerSecond
    }
}
