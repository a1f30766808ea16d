/// The progress of an epoch.
public struct TrainingProgress: Sendable {
    /// The number of the current epoch, from 1.
    public let epoch: Int
    /// The number of all epochs.
    public let epochs: Int
    /// The number of finished batches of the epoch.
    public let batch: Int
    /// The number of all batches of the epoch.
    public let batches: Int
    /// The number of processed samples of the epoch.
    public let samples: Int
    /// The number of all samples of the epoch.
    public let samplesPerEpoch: Int
    /// The means so far of `loss` and the objective's terms, in its order.
    public let means: [(name: String, value: Double)]
    /// The speed since the epoch began or was resumed.
    public let samplesPerSecond: Double

    /// The progress with the given numbers.
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
