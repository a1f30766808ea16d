/// Reports the progress of long work and can cancel it: used by all training, evaluations, maps,
/// searches for neighbours and commands.
///
/// ```swift
/// let monitor = ProgressMonitor(isCancelled: { button.isPressed }) { event in
///     if case .epoch(let record) = event { print(record.epoch, record.heldOut) }
/// }
/// try trainer.train(on: samples, monitor: monitor)          // throws CancellationError
/// let map = try TSNE().map(codes, monitor: monitor)
/// let same = TSNE().map(codes)                              // silent: does not throw
/// ```
///
/// Work is cancelled by an error that the monitor throws and the work passes on: if `Failure` is
/// `Never`, work that cannot fail for other reasons does not throw.
public struct ProgressMonitor<Failure: Error> {
    private let receive: (ProgressEvent) -> Void
    private let check: () throws(Failure) -> Void

    /// - Parameters:
    ///   - report: called with each event.
    ///   - check: called when work begins and regularly after that; an error that it throws ends
    ///     the work.
    public init(
        report: @escaping (ProgressEvent) -> Void = { _ in },
        check: @escaping () throws(Failure) -> Void
    ) {
        receive = report
        self.check = check
    }

    /// Reports an event. Throws if the work is to end.
    public func report(_ event: ProgressEvent) throws(Failure) {
        tell(event)
        try check()
    }

    /// Reports an event without checking for cancellation.
    public func tell(_ event: ProgressEvent) { receive(event) }

    /// Reports the fraction of the work that is done, from 0 to 1, and named intermediate results.
    public func advance(
        to fraction: Double, _ quantities: [(name: String, value: Double)] = []
    ) throws(Failure) {
        try report(.advanced(fraction, quantities: quantities))
    }

    /// Throws if the work is to end.
    public func checkCancellation() throws(Failure) { try check() }

    /// The monitor for a part of the work: its fractions from 0 to 1 are mapped to that part.
    public func part(_ part: ClosedRange<Double>) -> Self {
        let (receive, length) = (receive, part.upperBound - part.lowerBound)
        return Self(
            report: { event in
                guard case .advanced(let fraction, let quantities) = event else {
                    return receive(event)
                }
                receive(.advanced(part.lowerBound + fraction * length, quantities: quantities))
            }, check: check)
    }
}

extension ProgressMonitor where Failure == Never {
    /// Without progress reporting or cancellation.
    public static var silent: Self { Self(check: {}) }

    /// Reports progress without cancellation.
    public init(report: @escaping (ProgressEvent) -> Void) {
        self.init(report: report, check: {})
    }
}

extension ProgressMonitor where Failure == CancellationError {
    /// - Parameter isCancelled: if it returns true, `CancellationError` is thrown.
    public init(
        isCancelled: @escaping () -> Bool, report: @escaping (ProgressEvent) -> Void = { _ in }
    ) {
        self.init(report: report) { () throws(CancellationError) in
            if isCancelled() { throw CancellationError() }
        }
    }
}

/// Events of long work.
public enum ProgressEvent: Sendable {
    /// A part of the work begins; its name.
    case begun(String)
    /// The fraction of that part that is done, from 0 to 1, and named intermediate results.
    case advanced(Double, quantities: [(name: String, value: Double)])
    /// The training of one of several models begins; its name in a sentence: "the whole model".
    case training(String)
    /// A batch of a training is done.
    case batch(TrainingProgress)
    /// An epoch of a training is done and evaluated, and its checkpoint has been written.
    case epoch(EpochRecord)
    /// A message worth a line of its own.
    case note(String)
}
