/// What long work tells while it goes on, and asks whether it is to end: the one way in which
/// trainings, evaluations, maps, searches for neighbours and commands do so.
///
/// ```swift
/// let monitor = ProgressMonitor(isCancelled: { button.isPressed }) { event in
///     if case .epoch(let record) = event { print(record.epoch, record.heldOut) }
/// }
/// try trainer.train(on: samples, monitor: monitor)          // throws CancellationError
/// let map = try TSNE().map(codes, monitor: monitor)
/// let same = TSNE().map(codes)                              // silent: nothing to try
/// ```
///
/// Work is told to end by an error of the monitor's own, which it passes on: so where `Failure` is
/// `Never`, work that can fail for no other reason does not throw.
public struct ProgressMonitor<Failure: Error> {
    private let receive: (ProgressEvent) -> Void
    private let check: () throws(Failure) -> Void

    /// - Parameters:
    ///   - report: told of each event.
    ///   - check: asked where work begins, and again and again; what it throws ends the work.
    public init(
        report: @escaping (ProgressEvent) -> Void = { _ in },
        check: @escaping () throws(Failure) -> Void
    ) {
        receive = report
        self.check = check
    }

    /// Tells of an event. Throws where the work is to end.
    public func report(_ event: ProgressEvent) throws(Failure) {
        tell(event)
        try check()
    }

    /// Tells of an event, where it is not the time to end.
    public func tell(_ event: ProgressEvent) { receive(event) }

    /// Tells which part of the work is done, from 0 to 1, and what it has come to by name.
    public func advance(
        to fraction: Double, _ quantities: [(name: String, value: Double)] = []
    ) throws(Failure) {
        try report(.advanced(fraction, quantities: quantities))
    }

    /// Throws where the work is to end.
    public func checkCancellation() throws(Failure) { try check() }

    /// The monitor of work that is a part of a whole: what it tells as 0 to 1 is told as that part.
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
    /// Tells nobody, and ends nothing.
    public static var silent: Self { Self(check: {}) }

    /// Tells, and ends nothing.
    public init(report: @escaping (ProgressEvent) -> Void) {
        self.init(report: report, check: {})
    }
}

extension ProgressMonitor where Failure == CancellationError {
    /// - Parameter isCancelled: where it says yes, `CancellationError` is thrown.
    public init(
        isCancelled: @escaping () -> Bool, report: @escaping (ProgressEvent) -> Void = { _ in }
    ) {
        self.init(report: report) { () throws(CancellationError) in
            if isCancelled() { throw CancellationError() }
        }
    }
}

/// What long work tells while it goes on.
public enum ProgressEvent: Sendable {
    /// A part of the work begins: what it is called.
    case begun(String)
    /// So much of that part is done, from 0 to 1, and what it has come to so far, by name.
    case advanced(Double, quantities: [(name: String, value: Double)])
    /// A batch of a training is done.
    case batch(TrainingProgress)
    /// An epoch of a training is done and evaluated, and its checkpoint written.
    case epoch(EpochRecord)
    /// Something that is worth a line of its own.
    case note(String)
}
