/// The results of an epoch: one line of `metrics.jsonl`.
public struct EpochRecord: Codable, Hashable, Sendable {
    /// From 1; 0 for the model before its first epoch.
    public var epoch: Int
    /// The number of parameter updates so far.
    public var step: Int
    /// The learning rate of the epoch's last step; nil if there was none.
    public var learningRate: Double?
    /// Means over the epoch's samples, each with the parameters at its step: `loss` and the terms
    /// of the objective by name.
    public var training: [String: Double]
    /// Means over the held-out samples; in addition `squaredError` and, if the objective bounds it,
    /// `elbo`.
    public var heldOut: [String: Double]
    /// The same for the samples of early stopping, if these are different ones.
    public var validation: [String: Double]?
    /// The time of the epoch's steps in seconds, without the evaluation, since it began or was
    /// resumed; 0 if not known.
    public var seconds: Double

    /// A record with the given results.
    public init(
        epoch: Int, step: Int, learningRate: Double?, training: [String: Double],
        heldOut: [String: Double], validation: [String: Double]? = nil, seconds: Double
    ) {
        self.epoch = epoch
        self.step = step
        self.learningRate = learningRate
        self.training = training
        self.heldOut = heldOut
        self.validation = validation
        self.seconds = seconds
    }
}
