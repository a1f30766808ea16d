import Datasets
import Models

/// What is told how the training of a run goes on, and asked whether it is to go on.
struct TrainingListener {
    /// Takes a line on what comes now.
    var note: (String) -> Void = { _ in }
    /// Takes what happens in training of so many epochs on so many samples.
    var report: (_ event: TrainingEvent, _ epochs: Int, _ samples: Int) -> Void = { _, _, _ in }
    var isCancelled: () -> Bool = { false }
    /// What is thrown where it was cancelled, of a few words on how far it had come.
    var cancellation: (_ state: String) -> any Error = { _ in CancellationError() }

    /// Throws where it is not to go on.
    func goOn(_ state: String = "interrupted after training, before all was written") throws {
        if isCancelled() { throw cancellation(state) }
    }
}

extension TrainingListener {
    /// The command's own: tells on standard error, and stops in good order when a signal comes.
    init(_ reporter: TrainingReporter, of run: Run) {
        let interrupt = Interrupt()
        let command = ["tapestry", "train", run.configuration.recipe, "--resume", "--output"]
        self.init(
            note: { reporter.progress.note($0) },
            report: { event, epochs, samples in
                switch event {
                case .batch(let progress): reporter.progress.update(ProgressState(progress))
                case .epoch(let record):
                    reporter.progress.finish(EpochSummary(record, of: epochs, samples: samples))
                }
            },
            isCancelled: { interrupt.signal != nil },
            cancellation: { state in
                Interruption(
                    signal: interrupt.signal ?? 0,
                    description: "\(state); to go on: "
                        + (command + [shellWord(run.path)]).joined(separator: " "))
            })
    }
}

/// The line of progress of a training.
final class TrainingReporter {
    fileprivate var progress: ProgressReporter

    init(quiet: Bool) { progress = .standardError(quiet: quiet) }

    /// Leaves the terminal as it was.
    func end() { progress.end() }
}

extension ProgressState {
    init(_ progress: TrainingProgress) {
        let means = Dictionary(progress.means.map { ($0.name, $0.value) }) { first, _ in first }
        self.init(
            epoch: progress.epoch, epochs: progress.epochs, samples: progress.samples,
            samplesPerEpoch: progress.samplesPerEpoch, terms: Metrics.terms(means),
            samplesPerSecond: progress.samplesPerSecond)
    }
}

extension EpochSummary {
    init(_ record: EpochRecord, of epochs: Int, samples: Int) {
        self.init(
            epoch: record.epoch, epochs: epochs, terms: Metrics.terms(record.training),
            heldOut: record.heldOut["loss"].map { [ProgressTerm(name: "loss", value: $0)] } ?? [],
            samplesPerSecond: record.seconds > 0 ? Double(samples) / record.seconds : nil,
            seconds: record.seconds)
    }
}
