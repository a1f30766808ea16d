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
    /// The means of the epoch under way.
    var means = RunningMeans()
    /// The time its steps took, since it began or was resumed.
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

    // MARK: In a checkpoint

    /// Without what a clock said: two runs of the same seed have the same state.
    var withoutTimes: TrainingState {
        var copy = self
        copy.seconds = 0
        for index in copy.history.indices { copy.history[index].seconds = 0 }
        return copy
    }

    /// Takes the times of the epochs from records of them.
    mutating func takeTimes(from records: [EpochRecord]) {
        let times = Dictionary(records.map { ($0.epoch, $0.seconds) }) { first, _ in first }
        for index in history.indices {
            history[index].seconds = times[history[index].epoch] ?? history[index].seconds
        }
    }

    /// Whether a run can have come to these numbers: a file may say anything.
    var isPossible: Bool {
        let counts = [epoch, batch, step, samples ?? 0]
        return counts.allSatisfy { 0..<1 << 48 ~= $0 } && batchSize > 0 && means.isPossible
            && batch <= samples ?? 0
    }

    // MARK: Epochs

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
