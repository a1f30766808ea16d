import Datasets
import Models

/// The work of a command: told on standard error as it goes on, and ended by Ctrl-C in good order.
final class LongWork {
    private let interrupt = Interrupt()
    private let isQuiet: Bool
    private var reporter: ProgressReporter
    /// Of what is under way, where it is no training.
    private var title: String?
    /// The training under way, as it was told of last.
    private var training: TrainingProgress?
    private let command: String?
    /// How far the work has come, as it is said where Ctrl-C ends it.
    var state = "interrupted"

    /// - Parameter command: by which the work can be gone on with; nil where nothing of it is kept.
    init(quiet: Bool, resumedBy command: String? = nil) {
        isQuiet = quiet
        self.command = command
        reporter = ProgressReporter.standardError(quiet: quiet)
    }

    /// For what the libraries do for the command.
    var monitor: ProgressMonitor<Interruption> {
        ProgressMonitor(
            report: { [self] in tell($0) },
            check: { [self] () throws(Interruption) in try endIfInterrupted() })
    }

    /// A part of the work begins.
    func begin(_ title: String) { tell(.begun(title)) }

    /// A lasting line.
    func note(_ text: String) { tell(.note(text)) }

    /// What was worked for is there, and is written now: all of it, as from here on Ctrl-C waits.
    /// Throws where it was pressed before.
    func conclude() throws(Interruption) {
        try endIfInterrupted()
        reporter.end()
    }

    /// To be called however the work ends.
    func end() {
        reporter.end()
        interrupt.end()
    }

    private func endIfInterrupted() throws(Interruption) {
        guard let signal = interrupt.signal else { return }
        let next = command.map { "to go on: \($0)" } ?? "nothing was written"
        throw Interruption(signal: signal, description: "\(state); \(next)")
    }

    private func tell(_ event: ProgressEvent) {
        switch event {
        case .begun(let title):
            reporter.end()
            reporter = ProgressReporter.standardError(quiet: isQuiet)
            self.title = title
            if training != nil { state = "interrupted after training, before all was written" }
            show(0, [])
        case .advanced(let fraction, let quantities): show(fraction, quantities)
        case .batch(let progress):
            (training, title) = (progress, nil)
            state = "interrupted after \(progress.epoch - 1) of \(progress.epochs) epochs"
            reporter.update(ProgressState(progress))
        case .epoch(let record):
            let epochs = training?.epochs ?? record.epoch
            state = "interrupted after \(record.epoch) of \(epochs) epochs"
            reporter.finish(
                EpochSummary(record, of: epochs, samples: training?.samplesPerEpoch ?? 0))
        case .note(let text): reporter.note(text)
        }
    }

    private func show(_ fraction: Double, _ quantities: [(name: String, value: Double)]) {
        // The evaluations of a training are not told apart.
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
