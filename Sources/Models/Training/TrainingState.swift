import Autograd

/// Where a training run stands, apart from the tensors: what a checkpoint holds besides, so
/// that the run goes on to the same last bit.
struct TrainingState: Codable, Sendable {
    /// Epochs that are finished, evaluation included.
    var epoch = 0
    /// Batches of the epoch under way that are done.
    var batch = 0
    /// Updates the parameters have had.
    var step = 0
    /// The source of what the next steps draw.
    var generator: RandomGenerator
    /// The source of the order of the samples in the epoch under way; nil between epochs.
    var order: RandomGenerator?
    /// The means of the epoch under way, and the time its steps took.
    var means = RunningMeans()
    var seconds = 0.0
    var history: [EpochRecord] = []
    /// The best value that early stopping has seen.
    var best: Best?
    var hasStoppedEarly = false
    /// What `batch` counts: known once training has begun.
    var samples: Int?
    let batchSize: Int

    struct Best: Codable, Sendable {
        var epoch: Int
        var value: Double
    }

    init(generator: RandomGenerator, batchSize: Int) {
        self.generator = generator
        self.batchSize = batchSize
    }

    /// Begins an epoch, if none is under way, and returns the order of its samples.
    mutating func orderOfEpoch(of count: Int) -> [Int] {
        let begun = order ?? generator.split()
        order = begun
        var source = begun
        return source.permutation(count)
    }

    /// Ends the epoch under way.
    mutating func finishEpoch(_ record: EpochRecord) {
        history.append(record)
        epoch += 1
        batch = 0
        order = nil
        means = RunningMeans()
        seconds = 0
    }
}
