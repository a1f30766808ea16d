/// How a training run ended.
public enum TrainingOutcome: Sendable, Hashable {
    /// All epochs are complete.
    case completed
    /// Early stopping ended it.
    case stoppedEarly
}
