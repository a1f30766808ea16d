/// How a training run came to its end.
public enum TrainingOutcome: Sendable, Hashable {
    /// All epochs are done.
    case completed
    /// Early stopping ended it.
    case stoppedEarly
}
