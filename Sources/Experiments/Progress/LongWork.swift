/// Work that takes a while: told of as it goes on, and ended by Ctrl-C in good order.
final class LongWork {
    private let interrupt = Interrupt()
    private let isQuiet: Bool
    private var reporter: ProgressReporter
    private var title = ""
    /// What is said where Ctrl-C ends the work.
    var farewell = "interrupted; nothing was written"

    init(quiet: Bool) {
        isQuiet = quiet
        reporter = ProgressReporter.standardError(quiet: quiet)
    }

    /// A part of the work begins.
    func begin(_ title: String) {
        reporter.end()
        reporter = ProgressReporter.standardError(quiet: isQuiet)
        self.title = title
        show(0, [])
    }

    /// A part has come so far, from 0 to 1. Throws where Ctrl-C was pressed.
    func tell(_ fraction: Double, _ terms: [ProgressTerm] = []) throws(Interruption) {
        try endIfInterrupted()
        show(fraction, terms)
    }

    /// What was worked for is there, and is written now: all of it, as from here on Ctrl-C waits.
    /// Throws where it was pressed before.
    func conclude() throws(Interruption) {
        try endIfInterrupted()
        reporter.end()
    }

    private func endIfInterrupted() throws(Interruption) {
        if let signal = interrupt.signal {
            throw Interruption(signal: signal, description: farewell)
        }
    }

    private func show(_ fraction: Double, _ terms: [ProgressTerm]) {
        reporter.update(
            ProgressState(
                title: title, epoch: 1, epochs: 1, samples: Int(1000 * min(max(0, fraction), 1)),
                samplesPerEpoch: 1000, terms: terms))
    }

    /// A lasting line.
    func note(_ text: String) { reporter.note(text) }

    /// To be called however the work ends.
    func end() {
        reporter.end()
        interrupt.end()
    }
}
