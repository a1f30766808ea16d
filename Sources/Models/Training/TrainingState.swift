import Autograd

/// The state of a training run apart from the tensors: stored in a checkpoint, so that the run
/// continues bitwise identically.
struct TrainingState: Codable, Sendable {
    /// Finished epochs, evaluation included.
    var epoch = 0
    /// Finished batches of the current epoch.
    var batch = 0
    /// Updates of the parameters so far.
    var step = 0
    /// The random number generator of the next steps.
    var generator: RandomGenerator
    /// The generator of the order of the samples in the current epoch; nil between epochs.
    var order: RandomGenerator?
    /// The means of the current epoch.
    var means = RunningMeans()
    /// The time of its steps in seconds, since it started or was resumed.
    var seconds = 0.0
    var history: [EpochRecord] = []
    /// The best value that early stopping has seen.
    var best: Best?
    var hasStoppedEarly = false
    /// The number of samples that `batch` refers to: known once training has started.
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

    /// Without times, so that two runs with the same seed have the same state.
    var withoutTimes: TrainingState {
        var copy = self
        copy.seconds = 0
        for index in copy.history.indices { copy.history[index].seconds = 0 }
        return copy
    }

    /// Takes the times of the epochs from their records.
    mutating func takeTimes(from records: [EpochRecord]) {
        let times = Dictionary(records.map { ($0.epoch, $0.seconds) }) { first, _ in first }
        for index in history.indices {
            history[index].seconds = times[history[index].epoch] ?? history[index].seconds
        }
    }

    /// Whether a run can have reached these numbers: a file may contain anything.
    var isPossible: Bool {
        let counts = [epoch, batch, step, samples ?? 0]
        return counts.allSatisfy { 0..<1 << 48 ~= $0 } && batchSize > 0 && means.isPossible
            && batch <= samples ?? 0
    }

    // MARK: Epochs

    /// Starts an epoch, if none is in progress, and returns the order of its samples.
    mutating func orderOfEpoch(of count: Int) -> [Int] {
        let begun = order ?? generator.split()
        order = begun
        var source = begun
        return source.permutation(count)
    }

    /// Ends the current epoch.
    mutating func finishEpoch(_ record: EpochRecord) {
        history.append(record)
        epoch += 1
        batch = 0
        order = nil
        means = RunningMeans()
        seconds = 0
    }
}
