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
    /// The same of the samples that early stopping watches, where those are others.
    public var validation: [String: Double]?
    /// The time of the epoch's steps, without the evaluation, since it began or was resumed; 0
    /// where it is not known.
    public var seconds: Double

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
