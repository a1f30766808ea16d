import Autograd

/// How long and in which way a model is trained.
public struct TrainingPlan: Sendable {
    /// How often every sample is seen. With 0 the model is evaluated and left as it is.
    public var epochs: Int
    /// Samples a step; the last batch of an epoch holds what is left.
    public var batchSize: Int
    /// Whether the last batch is left out instead, where it is smaller than the others: each epoch
    /// then misses other samples. Layers that compare the samples of a batch, such as
    /// ``BatchNormalization``, cannot learn from a single one.
    public var dropsIncompleteBatch: Bool
    /// Determines the order of the samples and all that layers and latents draw.
    public var seed: UInt64
    /// The factor of the learning rate by step.
    public var schedule: Schedule
    /// Whether and how gradients are kept small.
    public var clipping: GradientClipping?
    /// Whether to stop when a metric on held-out data gets no better.
    public var earlyStopping: EarlyStopping?
    /// Where given, the model that is evaluated and kept is a moving average with this decay.
    public var averageDecay: Double?
    /// Seconds between checkpoints within an epoch; one is written after each epoch anyway.
    public var checkpointInterval: Double

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

    /// How many of so many samples an epoch trains on: at least a batch, or all there are.
    func samplesPerEpoch(of count: Int) -> Int {
        dropsIncompleteBatch && count > batchSize ? count - count % batchSize : count
    }
}

/// Ends training when a metric on held-out data has got no better for some epochs; what remains
/// is the model of the best epoch.
public struct EarlyStopping: Sendable, Hashable {
    public enum Direction: Sendable, Hashable { case lower, higher }

    /// The metric's name.
    public var metric: String
    /// Which of two values is the better one.
    public var better: Direction
    /// After how many epochs without a better value training ends.
    public var patience: Int

    public init(metric: String = "loss", better: Direction = .lower, patience: Int) {
        self.metric = metric
        self.better = better
        self.patience = patience
    }

    func isBetter(_ value: Double, than best: Double) -> Bool {
        better == .lower ? value < best : value > best
    }
}
