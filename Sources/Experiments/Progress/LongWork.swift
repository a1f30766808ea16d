import Datasets
import Models

/// The work of a command: reports progress on standard error, and stops in an orderly way on
/// Ctrl-C.
final class LongWork {
    private let interrupt = Interrupt()
    private let isQuiet: Bool
    private var reporter: ProgressReporter
    /// The title of the current work; nil during training.
    private var title: String?
    /// The run in training, if there are several.
    private var run: String?
    /// The model in training, if there are several.
    private var model: String?
    /// The last progress of the current training.
    private var training: TrainingProgress?
    private let command: String?
    /// The state of the work, for the message on Ctrl-C.
    var state = "interrupted"

    /// - Parameter command: the command that resumes the work; nil if nothing is kept.
    init(quiet: Bool, resumedBy command: String? = nil) {
        isQuiet = quiet
        self.command = command
        reporter = ProgressReporter.standardError(quiet: quiet)
    }

    /// The monitor to pass to the libraries.
    var monitor: ProgressMonitor<Interruption> {
        ProgressMonitor(
            report: { [self] in tell($0) },
            check: { [self] () throws(Interruption) in try endIfInterrupted() })
    }

    /// Starts a part of the work.
    func begin(_ title: String) { tell(.begun(title)) }

    /// Starts the training of one of several runs.
    func begin(run title: String) {
        reporter.end()
        // Its speed is not that of the last one.
        reporter = ProgressReporter.standardError(quiet: isQuiet)
        (run, model, self.title, training) = (title, nil, nil, nil)
        state = "interrupted"
        note(title)
    }

    /// Prints a line that stays.
    func note(_ text: String) { tell(.note(text)) }

    /// Writes a warning, which is not progress.
    func complain(_ text: String) {
        reporter.end()
        Program.complain(text)
    }

    /// To be called before the results are written: from here on Ctrl-C waits, so that all of them
    /// are written. Throws if it was pressed before.
    func conclude() throws(Interruption) {
        try endIfInterrupted()
        reporter.end()
    }

    /// To be called at the end of the work, whether it succeeds or fails.
    func end() {
        reporter.end()
        interrupt.end()
    }

    private func endIfInterrupted() throws(Interruption) {
        guard let signal = interrupt.signal else { return }
        let next = command.map { "to resume: \($0)" } ?? "nothing was written"
        let place = run.map { "\($0): " } ?? ""
        throw Interruption(signal: signal, description: "\(place)\(state); \(next)")
    }

    private func tell(_ event: ProgressEvent) {
        switch event {
        case .begun(let title):
            reporter.end()
            reporter = ProgressReporter.standardError(quiet: isQuiet)
            (self.title, model) = (title, nil)
            if training != nil { state = "interrupted after training, before writing all results" }
            show(0, [])
        case .advanced(let fraction, let quantities): show(fraction, quantities)
        case .training(let name): model = name
        case .batch(let progress):
            (training, title) = (progress, nil)
            state = interrupted(after: progress.epoch - 1, of: progress.epochs)
            reporter.update(ProgressState(progress))
        case .epoch(let record):
            let epochs = training?.epochs ?? record.epoch
            state = interrupted(after: record.epoch, of: epochs)
            reporter.finish(
                EpochSummary(record, of: epochs, samples: training?.samplesPerEpoch ?? 0))
        case .note(let text): reporter.note(text)
        }
    }

    private func interrupted(after done: Int, of epochs: Int) -> String {
        "interrupted after \(done) of \(epochs) \(epochs == 1 ? "epoch" : "epochs")"
            + (model.map { " of \($0)" } ?? "")
    }

    private func show(_ fraction: Double, _ quantities: [(name: String, value: Double)]) {
        // Evaluation during training is not shown separately.
        guard let title else { return }
        reporter.update(
            ProgressState(
                title: title, epoch: 1, epochs: 1,
                // Sound: between 0 and 1000.
                samples: Int(1000 * (fraction.isNaN ? 0 : min(max(0, fraction), 1))),
                samplesPerEpoch: 1000,
                terms: quantities.map { ProgressTerm(name: $0.name, value: $0.value) }))
    }
}

extension ProgressState {
    fileprivate init(_ progress: TrainingProgress) {
        let means = Dictionary(progress.means.map { ($0.name, $0.value) }) { first, _ in first }
        self.init(
            epoch: progress.epoch, epochs: progress.epochs, samples: progress.samples,
            samplesPerEpoch: progress.samplesPerEpoch, terms: Metrics.terms(means),
            samplesPerSecond: progress.samplesPerSecond)
    }
}

extension EpochSummary {
    fileprivate init(_ record: EpochRecord, of epochs: Int, samples: Int) {
        self.init(
            epoch: record.epoch, epochs: epochs, terms: Metrics.terms(record.training),
            heldOut: record.heldOut["loss"].map { [ProgressTerm(name: "loss", value: $0)] } ?? [],
            samplesPerSecond: samples > 0 && record.seconds > 0
                ? Double(samples) / record.seconds : nil,
            seconds: record.seconds)
    }
}
