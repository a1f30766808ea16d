import Autograd

/// How long and how a model is trained.
public struct TrainingPlan: Sendable {
    /// The number of passes over the data. With 0 the model is evaluated and left unchanged.
    public var epochs: Int
    /// The number of samples in a step; the last batch of an epoch holds the rest.
    public var batchSize: Int
    /// Whether to leave out the last batch if it is smaller than the others; each epoch then misses
    /// different samples. Layers that compare the samples of a batch, such as
    /// ``BatchNormalization``, cannot be trained on a single sample.
    public var dropsIncompleteBatch: Bool
    /// Determines the order of the samples and all random numbers of layers and posteriors.
    public var seed: UInt64
    /// The factor of the learning rate at each step.
    public var schedule: Schedule
    /// Whether and how gradients are clipped.
    public var clipping: GradientClipping?
    /// Whether to stop when a metric on held-out data no longer improves.
    public var earlyStopping: EarlyStopping?
    /// If given, the model that is evaluated and kept is a moving average with this decay.
    public var averageDecay: Double?
    /// Seconds between checkpoints within an epoch; one is written after each epoch anyway.
    public var checkpointInterval: Double

    /// A plan with the given settings.
    public init(
        epochs: Int, batchSize: Int = 128, dropsIncompleteBatch: Bool = false, seed: UInt64 = 0,
        schedule: Schedule = .constant,
        clipping: GradientClipping? = nil, earlyStopping: EarlyStopping? = nil,
        averageDecay: Double? = nil, checkpointInterval: Double = 30
    ) {
        self.epochs = epochs
        self.batchSize = batchSize
        self.dropsIncompleteBatch = dropsIncompleteBatch
        self.seed = seed
        self.schedule = schedule
        self.clipping = clipping
        self.earlyStopping = earlyStopping
        self.averageDecay = averageDecay
        self.checkpointInterval = checkpointInterval
    }

    /// The number of samples, out of `count`, that an epoch uses: at least a batch, or all.
    func samplesPerEpoch(of count: Int) -> Int {
        dropsIncompleteBatch && count > batchSize ? count - count % batchSize : count
    }
}

/// Ends training when a metric on held-out data has not improved for some epochs, and keeps the
/// model of the best epoch.
public struct EarlyStopping: Sendable, Hashable {
    /// Whether lower or higher values are better.
    public enum Direction: Sendable, Hashable { case lower, higher }

    /// The name of the metric.
    public var metric: String
    /// Whether lower or higher values are better.
    public var better: Direction
    /// The number of epochs without improvement after which training ends.
    public var patience: Int

    /// Stops after `patience` epochs without improvement of the metric.
    public init(metric: String = "loss", better: Direction = .lower, patience: Int) {
        self.metric = metric
        self.better = better
        self.patience = patience
    }

    func isBetter(_ value: Double, than best: Double) -> Bool {
        better == .lower ? value < best : value > best
    }
}
